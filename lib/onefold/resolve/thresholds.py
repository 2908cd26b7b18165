"""Decides what weights mean: from which one on a pair joins, and what a pair or its absence says inside a component."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.resolve.calibration import UNCHANGED, Bin, Calibration, absent_weight, fit
from onefold.resolve.contraction import compose, contract, smallest_neighbour
from onefold.resolve.few import count_bins
from onefold.resolve.settings import ClusteringSettings
from onefold.store.scratch import cut_lineage

__all__ = ["Threshold", "best_expected", "choose_thresholds"]

_PER_BIT = 8
"""Bins of the histogram to one bit of weight."""

_LEAST_SPEECH = 0.01


@dataclass(frozen=True)
class Threshold:
    """The meaning of weights for one entity type.

    `weight` is the least of a pair that joins; `expected_f1` what it promises over the scored pairs, None when it was configured;
    `absent` what a pair counts that is not among the scored ones.
    """

    weight: float
    expected_f1: float | None = None
    calibration: Calibration = UNCHANGED
    absent: float = -2.0

    def evidence(self, weight: float) -> float:
        """Return how much a pair speaks for one entity, in calibrated bits; a pair that joins never speaks against it."""
        return self.calibration.of(weight) + self._lift()

    def evidence_column(self, weight: Column) -> Column:
        """Return the same of a column of weights."""
        return self.calibration.column(weight) + self._lift()

    def _lift(self) -> float:
        return max(0.0, _LEAST_SPEECH - self.calibration.of(self.weight))


def choose_thresholds(pairs: DataFrame, settings: ClusteringSettings) -> dict[str, Threshold]:
    """Return the threshold of person and of company.

    Args:
        pairs: the PAIR table.
        settings: clustering.yml. Pairs are counted only when a threshold or the splitting needs it.
    """
    few = pairs.count() <= settings.one_task_edges  # of a table, read from the Delta log
    return {kind: _choose(pairs.where(F.col("entity_type") == kind), settings, kind, few) for kind in ("person", "company")}


def _choose(pairs: DataFrame, settings: ClusteringSettings, kind: str, few: bool) -> Threshold:
    splitting, configured = settings.splitting, settings.of(kind)
    if not (configured.automatic or splitting.enabled) or pairs.isEmpty():
        return Threshold(configured.least_weight)
    counted = count_bins(pairs, splitting.sure_weight, _PER_BIT) if few else _counted(pairs, splitting.sure_weight)
    bins, possible = _histogram(counted)
    calibration = fit(bins, splitting.sure_weight)
    absent = splitting.absent_weight
    if not isinstance(absent, float):
        absent = absent_weight(sum(b.confirmed for b in bins), possible)
    if not configured.automatic:
        return Threshold(configured.least_weight, None, calibration, absent)
    best = best_expected(bins, calibration)
    return Threshold(best.weight, best.expected_f1, calibration, absent)


def best_expected(bins: Sequence[Bin], calibration: Calibration = UNCHANGED) -> Threshold:
    """Return the threshold with the best expected F1 over the scored pairs.

    Of the pairs from a threshold on, the sum of their calibrated probabilities are expected to be right; of all scored pairs, the
    sum over all of them are expected to be matches. Of equally good thresholds the highest. Clusters add pairs by closure; that
    those be right is the work of splitting, and no part of this.

    >>> best_expected([Bin(-3.0, 100, 10.0), Bin(5.0, 100, 97.0)]).weight
    5.0
    """
    expected = {one: _expected(one, calibration) for one in bins}
    matches = sum(expected.values())
    best, right, taken = Threshold(0.0, 0.0), 0.0, 0
    for one in sorted(bins, key=lambda b: -b.weight):
        right, taken = right + expected[one], taken + one.pairs
        f1 = 2 * right / (taken + matches) if matches else 0.0
        if f1 > (best.expected_f1 or 0.0):
            best = Threshold(one.weight, f1)
    return best


def _expected(one: Bin, calibration: Calibration) -> float:
    if calibration is UNCHANGED:
        return one.matches
    return one.pairs / (1 + math.exp2(-calibration.of(one.weight + 0.5 / _PER_BIT)))


def _sure_groups(sure: DataFrame) -> DataFrame:
    """Return id, component of the records that have a sure pair: two contractions, enough for groups as small as entities."""
    edges = sure.select(F.col("party_id_l").alias("src"), F.col("party_id_r").alias("dst"))
    folded = cut_lineage(smallest_neighbour(edges))
    further = smallest_neighbour(contract(edges, folded))
    return compose(folded, further.withColumnRenamed("low", "component"))


def _counted(pairs: DataFrame, sure_weight: float) -> DataFrame:
    """Return what `count_bins` does, of any number of pairs."""
    groups = cut_lineage(_sure_groups(pairs.where(F.col("match_weight") >= sure_weight)))
    left = groups.select(F.col("id").alias("party_id_l"), F.col("component").alias("group_l"))
    right = groups.select(F.col("id").alias("party_id_r"), F.col("component").alias("group_r"))
    laid = pairs.select("party_id_l", "party_id_r", "match_weight", "match_probability")
    laid = laid.join(left, on="party_id_l", how="left").join(right, on="party_id_r", how="left")
    both = F.col("group_l").isNotNull() & F.col("group_r").isNotNull() & (F.col("match_weight") < sure_weight)
    counted = laid.groupBy(F.floor(F.col("match_weight") * _PER_BIT).alias("bin")).agg(
        F.count("*").alias("pairs"),
        F.sum("match_probability").alias("matches"),
        F.count_if(both).alias("tested"),
        F.count_if(F.col("group_l") == F.col("group_r")).alias("confirmed"),
    )
    sizes = groups.groupBy("component").agg(F.count("*").cast("double").alias("n"))
    return counted.crossJoin(sizes.agg(F.coalesce(F.sum(F.col("n") * (F.col("n") - 1) / 2), F.lit(0.0)).alias("possible")))


def _histogram(counted: DataFrame) -> tuple[list[Bin], float]:
    """Bring the bins to the driver, and how many pairs the records of sure groups could make within their groups."""
    rows = counted.toPandas()  # bounded: a row for an eighth of a bit, some hundreds
    columns = (rows[name].tolist() for name in ("bin", "pairs", "matches", "tested", "confirmed"))
    bins = [Bin(b / _PER_BIT, int(n), float(m), int(t), int(c)) for b, n, m, t, c in zip(*columns, strict=True)]
    return bins, float(rows["possible"].max())
