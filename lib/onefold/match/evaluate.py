"""How right the entities are: pairwise and B-cubed precision, recall and F1 against a truth file.

Pairs are counted from the contingency of entities and truth clusters (n(n-1)/2 of every count), never made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.labelled_truth import LabelledEvaluation, evaluate_labelled, is_labelled
from onefold.match.truth import Truth, read_truth

__all__ = ["Evaluation", "Measures", "Score", "evaluate"]


@dataclass(frozen=True)
class Measures:
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0

    def as_dict(self) -> dict[str, float]:
        """Return the three measures by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True)
class Score:
    """The measures of one set of records, with how many records and entities it has."""

    pairwise: Measures
    bcubed: Measures
    records: int
    entities: int

    def as_dict(self) -> dict[str, Any]:
        """Return the score as plain numbers for JSON."""
        return {
            "pairwise": self.pairwise.as_dict(),
            "bcubed": self.bcubed.as_dict(),
            "records": self.records,
            "entities": self.entities,
        }


@dataclass(frozen=True)
class Evaluation:
    """The scores of all records and of each entity type, and what could not be scored.

    `unmatched_truth` counts truth rows whose record is not in the entity map; `not_in_truth` counts records of the map that
    a truth of clusters does not name. Both are left out of the scores.
    """

    overall: Score
    person: Score | None
    company: Score | None
    unmatched_truth: int
    not_in_truth: int

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as one JSON object: overall, person, company (null when there is none)."""
        named = {"overall": self.overall, "person": self.person, "company": self.company}
        return {name: None if score is None else score.as_dict() for name, score in named.items()}

    def text(self) -> str:
        """Return the scores as a small table, and what was left out."""
        lines = [f"{'':<10}{'records':>9}{'entities':>10}   pairwise P / R / F1         B-cubed P / R / F1"]
        for name, score in (("overall", self.overall), ("person", self.person), ("company", self.company)):
            if score is not None:
                pair, cubed = score.pairwise, score.bcubed
                lines.append(
                    f"{name:<10}{score.records:>9,}{score.entities:>10,}   "
                    f"{pair.precision:.4f} / {pair.recall:.4f} / {pair.f1:.4f}    "
                    f"{cubed.precision:.4f} / {cubed.recall:.4f} / {cubed.f1:.4f}"
                )
        if self.unmatched_truth:
            lines.append(f"{self.unmatched_truth:,} truth rows name a record that is not in the entity map; left out")
        if self.not_in_truth:
            lines.append(f"{self.not_in_truth:,} records are not in the truth; left out")
        return "\n".join(lines)


def evaluate(entity_map: DataFrame, truth: DataFrame) -> Evaluation | LabelledEvaluation:
    """Return how well the entities agree with the truth.

    Args:
        entity_map: `record_id`, `source_key`, `entity_type`, `customer_id`.
        truth: `record_id`, `cluster_id`, or `left_id`, `right_id`, where a `label` says that only these pairs are judged;
            ids are `source:key`, or a key that only one source has.

    Raises:
        DataContractError: when the truth has other columns, is empty for this map, or an id fits records of two sources.
    """
    if is_labelled(truth):
        return evaluate_labelled(entity_map, truth)
    known = read_truth(entity_map, truth)
    rows = _scored(_cells(known.clusters))
    if not rows:
        raise DataContractError(
            f"no truth row joins a record of the entity map ({known.unmatched:,} rows tried)",
            hint="truth ids are source:key, or the source's own key",
        )
    pairs = _pair_counts(known)
    scores = {kind: _score(row, pairs.get(kind)) for kind, row in rows.items()}
    return Evaluation(scores["overall"], scores.get("person"), scores.get("company"), known.unmatched, known.left_out)


def _cells(clusters: DataFrame) -> DataFrame:
    """Return the contingency of truth clusters and entities, each cell with the sizes of its row and column."""
    cells = clusters.groupBy("entity_type", "cluster_id", "customer_id").agg(F.count("*").cast("double").alias("n"))
    return cells.select(
        "entity_type",
        "cluster_id",
        "customer_id",
        "n",
        F.sum("n").over(Window.partitionBy("customer_id")).alias("of_customer"),
        F.sum("n").over(Window.partitionBy("cluster_id")).alias("of_cluster"),
        F.sum("n").over(Window.partitionBy("cluster_id", "entity_type")).alias("of_typed_cluster"),
    )


def _scored(cells: DataFrame) -> dict[str, dict[str, float]]:
    """Return the sums behind the measures, for all records and for each entity type."""
    kinds = cells.select("*", F.explode(F.array(F.lit("overall"), F.col("entity_type"))).alias("kind"))
    cluster = F.when(F.col("kind") == "overall", F.col("of_cluster")).otherwise(F.col("of_typed_cluster"))
    n, customer = F.col("n"), F.col("of_customer")
    summed = kinds.groupBy("kind").agg(
        F.sum(n).alias("records"),
        F.sum(n / customer).alias("entities"),
        F.sum(n * (n - 1) / 2).alias("both"),
        F.sum(n * (customer - 1) / 2).alias("predicted"),
        F.sum(n * (cluster - 1) / 2).alias("true"),
        F.sum(n * n / customer).alias("cubed_precision"),
        F.sum(n * n / cluster).alias("cubed_recall"),
    )
    return {str(row["kind"]): {str(k): float(v) for k, v in row.items() if k != "kind"} for row in _records(summed)}


def _records(small: DataFrame) -> list[dict[str, Any]]:
    # bounded: a row for all records and one an entity type
    return [{str(k): v for k, v in row.items()} for row in small.toPandas().to_dict("records")]


def _pair_counts(truth: Truth) -> dict[str, tuple[float, float]]:
    """Return (found, true) pairs for all records and each entity type, for a truth of pairs; nothing otherwise."""
    if truth.pairs is None:
        return {}
    same = (F.col("customer_l") == F.col("customer_r")).cast("double")
    one_type = F.when(F.col("type_l") == F.col("type_r"), F.col("type_l"))
    kinds = truth.pairs.select(same.alias("found"), F.explode(F.array(F.lit("overall"), one_type)).alias("kind"))
    counted = (
        kinds.where(F.col("kind").isNotNull()).groupBy("kind").agg(F.sum("found").alias("found"), F.count("*").alias("true"))
    )
    return {str(row["kind"]): (float(row["found"]), float(row["true"])) for row in _records(counted)}


def _score(row: dict[str, float], pairs: tuple[float, float] | None) -> Score:
    both, true = (row["both"], row["true"]) if pairs is None else pairs
    records = row["records"]
    return Score(
        pairwise=Measures(_share(both, row["predicted"]), _share(both, true)),
        bcubed=Measures(row["cubed_precision"] / records, row["cubed_recall"] / records),
        records=round(records),
        entities=round(row["entities"]),
    )


def _share(part: float, whole: float) -> float:
    """Return part of whole; of nothing, all was right."""
    return part / whole if whole else 1.0
