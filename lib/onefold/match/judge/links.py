"""The scored pairs beside the truth: which of them join, and which are true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

__all__ = ["joining", "judged_links"]


def joining(thresholds: Mapping[str, float]) -> Column:
    """Return whether columns `entity_type` and `match_weight` reach the least weight of their type; false for other types."""
    reached = [(F.col("entity_type") == kind) & (F.col("match_weight") >= least) for kind, least in sorted(thresholds.items())]
    return reduce(lambda a, b: a | b, reached, F.lit(False))


def judged_links(pairs: DataFrame, clusters: DataFrame, thresholds: Mapping[str, float]) -> DataFrame:
    """Return the scored pairs whose records the truth knows, judged by it.

    Args:
        pairs: match/pair.
        clusters: `record_id`, `customer_id`, `cluster_id` of the records of the truth.
        thresholds: least weight of a pair that joins, by entity type.

    Returns:
        `entity_type`, `record_a` < `record_b`, `match_weight`, `joins`, `is_true`, `in_one` (in one entity).
    """
    sides = {
        side: clusters.select(
            F.col("record_id").alias(f"record_id_{side}"),
            F.col("customer_id").alias(f"customer_{side}"),
            F.col("cluster_id").alias(f"cluster_{side}"),
        )
        for side in ("l", "r")
    }
    narrow = pairs.select("entity_type", "record_id_l", "record_id_r", "match_weight")
    known = narrow.join(sides["l"], on="record_id_l", how="inner").join(sides["r"], on="record_id_r", how="inner")
    return known.select(
        "entity_type",
        F.least("record_id_l", "record_id_r").alias("record_a"),
        F.greatest("record_id_l", "record_id_r").alias("record_b"),
        "match_weight",
        joining(thresholds).alias("joins"),
        (F.col("cluster_l") == F.col("cluster_r")).alias("is_true"),
        (F.col("customer_l") == F.col("customer_r")).alias("in_one"),
    )
