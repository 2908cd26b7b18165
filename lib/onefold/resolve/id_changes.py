"""Tells what became of the ids of touched entities, as rows of the history."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.store.scratch import cut_lineage

__all__ = ["Outcome", "id_changes"]


@dataclass(frozen=True)
class Outcome:
    """What the touched entities came to.

    `records` is label, record_id, held_id; `claimed` and `won` are what `claims` and `winners` return; `named` is label,
    customer_id, issued, fresh (whether the entity won no id), steward (whether a steward's decision names a record of it);
    `names` and `states` are what `founded_names` and `states_of` return.
    """

    records: DataFrame
    claimed: DataFrame
    won: DataFrame
    named: DataFrame
    names: DataFrame
    states: DataFrame


def id_changes(outcome: Outcome) -> DataFrame:
    """Return customer_id, change, current_customer_id, other_customer_id, reason, records: at most one row an id."""
    moved = cut_lineage(_merged(outcome).unionByName(_retired(outcome)))
    return _new(outcome).unionByName(moved).unionByName(_redirected(outcome, moved))


def _row(change: Column, current: Column, other: Column, reason: Column, records: Column) -> list[Column]:
    told = {"change": change, "current_customer_id": current, "other_customer_id": other, "reason": reason, "records": records}
    types = {"records": "bigint"}
    return [F.col("customer_id"), *(value.cast(types.get(name, "string")).alias(name) for name, value in told.items())]


def _because(otherwise: str) -> Column:
    return F.when(F.col("steward"), "steward").otherwise(otherwise)


def _new(outcome: Outcome) -> DataFrame:
    """Return the ids that entities got: created, split from where most of their records were, or revived."""
    sizes = outcome.records.where(F.col("label").isNotNull()).groupBy("label").agg(F.count("*").alias("records"))
    lost = outcome.claimed.join(outcome.won.select("label").distinct(), on="label", how="left_anti")
    origin = lost.groupBy("label").agg(F.min(F.struct(-F.col("records"), F.col("held_id"))).alias("origin"))
    parted = F.col("origin").isNotNull()
    fresh = outcome.named.where("fresh").join(sizes, on="label", how="left").join(origin, on="label", how="left")
    change = F.when(F.col("issued"), "revived").when(parted, "split").otherwise("created")
    reason = F.when(parted, _because("unmatched")).when(F.col("issued"), "returned").otherwise("first_seen")
    return fresh.select(*_row(change, F.col("customer_id"), F.col("origin.held_id"), reason, F.col("records")))


def _merged(outcome: Outcome) -> DataFrame:
    """Return the ids that an entity won and did not keep."""
    into = outcome.named.select("label", F.col("customer_id").alias("into"), "steward")
    lost = outcome.won.join(into, on="label", how="inner").where(F.col("held_id") != F.col("into"))
    named = lost.withColumnRenamed("held_id", "customer_id")
    return named.select(*_row(F.lit("merged"), F.col("into"), F.col("into"), _because("matched"), F.col("records")))


def _retired(outcome: Outcome) -> DataFrame:
    """Return the ids that have no record any more."""
    held = outcome.records.where(F.col("held_id").isNotNull()).groupBy("held_id").agg(F.count("*").alias("records"))
    lost = held.join(outcome.won, on="held_id", how="left_anti").withColumnRenamed("held_id", "customer_id")
    gone = lost.join(outcome.named, on="customer_id", how="left_anti")
    return gone.select(*_row(F.lit("retired"), F.lit(None), F.lit(None), F.lit("records_gone"), F.col("records")))


def _redirected(outcome: Outcome, moved: DataFrame) -> DataFrame:
    """Return the older ids that lead elsewhere now.

    An id follows the record that founded it out of the customer that it led to; else it goes where that customer's id went.
    """
    older = outcome.states.where(~F.col("lead").eqNullSafe(F.col("customer_id")))
    older = older.join(outcome.named, on="customer_id", how="left_anti").select("customer_id", "lead")
    to = outcome.named.select("label", F.col("customer_id").alias("followed"), "steward")
    founders = outcome.names.join(to, on="label", how="inner")
    founders = founders.select(F.col("name").alias("customer_id"), "held_id", "followed", "steward")
    went = moved.select(
        F.col("customer_id").alias("lead"), F.col("current_customer_id").alias("target"), F.col("reason").alias("target_reason")
    )
    joined = older.join(went, on="lead", how="left").join(founders, on="customer_id", how="left")
    follows = F.col("followed").isNotNull() & F.col("held_id").eqNullSafe(F.col("lead"))
    left = F.when(F.col("lead").isNull(), "returned").otherwise(_because("unmatched"))
    told = joined.select(
        "customer_id",
        "lead",
        F.when(follows, F.col("followed")).otherwise(F.col("target")).alias("goal"),
        F.when(follows, left).otherwise(F.col("target_reason")).alias("reason"),
    )
    away = told.where(F.col("reason").isNotNull() & ~F.col("goal").eqNullSafe(F.col("lead")))
    return away.select(*_row(F.lit("redirected"), F.col("goal"), F.col("lead"), F.col("reason"), F.lit(None)))
