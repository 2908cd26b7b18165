"""Spreads the join inside large blocks over many tasks: one hot key is never the work of one task.

A block of n records is a join of n by n rows under one key, which Spark gives to one task; adaptive execution sees few bytes
and does not split it. Here the left rows of a block are dealt over `parts` and its right rows are given to every part, so
that each pair is still made exactly once.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["ROWS_PER_PART", "dealt_part", "every_part"]

ROWS_PER_PART = 500
"""Left rows of one part of a block; blocks up to this size have one part."""


def _parts(size: Column) -> Column:
    return F.ceil(size / F.lit(ROWS_PER_PART)).cast("int")


def dealt_part(size: Column, party_id: Column) -> Column:
    """Return the one part that a left row of a block of `size` records belongs to, from 0."""
    return F.pmod(F.xxhash64(party_id), _parts(size).cast("bigint")).cast("int")


def every_part(size: Column) -> Column:
    """Return all parts of a block of `size` records as an array, to be exploded on the right side."""
    return F.sequence(F.lit(0), F.greatest(_parts(size), F.lit(1)) - 1)
