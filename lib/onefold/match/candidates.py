"""Candidate pairs out of sized blocks: one self-join on the block key, each pair kept by its first rule only."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.match.keyed import HASH_BITS, block_cap, rule_number
from onefold.match.settings import EntityBlocking

__all__ = ["candidate_pairs"]


def candidate_pairs(sizes: DataFrame, settings: EntityBlocking) -> DataFrame:
    """Return each pair of records that share a block of allowed size, once, with its first rule and all its rules as bits.

    Keys of oversized blocks are taken off the records first, so that a pair which an oversized block would have made is
    still made by the next rule that joins it.
    """
    live = sizes.where(F.col("size") <= block_cap(settings)).groupBy("party_id", "source")
    keyed = live.agg(F.array_sort(F.collect_list("key")).alias("keys"))
    left = keyed.select(
        F.col("party_id").alias("party_id_l"), F.col("source").alias("source_l"), "keys", F.explode("keys").alias("key")
    )
    right = keyed.select(
        F.col("party_id").alias("party_id_r"),
        F.col("source").alias("source_r"),
        F.col("keys").alias("keys_r"),
        F.explode("keys").alias("key"),
    )
    allowed = F.col("party_id_l") < F.col("party_id_r")
    if not settings.within_source:
        allowed = allowed & (F.col("source_l") != F.col("source_r"))
    shared = F.array_intersect("keys", "keys_r")
    joined = left.join(right, on="key", how="inner").where(allowed)
    made = joined.select("party_id_l", "party_id_r", "key", shared.alias("shared")).where(F.col("shared")[0] == F.col("key"))
    bit = F.aggregate("shared", F.lit(0).cast("bigint"), lambda bits, key: bits.bitwiseOR(_bit(key)))
    return made.select("party_id_l", "party_id_r", rule_number().alias("rule_number"), bit.alias("rules"))


def _bit(key: Column) -> Column:
    return F.call_function("shiftleft", F.lit(1).cast("bigint"), F.shiftright(key, HASH_BITS).cast("int"))
