"""Scores the entities on labelled pairs alone: pairs of two records that are said to be one customer, or not to be.

Nothing is said of other pairs, so they are neither right nor wrong, and B-cubed, which needs the whole of every cluster,
is not given. A pair is found when both records are in one entity, however they came there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.truth import identities

__all__ = ["LabelledEvaluation", "LabelledScore", "evaluate_labelled", "is_labelled"]

_YES, _NO = ("1", "true", "t", "yes", "y", "match"), ("0", "false", "f", "no", "n", "nonmatch", "non-match")


@dataclass(frozen=True)
class LabelledScore:
    """Counts of the labelled pairs of one kind of record: found and true, found and false, true and not found."""

    right: int
    wrong: int
    missed: int
    refused: int
    records: int
    entities: int

    def as_dict(self) -> dict[str, Any]:
        """Return the score in the shape of a whole truth's; `bcubed` is null."""
        found, true = self.right + self.wrong, self.right + self.missed
        precision, recall = self.right / found if found else 1.0, self.right / true if true else 1.0
        both = precision + recall
        measures = {"precision": precision, "recall": recall, "f1": 2.0 * precision * recall / both if both else 0.0}
        counts = {"right": self.right, "wrong": self.wrong, "missed": self.missed, "refused": self.refused}
        sizes = {"records": self.records, "entities": self.entities}
        return {"pairwise": measures, "bcubed": None, "labelled_pairs": counts, **sizes}


@dataclass(frozen=True)
class LabelledEvaluation:
    """The scores of all labelled pairs and of those of one entity type, and how many rows name a record that is not there."""

    overall: LabelledScore
    person: LabelledScore | None
    company: LabelledScore | None
    unmatched_truth: int

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as one JSON object: overall, person, company (null when there is none)."""
        named = {"overall": self.overall, "person": self.person, "company": self.company}
        return {name: None if score is None else score.as_dict() for name, score in named.items()}

    def text(self) -> str:
        """Return the scores as a small table, and what was left out."""
        lines = [f"{'labelled pairs':<16}{'right':>8}{'wrong':>8}{'missed':>8}{'refused':>9}   pairwise P / R / F1"]
        for name, score in (("overall", self.overall), ("person", self.person), ("company", self.company)):
            if score is not None:
                counts = f"{score.right:>8,}{score.wrong:>8,}{score.missed:>8,}{score.refused:>9,}"
                pair = score.as_dict()["pairwise"]
                lines.append(f"{name:<16}{counts}   {pair['precision']:.4f} / {pair['recall']:.4f} / {pair['f1']:.4f}")
        if self.unmatched_truth:
            lines.append(f"{self.unmatched_truth:,} truth rows name a record that is not in the entity map; left out")
        return "\n".join(lines)


def is_labelled(truth: DataFrame) -> bool:
    """Tell whether a truth is one of labelled pairs: `left_id`, `right_id`, `label`."""
    return {"left_id", "right_id", "label"} <= set(truth.columns)


def evaluate_labelled(entity_map: DataFrame, truth: DataFrame) -> LabelledEvaluation:
    """Return how well the entities agree with labelled pairs.

    Args:
        entity_map: `record_id`, `source_key`, `entity_type`, `customer_id`.
        truth: `left_id`, `right_id`, `label` (1, true, yes or match; 0, false, no or nonmatch).

    Raises:
        DataContractError: when a label is none of these, an id fits records of two sources, a pair has both labels, or no
            row joins.
    """
    joined = _joined(entity_map, truth)
    there = F.col("l").isNotNull() & F.col("r").isNotNull()
    pairs = (
        joined.where(there & F.col("same").isNotNull())
        .groupBy("a", "b")
        .agg(
            F.min("same").alias("same"),
            F.max("same").alias("most"),
            F.first("found").alias("found"),
            F.first("kind").alias("kind"),
        )
    )
    problems = joined.agg(
        F.count(F.when(F.col("same").isNull(), 1)).alias("unread"),
        F.count(F.when(~there, 1)).alias("unmatched"),
        F.count(F.when(F.greatest("found_l", "found_r") > 1, 1)).alias("ambiguous"),
    )
    contradicted = pairs.agg(F.count(F.when(F.col("same") != F.col("most"), 1)).alias("both"), F.count("*").alias("pairs"))
    # bounded: a single row of counts
    counts = problems.crossJoin(contradicted).toPandas().iloc[0]
    _refuse({str(name): int(value) for name, value in counts.items()})
    scores = _scores(pairs, joined.where(there))
    return LabelledEvaluation(scores["overall"], scores.get("person"), scores.get("company"), int(counts["unmatched"]))


def _joined(entity_map: DataFrame, truth: DataFrame) -> DataFrame:
    """Return the rows of the truth with both records, in an order of their own, and whether they are one entity."""
    known = identities(entity_map)
    sides = {
        side: known.select(
            F.col("id").alias(name),
            F.col("found").alias(f"found_{side}"),
            F.col("record_id").alias(side),
            F.col("entity_type").alias(f"type_{side}"),
            F.col("customer_id").alias(f"customer_{side}"),
        )
        for side, name in (("l", "left_id"), ("r", "right_id"))
    }
    wanted = truth.select(F.col("left_id").cast("string"), F.col("right_id").cast("string"), _read("label").alias("same"))
    joined = wanted.join(sides["l"], on="left_id", how="left").join(sides["r"], on="right_id", how="left")
    one_type = F.when(F.col("type_l") == F.col("type_r"), F.col("type_l"))
    return joined.select(
        "*",
        F.least("l", "r").alias("a"),
        F.greatest("l", "r").alias("b"),
        (F.col("customer_l") == F.col("customer_r")).alias("found"),
        one_type.alias("kind"),
    )


def _read(label: str) -> Column:
    text = F.lower(F.trim(F.col(label).cast("string")))
    return F.when(text.isin(*_YES), F.lit(True)).when(text.isin(*_NO), F.lit(False))


def _refuse(counts: dict[str, int]) -> None:
    if counts["unread"]:
        raise DataContractError(
            f"{counts['unread']:,} rows of the truth have a label that is neither yes nor no",
            hint=f"write one of {', '.join(_YES)} or one of {', '.join(_NO)}",
        )
    if counts["ambiguous"]:
        raise DataContractError(
            f"{counts['ambiguous']:,} truth rows have an id that fits records of more than one source",
            hint="write them as source:key in the truth",
        )
    if counts["both"]:
        raise DataContractError(f"{counts['both']:,} pairs of the truth are labelled both ways", hint="keep one label a pair")
    if not counts["pairs"]:
        raise DataContractError(
            f"no truth row joins two records of the entity map ({counts['unmatched']:,} rows tried)",
            hint="truth ids are source:key, or the source's own key",
        )


def _scores(pairs: DataFrame, joined: DataFrame) -> dict[str, LabelledScore]:
    of_kinds = F.explode(F.array(F.lit("overall"), F.col("kind"))).alias("of")
    counted = (
        pairs.select("same", "found", of_kinds)
        .where(F.col("of").isNotNull())
        .groupBy("of")
        .agg(
            F.count(F.when(F.col("same") & F.col("found"), 1)).alias("right"),
            F.count(F.when(~F.col("same") & F.col("found"), 1)).alias("wrong"),
            F.count(F.when(F.col("same") & ~F.col("found"), 1)).alias("missed"),
            F.count(F.when(~F.col("same") & ~F.col("found"), 1)).alias("refused"),
        )
    )
    left = joined.select(F.col("l").alias("record"), F.col("customer_l").alias("customer"), F.col("type_l").alias("kind"))
    right = joined.select(F.col("r").alias("record"), F.col("customer_r").alias("customer"), F.col("type_r").alias("kind"))
    named = (
        left.unionByName(right)
        .select("record", "customer", of_kinds)
        .groupBy("of")
        .agg(F.count_distinct("record").alias("records"), F.count_distinct("customer").alias("entities"))
    )
    # bounded: a row for all pairs and one an entity type
    rows = counted.join(named, on="of", how="inner").toPandas().to_dict("records")
    names = ("right", "wrong", "missed", "refused", "records", "entities")
    return {str(row["of"]): LabelledScore(*(int(row[name]) for name in names)) for row in rows}
