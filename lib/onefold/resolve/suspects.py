"""Finds the components that must be looked at one by one; of most others the counts alone say that they stay whole."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.resolve.settings import ClusteringSettings
from onefold.resolve.thresholds import Threshold

__all__ = ["suspects", "whole", "worst_evidence"]

_TYPES = ("person", "company")


def suspects(members: DataFrame, edges: DataFrame, settings: ClusteringSettings, worst: float) -> DataFrame:
    """Return a row per component with what decides whether it is opened.

    Args:
        members: component, entity_type, source and the attributes of `contradictions`, a row per record.
        edges: component, evidence of each joining pair.
        settings: the constraints of each entity type.
        worst: the most that one pair can speak against an entity, in bits.

    Returns:
        component, records, edges, open: whether it has a shape or a constraint that only a look at its pairs
        settles.
    """
    # Only counts and numbers are aggregated: with them Spark hashes, with texts and sets it sorts.
    about = members.groupBy("component").agg(F.count("*").alias("records"), _constrained(settings).alias("constrained"))
    joined = edges.groupBy("component").agg(F.count("*").alias("edges"), F.min("evidence").alias("weakest"))
    counted = about.join(joined, on="component", how="left").withColumn("edges", F.coalesce("edges", F.lit(0)))
    missing = F.col("records") * (F.col("records") - 1) / 2 - F.col("edges")
    long = (missing > 0) & (F.col("records") > 3)  # its diameter and bridges are not known from its counts
    weak = ~whole(missing, F.col("weakest"), worst)
    # A component without a scored pair was made by people, and has no weakest one.
    looked_at = F.col("constrained") | long | ((F.col("records") > 1) & F.coalesce(weak, F.lit(True)))
    return counted.select("component", "records", "edges", looked_at.alias("open"))


def whole(missing: Column, weakest: Column, worst: float) -> Column:
    """Tell that no split of a component can be right.

    Any split cuts a joining pair, which speaks for the whole with at least `weakest`; all that can speak against it is the
    `missing` pairs. So if those at their worst weigh less, the means across any two parts of the component are positive.
    """
    return missing * worst < weakest


def _constrained(settings: ClusteringSettings) -> Column:
    """Return the aggregate that tells whether a component meets a constraint of its entity type."""
    tests: list[Column] = []
    for kind in _TYPES:
        chosen, own = settings.of(kind), F.col("entity_type") == kind
        for contradiction in chosen.contradictions:
            value = F.when(own & F.col(contradiction.attribute).isNotNull(), F.xxhash64(contradiction.attribute))
            tests.append(F.coalesce(F.min(value) < F.max(value), F.lit(False)))
        tests += [F.count_if(own & (F.col("source") == s)) > limit for s, limit in chosen.source_limits.items()]
        if chosen.max_size is not None:
            tests.append(F.count_if(own) > chosen.max_size)
    return reduce(or_, tests, F.lit(False))


def worst_evidence(thresholds: Mapping[str, Threshold], stored_above: float) -> float:
    """Return the most that one pair can speak against an entity: an absent one, or one scored just over the storing bound."""
    return max(max(-t.absent, -t.evidence(min(stored_above, t.weight)), 0.0) for t in thresholds.values())
