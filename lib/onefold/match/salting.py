"""Spreads the join inside large blocks over many tasks: one hot key is never the work of one task.

A block of n records is a join of n by n rows under one key, which Spark gives to one task; adaptive execution sees few bytes
and does not split it. Here the left rows of a block are dealt over parts and its right rows are given to every part, so that
each pair is still made exactly once.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

__all__ = ["ROWS_PER_PART", "join_blocks"]

ROWS_PER_PART = 500
"""Left rows of one part of a block; blocks up to this size have one part."""


def join_blocks(left: DataFrame, right: DataFrame, largest: int) -> DataFrame:
    """Return every row of the left with every row of the right that has the same key.

    Args:
        left: `key`, `party_id_l`, `size` (records of the block) and more.
        right: `key`, `size` and more, no name of the left's among them but these.
        largest: the largest block that there may be; where none needs parts, the join is a plain one.
    """
    if largest <= ROWS_PER_PART:
        return left.drop("size").join(right.drop("size"), on="key", how="inner")
    parts = F.ceil(F.col("size") / F.lit(ROWS_PER_PART)).cast("int")
    dealt = left.withColumn("part", _dealt(F.col("party_id_l"), parts)).drop("size")
    every = right.withColumn("part", F.explode(F.sequence(F.lit(0), parts - 1))).drop("size")
    return dealt.join(every, on=["key", "part"], how="inner").drop("part")


def _dealt(party_id: Column, parts: Column) -> Column:
    return F.pmod(F.xxhash64(party_id), parts.cast("bigint")).cast("int")
