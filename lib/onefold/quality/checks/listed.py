"""Finds a value among many without looking at them all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["listed"]

_PER_BUCKET = 6


def listed(values: Collection[str], key: Column) -> Column:
    """Tell whether the key is one of many values, without looking at them all; false for null.

    They go into the plan as one JSON text, which Spark folds into a constant: a list cut by CRC-32 into short ones.
    """
    count = max(1, len(values) // _PER_BUCKET)
    buckets: list[list[str]] = [[] for _ in range(count)]
    for value in sorted(values):
        buckets[zlib.crc32(value.encode()) % count].append(value)
    literal = F.from_json(F.lit(json.dumps(buckets, ensure_ascii=False)), "array<array<string>>")
    position = F.pmod(F.crc32(key.cast("binary")), F.lit(count)).cast("int")
    return F.coalesce(F.array_contains(F.get(literal, position), key), F.lit(False))
