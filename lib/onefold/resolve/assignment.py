"""Gives every entity its customer id: the one that its records held, as long as they hold one."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.resolve.claims import claims, kept_ids, touched, winners
from onefold.resolve.id_changes import Outcome, id_changes
from onefold.resolve.id_history import adopted, created, states_of
from onefold.resolve.identity import customer_id
from onefold.resolve.naming import founded_names, new_names
from onefold.store.scratch import cut_lineage

__all__ = ["Assignment", "assign_customer_ids", "first_ids"]


@dataclass(frozen=True)
class Assignment:
    """Every record with its customer id, and what became of the ids that changed.

    `identified` is what was laid, with customer_id, less the records that are gone; `changes` is customer_id, change,
    current_customer_id, other_customer_id, reason, records.
    """

    identified: DataFrame
    changes: DataFrame


def assign_customer_ids(laid: DataFrame, history: DataFrame, run_id: str, steward: DataFrame | None = None) -> Assignment:
    """Return the customer ids of all entities.

    Every id that still has a record is won by one entity; one that won several keeps the earliest; one that won none is
    named after its records. Only touched entities take part.

    Args:
        laid: what `lay_entities` returns, its lineage cut.
        history: the CUSTOMER_ID_HISTORY table, every held id in it.
        run_id: names the run.
        steward: record_id of the records that stewards' decisions name: they are the reason for what happens to them.

    Reads from the checkpoint directory, so write the result before that is cleared.
    """
    records = cut_lineage(touched(laid))
    if records.isEmpty():
        return Assignment(_identified(laid, None), adopted(records.select(F.col("held_id").alias("customer_id"))))
    claimed = claims(records)
    won = cut_lineage(winners(claimed))
    names = founded_names(records)
    held = records.where(F.col("held_id").isNotNull()).select("held_id").distinct()
    asked = names.select(F.col("name").alias("customer_id")).unionAll(held.select(F.col("held_id").alias("customer_id")))
    states = cut_lineage(states_of(history, asked, held.select(F.col("held_id").alias("current_customer_id"))))
    kept = kept_ids(won, states)
    nameless = records.where(F.col("label").isNotNull()).select("label").distinct().join(kept, on="label", how="left_anti")
    fresh = new_names(cut_lineage(nameless), names, states, _taken(laid, names), run_id).withColumn("fresh", F.lit(True))
    old = kept.select("label", "customer_id", F.lit(True).alias("issued"), F.lit(False).alias("fresh"))
    named = cut_lineage(_marked(old.unionByName(fresh), records, steward))
    changes = id_changes(Outcome(records, claimed, won, named, names, states))
    return Assignment(_identified(laid, named), changes)


def first_ids(laid: DataFrame) -> Assignment:
    """Return the customer ids of all entities where nothing was assigned before: that of the founder."""
    identified = laid.where(F.col("label").isNotNull()).withColumn("customer_id", customer_id("founding_record", "entity_type"))
    founders = identified.where(F.col("record_id") == F.col("founding_record"))
    return Assignment(identified, created(founders.select("customer_id", F.col("entity_size").alias("records"))))


def _taken(laid: DataFrame, names: DataFrame) -> DataFrame:
    """Return those of the names that still have a record, whether their entity is touched or not."""
    living = laid.where(F.col("label").isNotNull() & F.col("held_id").isNotNull()).select(F.col("held_id").alias("name"))
    return cut_lineage(living.join(names, on="name", how="left_semi").distinct())


def _marked(named: DataFrame, records: DataFrame, steward: DataFrame | None) -> DataFrame:
    """Add whether a steward's decision names a record of the entity."""
    if steward is None:
        return named.withColumn("steward", F.lit(False))
    decided = records.where(F.col("label").isNotNull()).join(steward, on="record_id", how="left_semi")
    marks = decided.select("label").distinct().withColumn("steward", F.lit(True))
    return named.join(marks, on="label", how="left").withColumn("steward", F.coalesce("steward", F.lit(False)))


def _identified(laid: DataFrame, named: DataFrame | None) -> DataFrame:
    """Return the records that are here with their ids: the one that their entity was given, else the one that they held."""
    if named is None:
        return laid.where(F.col("label").isNotNull()).withColumn("customer_id", F.col("held_id"))
    given = named.select("label", "customer_id")
    here = laid.where(F.col("label").isNotNull()).join(given, on="label", how="left")
    return here.withColumn("customer_id", F.coalesce("customer_id", "held_id"))
