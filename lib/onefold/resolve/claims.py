"""Finds the entities that have changed, and settles which of them wins each id that their records held."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.store.scratch import cut_lineage

__all__ = ["claims", "kept_ids", "touched", "winners"]


def touched(laid: DataFrame) -> DataFrame:
    """Return the records of all entities that are not what they were, and the records that are gone.

    An entity is what it was when all its records held one id of its type and that id had no other record: the great majority,
    left out here after one aggregation. What is returned is complete: every record that held an id of a touched entity is in.

    Args:
        laid: what `lay_entities` returns.

    Returns:
        label (null when gone), record_id (null when gone), held_id (null when new).
    """
    # A hash of the id instead of the id: with numbers Spark hashes, with texts it sorts. Sizes are compared as well.
    mark = F.xxhash64("held_id")
    all_held = (F.count("held_id") == F.count("*")) & (F.max("held_size") == F.count("*"))
    same = all_held & (F.min(mark) == F.max(mark)) & F.every(_fits())
    several = laid.where(F.col("label").isNotNull() & (F.col("entity_size") > 1)).groupBy("label").agg(same.alias("same"))
    changed = cut_lineage(several.where(~F.coalesce("same", F.lit(False))).select("label", F.lit(True).alias("changed")))
    alone = (F.col("entity_size") == 1) & ~F.coalesce((F.col("held_size") == 1) & _fits(), F.lit(False))
    marked = laid.join(changed, on="label", how="left")
    return marked.where(F.col("label").isNull() | F.col("changed") | alone).select("label", "record_id", "held_id")


def claims(records: DataFrame) -> DataFrame:
    """Return which entity holds how many records of which id.

    Args:
        records: what `touched` returns.

    Returns:
        held_id, label, records, first (smallest record id among them), founded (whether the record that founded the id is).
    """
    here = records.where(F.col("label").isNotNull() & F.col("held_id").isNotNull())
    founded = F.substring(F.sha2("record_id", 256), 1, 16) == F.expr("substring(held_id, 2)")
    return here.groupBy("held_id", "label").agg(
        F.count("*").alias("records"), F.min("record_id").alias("first"), F.max(founded).alias("founded")
    )


def winners(claimed: DataFrame) -> DataFrame:
    """Return the one entity that wins each id: it has the record that founded the id, else most of its records.

    Equals are told apart by the smallest record id.

    Returns:
        held_id, label, records.
    """
    order = F.struct(~F.col("founded"), -F.col("records"), F.col("first"), F.col("label"), F.col("records"))
    best = claimed.groupBy("held_id").agg(F.min(order).alias("best"))
    return best.select("held_id", "best.label", "best.records")


def kept_ids(won: DataFrame, states: DataFrame) -> DataFrame:
    """Return the id that each winning entity keeps: the one issued earliest, then the smallest.

    An id whose letter is not that of the entity's type is not kept, as all its records have changed their type.

    Args:
        won: what `winners` returns.
        states: customer_id, issued_at of these ids; one that is missing counts as the earliest.

    Returns:
        label, customer_id.
    """
    issued = states.select(F.col("customer_id").alias("held_id"), "issued_at")
    dated = won.where(_fits()).join(issued, on="held_id", how="left")
    return (
        dated.groupBy("label")
        .agg(F.min(F.struct("issued_at", "held_id")).alias("kept"))
        .select("label", F.col("kept.held_id").alias("customer_id"))
    )


def _fits() -> Column:
    return F.substring("held_id", 1, 1) == F.substring("label", 1, 1)
