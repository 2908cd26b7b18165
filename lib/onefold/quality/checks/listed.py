"""Finds a value among many without looking at them all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["listed", "number_of"]

_PER_BUCKET = 6


def number_of(table: Mapping[str, int], key: Column) -> Column:
    """Return the table's number for the key, null when it has none.

    The table goes into the plan as one JSON text, which Spark folds into a constant: a list, cut by CRC-32, of short maps.
    """
    count = max(1, len(table) // _PER_BUCKET)
    buckets: list[dict[str, int]] = [{} for _ in range(count)]
    for name in sorted(table):
        buckets[zlib.crc32(name.encode()) % count][name] = table[name]
    literal = F.from_json(F.lit(json.dumps(buckets, ensure_ascii=False)), "array<map<string,int>>")
    position = F.pmod(F.crc32(key.cast("binary")), F.lit(count)).cast("int")
    return F.get(literal, position)[key]


def listed(values: Collection[str], key: Column) -> Column:
    """Tell whether the key is one of the values; false for null."""
    return number_of(dict.fromkeys(values, 1), key).isNotNull()
