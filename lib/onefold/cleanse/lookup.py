"""Looks a value up in a reference table that travels inside the plan: no join, no shuffle, constant time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["is_listed", "lookup", "replace_tokens"]

_PER_BUCKET = 6


def lookup(table: Mapping[str, str], key: Column) -> Column:
    """Return the table's value for the key, null when it has none.

    Spark scans a map literal from its start; so the table is cut by CRC-32 into an array of small maps. It goes into the plan
    as one JSON text, which Spark folds into one constant.
    """
    count = max(1, len(table) // _PER_BUCKET)
    buckets: list[dict[str, str]] = [{} for _ in range(count)]
    for name in sorted(table):
        buckets[zlib.crc32(name.encode()) % count][name] = table[name]
    literal = F.from_json(F.lit(json.dumps(buckets, ensure_ascii=False)), "array<map<string,string>>")
    position = F.pmod(F.crc32(F.encode(key, "utf-8")), F.lit(count)).cast("int")
    return F.get(literal, position)[key]


def is_listed(values: Iterable[str], key: Column) -> Column:
    """Tell whether the key is one of the values; false for null."""
    return F.coalesce(lookup(dict.fromkeys(values, "y"), key).isNotNull(), F.lit(False))


def replace_tokens(table: Mapping[str, str], text: Column) -> Column:
    """Return the text with each word that the table knows replaced by the table's word."""
    return F.array_join(F.transform(F.split(text, " "), lambda word: F.coalesce(lookup(table, word), word)), " ")
