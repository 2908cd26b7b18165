"""The crosswalk from source records to customers, and the scored pairs with the customers at both ends."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.gold import CUSTOMER_XREF, MATCH_PAIR

__all__ = ["crosswalk", "match_pairs"]


def crosswalk(parties: DataFrame, entity_map: DataFrame, *, run_id: str) -> DataFrame:
    """Return the CUSTOMER_XREF table: every source record with its customer and the link that put it there."""
    origin = parties.select("record_id", "source", "source_key")
    linked = entity_map.join(origin, on="record_id", how="inner")
    return CUSTOMER_XREF.conform(linked.withColumn("run_id", F.lit(run_id)))


def match_pairs(pairs: DataFrame, entity_map: DataFrame, *, run_id: str) -> DataFrame:
    """Return the MATCH_PAIR table: every scored pair, the customers at its ends and whether they are one."""
    left = entity_map.select(F.col("party_id").alias("party_id_l"), F.col("customer_id").alias("customer_id_l"))
    right = entity_map.select(F.col("party_id").alias("party_id_r"), F.col("customer_id").alias("customer_id_r"))
    mapped = pairs.join(left, on="party_id_l", how="inner").join(right, on="party_id_r", how="inner")
    same = F.col("customer_id_l") == F.col("customer_id_r")
    return MATCH_PAIR.conform(mapped.withColumns({"same_customer": same, "run_id": F.lit(run_id)}))
