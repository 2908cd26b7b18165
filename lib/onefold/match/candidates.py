"""Candidate pairs out of sized blocks: one self-join on the block key, then each pair once with the rules that made it."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.match.keyed import block_cap, rule_number
from onefold.match.salting import join_blocks
from onefold.match.settings import EntityBlocking

__all__ = ["candidate_pairs"]


def candidate_pairs(sizes: DataFrame, settings: EntityBlocking) -> DataFrame:
    """Return each pair of records that share a block of allowed size, once, with its first rule and all its rules as bits.

    The join carries a key and two ids only, eight bytes each. To carry each record's keys along instead, so that a pair
    is dropped in the join by all rules but its first, moves several times as much and is several times slower.
    Blocks over their cap take no part, so a pair that only such a block shares is left out and the rules of others hold.
    Where the blocks have a column `chosen`, only pairs with a chosen record are made.
    """
    live = sizes.where(F.col("size") <= block_cap(settings))
    carried = ["party_id", *(() if settings.within_source else ("source",)), *(c for c in ("chosen",) if c in sizes.columns)]
    left = live.select("key", "size", *(F.col(c).alias(f"{c}_l") for c in carried))
    right = live.select("key", "size", *(F.col(c).alias(f"{c}_r") for c in carried))
    allowed = F.col("party_id_l") < F.col("party_id_r")
    if "chosen" in carried:
        allowed = allowed & (F.col("chosen_l") | F.col("chosen_r"))
    if not settings.within_source:
        allowed = allowed & (F.col("source_l") != F.col("source_r"))
    largest = max(settings.cap_of(rule) for rule in settings.rules)
    made = join_blocks(left, right, largest).where(allowed)
    numbered = made.select("party_id_l", "party_id_r", rule_number().alias("rule_number"))
    bit = F.call_function("shiftleft", F.lit(1).cast("bigint"), F.col("rule_number"))
    # By one id, not by both: a record's pairs meet before they are counted, and stay where its attributes are joined.
    return (
        numbered.repartition("party_id_l")
        .groupBy("party_id_l", "party_id_r")
        .agg(F.min("rule_number").alias("rule_number"), F.bit_or(bit).alias("rules"))
    )
