"""How right the entities are: pairwise, cluster-exact and B-cubed precision, recall and F1 against a truth file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.judge.measures import Measures, Score, moments_by_kind, score_of
from onefold.match.truth import Truth, read_truth

__all__ = ["Evaluation", "Measures", "Score", "evaluate", "evaluate_truth"]

_NAMES = (("pairwise", "pairwise"), ("cluster_exact", "cluster-exact"), ("bcubed", "B-cubed"))


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

    @property
    def scores(self) -> dict[str, Score]:
        """The scores that there are, by overall, person and company."""
        named = {"overall": self.overall, "person": self.person, "company": self.company}
        return {name: score for name, score in named.items() if score is not None}

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as one JSON object: overall, person, company (null when there is none)."""
        named = {"overall": self.overall, "person": self.person, "company": self.company}
        return {name: None if score is None else score.as_dict() for name, score in named.items()}

    def text(self) -> str:
        """Return the scores as a small table with 95 % intervals, and what was left out."""
        lines = [f"{'':<28}{'precision':<24}{'recall':<24}F1"]
        for name, score in self.scores.items():
            lines.append(f"{name}: {score.records:,} records, {score.entities:,} entities, {score.clusters:,} in truth")
            for attribute, title in _NAMES:
                measures: Measures = getattr(score, attribute)
                cells = (_cell(measures, figure) for figure in ("precision", "recall", "f1"))
                lines.append(f"  {title:<26}{''.join(f'{cell:<24}' for cell in cells)}".rstrip())
        lines.append("in brackets: 95 % intervals, truth clusters being what was sampled")
        if self.unmatched_truth:
            lines.append(f"{self.unmatched_truth:,} truth rows name a record that is not in the entity map; left out")
        if self.not_in_truth:
            lines.append(f"{self.not_in_truth:,} records are not in the truth; left out")
        return "\n".join(lines)


def _cell(measures: Measures, figure: str) -> str:
    low, high = measures.intervals[figure]
    return f"{getattr(measures, figure):.4f} [{low:.3f}, {high:.3f}]"


def evaluate(entity_map: DataFrame, truth: DataFrame) -> Evaluation:
    """Return how well the entities agree with the truth.

    Args:
        entity_map: `record_id`, `source_key`, `entity_type`, `customer_id`.
        truth: `record_id`, `cluster_id`, or `left_id`, `right_id`, where a `label` says that only these pairs are judged;
            ids are `source:key`, or a key that only one source has.

    Raises:
        DataContractError: when the truth has other columns, is empty for this map, or an id fits records of two sources.
    """
    return evaluate_truth(read_truth(entity_map, truth))


def evaluate_truth(known: Truth) -> Evaluation:
    """Return how well the entities agree with a truth that has been read.

    Raises:
        DataContractError: when no truth row joins a record.
    """
    moments = moments_by_kind(known.clusters)
    if not moments:
        raise DataContractError(
            f"no truth row joins a record of the entity map ({known.unmatched:,} rows tried)",
            hint="truth ids are source:key, or the source's own key",
        )
    pairs = _pair_counts(known)
    scores = {kind: score_of(each, pairs.get(kind)) for kind, each in moments.items()}
    return Evaluation(scores["overall"], scores.get("person"), scores.get("company"), known.unmatched, known.left_out)


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
    # bounded: a row for all records and one an entity type
    return {str(row["kind"]): (float(row["found"]), float(row["true"])) for row in counted.toPandas().to_dict("records")}
