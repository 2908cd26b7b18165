"""Lays the entities over the source records, beside the ids that these held before."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import ENTITY_MAP
from onefold.resolve.edges import strongest_links
from onefold.resolve.identity import entity_label

__all__ = ["entity_map", "lay_entities"]


def lay_entities(parties: DataFrame, members: DataFrame, links: DataFrame, previous: DataFrame | None) -> DataFrame:
    """Return every source record with its entity, its strongest link and the customer id that it held.

    Records without a link are entities of their own. All joins are by party_id, so each input is shuffled once.

    Args:
        parties: record_id, party_id, entity_type of every source record.
        members: party_id, founding_record, entity_size of the records that were clustered.
        links: the joining pairs inside entities, with their record ids.
        previous: party_id, customer_id, entity_size (records that hold the id) of the last assignment; None when there is none.

    Returns:
        ENTITY_MAP's columns without customer_id, and founding_record, label (of the entity), held_id and held_size. A record
        that is gone has held_id alone, and everything else is null.
    """
    founded = members.select("party_id", "founding_record", "entity_size")
    linked = founded.join(strongest_links(links), on="party_id", how="left")
    found = parties.select("record_id", "party_id", "entity_type").join(linked, on="party_id", how="left")
    laid = found.withColumns(
        {
            "founding_record": F.coalesce("founding_record", "record_id"),
            "entity_size": F.coalesce("entity_size", F.lit(1).cast("bigint")),
        }
    ).withColumn("label", entity_label("founding_record", "entity_type"))
    if previous is None:
        nothing = {"held_id": F.lit(None).cast("string"), "held_size": F.lit(None).cast("bigint")}
        return laid.withColumns(nothing)
    held = previous.select("party_id", F.col("customer_id").alias("held_id"), F.col("entity_size").alias("held_size"))
    return laid.join(held, on="party_id", how="full_outer")


def entity_map(identified: DataFrame) -> DataFrame:
    """Return the ENTITY_MAP table, a row per party, of the records that have their customer id."""
    return ENTITY_MAP.conform(identified)
