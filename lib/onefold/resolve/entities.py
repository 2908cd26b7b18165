"""Lays the entities over the source records: the entity map."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import ENTITY_MAP
from onefold.resolve.edges import strongest_links
from onefold.resolve.identity import customer_id

__all__ = ["entity_map"]


def entity_map(parties: DataFrame, members: DataFrame, links: DataFrame) -> DataFrame:
    """Map every source record to its entity, with the strongest link that put it there.

    Records without a link are entities of their own and meet the rest only in one join.

    Args:
        parties: record_id, party_id, entity_type of every source record.
        members: party_id, founding_record, entity_size of the records that were clustered.
        links: the joining pairs inside entities, with their record ids.

    Returns:
        The ENTITY_MAP table: one row per party.
    """
    founded = members.select("party_id", "founding_record", "entity_size")
    linked = founded.join(strongest_links(links), on="party_id", how="left")
    mapped = (
        parties.select("record_id", "party_id", "entity_type")
        .join(linked, on="party_id", how="left")
        .withColumn("founding_record", F.coalesce("founding_record", "record_id"))
        .withColumn("entity_size", F.coalesce("entity_size", F.lit(1).cast("bigint")))
    )
    return ENTITY_MAP.conform(mapped.withColumn("customer_id", customer_id("founding_record", "entity_type")))
