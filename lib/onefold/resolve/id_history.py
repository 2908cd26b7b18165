"""Reads the history of customer ids: where each id leads today, and who held which id when the map is lost."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import CUSTOMER_ID, CUSTOMER_ID_HISTORY
from onefold.resolve.identity import entity_label, possible_ids
from onefold.store.scratch import cut_lineage

__all__ = [
    "ID_COLUMNS",
    "adopted",
    "created",
    "customer_ids",
    "held_by_founders",
    "history_rows",
    "resolve_customer_ids",
    "states_of",
]

_NEWEST = "struct(changed_at, run_id)"
_LEAD = f"max_by(current_customer_id, {_NEWEST})"

ID_COLUMNS: dict[str, str] = {
    "current_customer_id": _LEAD,
    "status": f"CASE WHEN {_LEAD} IS NULL THEN 'retired' WHEN {_LEAD} = customer_id THEN 'current' ELSE 'merged' END",
    "entity_type": "max(entity_type)",
    "issued_at": "min(changed_at)",
    "changed_at": "max(changed_at)",
}
"""What is known of an id, by column, as SQL aggregates over its rows of the history; grouped by customer_id."""


def customer_ids(history: DataFrame) -> DataFrame:
    """Return one row per id ever issued, with where it leads today: the columns of CUSTOMER_ID."""
    return CUSTOMER_ID.conform(
        history.groupBy("customer_id").agg(*(F.expr(made).alias(name) for name, made in ID_COLUMNS.items()))
    )


def resolve_customer_ids(frame: DataFrame, history: DataFrame, column: str = "customer_id") -> DataFrame:
    """Add where the ids of a column lead today: `current_customer_id` and `customer_id_status`.

    Args:
        frame: any rows with a column of customer ids, of whatever age.
        history: the CUSTOMER_ID_HISTORY table.
        column: the column that holds them.

    Returns:
        The rows with current_customer_id (null for a retired and for an unknown id) and customer_id_status: current, merged,
        retired or unknown (never issued).
    """
    ids = customer_ids(history).select(F.col("customer_id").alias(column), "current_customer_id", "status")
    found = frame.join(ids, on=column, how="left").withColumn("customer_id_status", F.coalesce("status", F.lit("unknown")))
    return found.select(*(F.col(f"`{name}`") for name in frame.columns), "current_customer_id", "customer_id_status")


def states_of(history: DataFrame, ids: DataFrame, leads: DataFrame) -> DataFrame:
    """Return the state of some ids, and of the merged ones that lead to some others.

    Args:
        history: the CUSTOMER_ID_HISTORY table.
        ids: customer_id.
        leads: current_customer_id: ids whose followers are wanted.

    Returns:
        customer_id, lead, issued_at.
    """
    own = history.join(ids, on="customer_id", how="left_semi").select("customer_id")
    away = history.where(F.col("current_customer_id") != F.col("customer_id"))
    following = away.join(leads, on="current_customer_id", how="left_semi").select("customer_id")
    wanted = cut_lineage(own.unionAll(following).distinct())
    rows = history.join(wanted, on="customer_id", how="left_semi")
    return rows.groupBy("customer_id").agg(F.expr(_LEAD).alias("lead"), F.min("changed_at").alias("issued_at"))


def history_rows(changes: DataFrame, run_id: str, changed_at: Column) -> DataFrame:
    """Return changes of ids as rows of the CUSTOMER_ID_HISTORY table."""
    kind = F.when(F.col("customer_id").startswith("C"), "company").otherwise("person")
    stamped = {"entity_type": kind, "run_id": F.lit(run_id), "changed_at": changed_at}
    return CUSTOMER_ID_HISTORY.conform(changes.withColumns(stamped))


def adopted(previous: DataFrame) -> DataFrame:
    """Return the changes that make a history for ids that were issued before there was one.

    Args:
        previous: customer_id of every record.
    """
    return created(previous.groupBy("customer_id").agg(F.count("*").alias("records")))


def created(ids: DataFrame) -> DataFrame:
    """Return the changes that issue ids for the first time.

    Args:
        ids: customer_id, records.
    """
    own = F.col("customer_id").alias("current_customer_id")
    other = F.lit(None).cast("string").alias("other_customer_id")
    return ids.select("customer_id", F.lit("created").alias("change"), own, other, F.lit("first_seen").alias("reason"), "records")


def held_by_founders(parties: DataFrame, history: DataFrame) -> DataFrame:
    """Return a stand-in for an assignment that is lost: each current id is held by the record that founded it, if it is there.

    Args:
        parties: record_id, party_id, entity_type of every record.
        history: the CUSTOMER_ID_HISTORY table.

    Returns:
        party_id (null when the founder is gone), customer_id, entity_size.
    """
    current = customer_ids(history).where(F.col("status") == "current").select("customer_id")
    labelled = parties.select("party_id", "record_id", entity_label("record_id", "entity_type").alias("label"))
    names = labelled.select("party_id", F.posexplode(possible_ids("label", "record_id")).alias("place", "customer_id"))
    # A founder that went and came back has founded more than one; the last is its own.
    own = (
        names.join(current, on="customer_id", how="left_semi")
        .groupBy("party_id")
        .agg(F.max_by("customer_id", "place").alias("customer_id"))
    )
    return current.join(own, on="customer_id", how="left").select(
        "party_id", "customer_id", F.lit(1).cast("bigint").alias("entity_size")
    )
