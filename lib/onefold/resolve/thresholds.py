"""Chooses the weight from which a pair joins: the configured one, or the one with the best expected F1, without labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.resolve.settings import ClusteringSettings

__all__ = ["Bin", "Threshold", "best_expected", "choose_thresholds"]

_PER_BIT = 8
"""Bins of the histogram to one bit of weight."""


@dataclass(frozen=True)
class Bin:
    """Scored pairs of about one weight: the least weight, how many, and how many matches their probabilities promise."""

    weight: float
    pairs: int
    matches: float


@dataclass(frozen=True)
class Threshold:
    """The least weight of a joining pair, with the F1 over scored pairs that it promises; None when it was configured."""

    weight: float
    expected_f1: float | None = None


def choose_thresholds(pairs: DataFrame, settings: ClusteringSettings) -> dict[str, Threshold]:
    """Return the threshold of person and of company.

    Args:
        pairs: the PAIR table; read only for types whose threshold is auto, into a histogram of an eighth of a bit.
        settings: clustering.yml.
    """
    chosen = {kind: Threshold(settings.of(kind).least_weight) for kind in ("person", "company")}
    automatic = [kind for kind in chosen if settings.of(kind).automatic]
    if automatic:
        binned = pairs.where(F.col("entity_type").isin(automatic)).groupBy(
            "entity_type", F.floor(F.col("match_weight") * _PER_BIT).alias("bin")
        )
        counted = binned.agg(F.count("*").alias("pairs"), F.sum("match_probability").alias("matches"))
        rows = counted.toPandas()  # bounded: a row for an eighth of a bit, some hundreds
        for kind, group in rows.groupby("entity_type"):
            columns = (group["bin"], group["pairs"], group["matches"])
            bins = [Bin(int(b) / _PER_BIT, int(n), float(m)) for b, n, m in zip(*columns, strict=True)]
            chosen[str(kind)] = best_expected(bins)
    return chosen


def best_expected(bins: Sequence[Bin]) -> Threshold:
    """Return the threshold with the best expected F1 over the scored pairs.

    Of the pairs from a threshold on, the sum of their probabilities are expected to be right; of all scored pairs, that sum
    over all of them are expected to be matches. Of equally good thresholds the highest. Clusters add pairs by closure; that
    those be right is the work of splitting, and no part of this.

    >>> best_expected([Bin(-3.0, 100, 10.0), Bin(5.0, 100, 97.0)]).weight
    5.0
    """
    matches = sum(b.matches for b in bins)
    best, right, taken = Threshold(0.0, 0.0), 0.0, 0
    for one in sorted(bins, key=lambda b: -b.weight):
        right, taken = right + one.matches, taken + one.pairs
        f1 = 2 * right / (taken + matches) if matches else 0.0
        if f1 > (best.expected_f1 or 0.0):
            best = Threshold(one.weight, f1)
    return best
