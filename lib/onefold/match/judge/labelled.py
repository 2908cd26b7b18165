"""Precision and recall of the pairs that join, estimated from the answers that people gave to sampled pairs.

The stratified estimator: within a stratum of weight (and side of the threshold) every pair had the same chance to be
asked about, so that a stratum's share of matches is estimated by its answers and weighs by its pairs. A stratum without an
answer goes in with the share that the model expects, and the report says how much of the estimate rests on that. Only
answers to pairs drawn at random count here; those picked because they are informative would bias it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.match.judge.intervals import Interval, around
from onefold.match.judge.links import joining
from onefold.match.judge.strata import BOUNDS, Answered, Key, Stratum, stratum_name, stratum_number

__all__ = ["FromLabels", "answered_by_stratum", "from_labels"]


@dataclass(frozen=True)
class FromLabels:
    """Estimates with 95 % intervals, the answers behind them and the share of expected matches that no answer covers."""

    precision: float
    recall: float
    intervals: Mapping[str, Interval]
    labels: int
    assumed: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the estimates as plain numbers for JSON."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "intervals": {name: list(bounds) for name, bounds in self.intervals.items()},
            "labels": self.labels,
            "assumed": self.assumed,
        }


def answered_by_stratum(judged: DataFrame, pairs: DataFrame, thresholds: Mapping[str, float]) -> dict[Key, Answered]:
    """Count the usable answers to random pairs by entity type, stratum and side of the threshold, at the pairs' present weight.

    An answer whose pair has moved to another stratum since (the model was trained anew) is left out: its chance to be asked
    about was another.

    Args:
        judged: `party_id_l`, `party_id_r`, `is_match`, `stratum` of the answers to random pairs.
        pairs: match/pair.
        thresholds: least weight of a pair that joins, by entity type.
    """
    weighed = judged.join(
        pairs.select("party_id_l", "party_id_r", "entity_type", "match_weight"), on=["party_id_l", "party_id_r"], how="inner"
    )
    named = F.element_at(F.array(*(F.lit(stratum_name(i)) for i in range(len(BOUNDS) + 1))), stratum_number() + 1)
    same = weighed.where(F.col("stratum") == named)
    counted = same.groupBy("entity_type", stratum_number().alias("number"), joining(thresholds).alias("joins")).agg(
        F.count("*").alias("labels"), F.sum(F.col("is_match").cast("int")).alias("matches")
    )
    # bounded: a row for each stratum
    rows = counted.toPandas().to_dict("records")
    return {
        (str(r["entity_type"]), int(r["number"]), bool(r["joins"])): Answered(int(r["labels"]), int(r["matches"])) for r in rows
    }


def from_labels(strata: tuple[Stratum, ...], answered: Mapping[Key, Answered]) -> dict[str, FromLabels]:
    """Return the estimates of every entity type that has answers."""
    found = {}
    for kind in sorted({s.entity_type for s in strata}):
        own = [(s, answered.get((kind, s.number, s.joins), Answered(0, 0))) for s in strata if s.entity_type == kind]
        if any(a.labels for _, a in own):
            found[kind] = _estimate(own)
    return found


def _estimate(own: list[tuple[Stratum, Answered]]) -> FromLabels:
    above, below, joined = _Total(), _Total(), 0.0
    assumed = matches = 0.0
    for stratum, answers in own:
        share, variance = _share(stratum, answers)
        total = above if stratum.joins else below
        total.matches += stratum.pairs * share
        total.variance += stratum.pairs**2 * variance
        joined += stratum.pairs if stratum.joins else 0
        matches += stratum.pairs * share
        assumed += 0.0 if answers.labels else stratum.pairs * share
    precision = above.matches / joined if joined else 1.0
    recall = above.matches / matches if matches else 1.0
    of_precision = above.variance / joined**2 if joined else 0.0
    of_recall = ((1 - recall) ** 2 * above.variance + recall**2 * below.variance) / matches**2 if matches else 0.0
    whole = joined + matches
    f1 = 2.0 * above.matches / whole if whole else 1.0
    of_f1 = ((2.0 - f1) ** 2 * above.variance + f1**2 * below.variance) / whole**2 if whole else 0.0
    labels = sum(a.labels for _, a in own)
    size_above = sum(a.labels for s, a in own if s.joins)
    intervals = {
        "precision": around(precision, of_precision, max(size_above, 1)),
        "recall": around(recall, of_recall, max(labels, 1)),
        "f1": around(f1, of_f1, max(labels, 1)),
    }
    return FromLabels(precision, recall, intervals, labels, assumed / matches if matches else 0.0)


class _Total:
    """Matches of several strata and the variance of their estimate."""

    def __init__(self) -> None:
        self.matches = 0.0
        self.variance = 0.0


def _share(stratum: Stratum, answers: Answered) -> tuple[float, float]:
    """Return a stratum's share of matches and the variance of that; of few answers all alike, the spread is not zero."""
    if not answers.labels:
        share = stratum.expected_matches / max(stratum.pairs, 1)
        return share, stratum.careful_share * (1.0 - stratum.careful_share)
    share = answers.matches / answers.labels
    careful = (answers.matches + 0.5) / (answers.labels + 1.0)
    left = max(0.0, 1.0 - answers.labels / stratum.pairs) if stratum.pairs else 0.0
    return share, careful * (1.0 - careful) / answers.labels * left
