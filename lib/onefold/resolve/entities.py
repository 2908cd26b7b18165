"""Lays the components over the source records: the entity map."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import ENTITY_MAP
from onefold.resolve.edges import strongest_links
from onefold.resolve.identity import assign_ids, customer_id

__all__ = ["entity_map"]


def entity_map(parties: DataFrame, edges: DataFrame, components: DataFrame) -> DataFrame:
    """Map every source record to its entity, with the strongest link that put it there.

    Records without a link are entities of their own and meet the rest only in one join.

    Args:
        parties: record_id, party_id, entity_type of every source record.
        edges: the joining pairs, as `joining_pairs` returns them.
        components: id, component of every end of those pairs.

    Returns:
        The ENTITY_MAP table: one row per party.
    """
    labels = components.select(F.col("id").alias("party_id"), "component")
    members = assign_ids(strongest_links(edges).join(labels, on="party_id", how="inner"))
    linked = members.select("party_id", "founding_record", "entity_size", "match_weight", "match_probability", "linked_record_id")
    mapped = (
        parties.select("record_id", "party_id", "entity_type")
        .join(linked, on="party_id", how="left")
        .withColumn("founding_record", F.coalesce("founding_record", "record_id"))
        .withColumn("entity_size", F.coalesce("entity_size", F.lit(1).cast("bigint")))
    )
    return ENTITY_MAP.conform(mapped.withColumn("customer_id", customer_id("founding_record", "entity_type")))
