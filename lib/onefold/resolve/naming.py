"""Names the entities that won no id: after a record that founded an id before, else after their founder."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.resolve.identity import founding_record_of, possible_ids

__all__ = ["founded_names", "new_names"]


def founded_names(records: DataFrame) -> DataFrame:
    """Return every id that a record may found, a row each.

    Args:
        records: label, record_id, held_id.

    Returns:
        label, record_id, held_id, place (0 is the record's own id), name.
    """
    here = records.where(F.col("label").isNotNull())
    return here.select("label", "record_id", "held_id", F.posexplode(possible_ids("label", "record_id")).alias("place", "name"))


def new_names(nameless: DataFrame, names: DataFrame, states: DataFrame, taken: DataFrame, run_id: str) -> DataFrame:
    """Return the id of each entity that won none.

    Of the ids that its records founded and that led to where they were, or whose founder was gone and is back, the one
    issued earliest; so an unmerge gives a record its id back. Else the first free one of the ids that its founder may found.

    Args:
        nameless: label.
        names: what `founded_names` returns.
        states: customer_id, lead, issued_at of the names that were issued.
        taken: name: those that still have a record, so that an entity has won them.
        run_id: makes an id unlike all others in the case that all of a founder's are taken.

    Returns:
        label, customer_id, issued: whether it was issued before.
    """
    known = states.select(F.col("customer_id").alias("name"), "lead", "issued_at")
    asked = names.join(nameless, on="label", how="left_semi").join(taken, on="name", how="left_anti")
    offered = asked.join(known, on="name", how="left")
    issued = F.col("issued_at").isNotNull()
    back = issued & (F.col("held_id").isNull() | (F.col("held_id") == F.col("lead")))
    founder = F.col("record_id") == founding_record_of("label")
    picked = offered.groupBy("label").agg(
        F.min(F.when(back, F.struct("issued_at", "name", issued.alias("issued")))).alias("former"),
        F.min(F.when(founder, F.struct("place", "name", issued.alias("issued")))).alias("fresh"),
    )
    return nameless.join(picked, on="label", how="left").select(
        "label",
        F.coalesce("former.name", "fresh.name", _unlike_others(run_id)).alias("customer_id"),
        F.coalesce("former.issued", "fresh.issued", F.lit(False)).alias("issued"),
    )


def _unlike_others(run_id: str) -> Column:
    text = F.concat(founding_record_of("label"), F.lit(f"#{run_id}"))
    return F.concat(F.substring("label", 1, 1), F.substring(F.sha2(text, 256), 1, 16))
