"""Takes over from silver the records of which the source says what it said before: only the others are standardised.

Standardising is most of the work of cleansing, and it depends on nothing but the record. So a hash of what the record says and
of how it is standardised is kept beside it; where the hash is the same, so would be the result.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from onefold.cleanse.reference import versions
from onefold.cleanse.settings import StandardiseSettings
from onefold.contracts.silver import PARTY

__all__ = ["LINEAGE", "Before", "at_place", "changed", "content_hash", "stayed", "way_of_standardising"]

_FORMAT = 2
"""Raised when the same raw values are standardised otherwise than before."""
_LIBRARIES = ("phonenumbers", "email-validator", "nameparser", "pycountry", "python-stdnum", "anyascii", "cleanco")

LINEAGE = ("source", "source_key", "batch", "file", "file_hash", "row_number", "as_of")
"""Where a record is now; the columns that a record taken over has from its new row."""
_NOT_SAID = frozenset({*LINEAGE, "mode", "ingested_at", "deleted", "fate", "fate_detail"})
_PLACE = ("source", "file_hash", "row_number")


@dataclass(frozen=True)
class Before:
    """Silver parties as the last run left them, and what cuts the lineage of a frame that is read more than once."""

    silver: DataFrame
    cut: Callable[[DataFrame, str], DataFrame]


def way_of_standardising(attributes: Mapping[str, str], standardise: StandardiseSettings) -> str:
    """Return a text that differs where the same raw values may be standardised otherwise: settings, columns, libraries."""
    way = {
        "format": _FORMAT,
        "settings": standardise.model_dump(mode="json"),
        "attributes": dict(attributes),
        "columns": [f"{c.name} {c.type.simpleString()}" for c in PARTY.columns],
        "reference": versions(),
        "libraries": [f"{name} {version(name)}" for name in _LIBRARIES],
    }
    return json.dumps(way, sort_keys=True)


def content_hash(rows: DataFrame, way: str) -> Column:
    """Return a 64-bit hash of all that a canonical raw row says, by name, and of the way that it is standardised.

    Of the file's business time only what it decides is in: whether the birth date lies after it.
    """
    said = F.to_json(F.struct(*(name for name in rows.columns if name not in _NOT_SAID)))
    unborn = F.get("birth_dates", F.lit(0)) > F.date_add(F.to_date("as_of"), 1)
    return F.xxhash64(F.lit(way), said, F.coalesce(unborn, F.lit(False)))


def changed(current: DataFrame, silver: DataFrame) -> DataFrame:
    """Return party_id and the place of the current rows that are new or say something new.

    Args:
        current: party_id, content_hash and lineage, a row for each party.
        silver: the parties as they were.
    """
    known = silver.select("party_id", F.col("content_hash").alias("was"))
    laid = current.join(known, on="party_id", how="left")
    return laid.where(~F.col("content_hash").eqNullSafe(F.col("was"))).select("party_id", *_PLACE)


def at_place(rows: DataFrame, places: DataFrame) -> DataFrame:
    """Return the canonical raw rows that stand at these places, with their party_id."""
    return rows.join(places, on=list(_PLACE), how="inner")


def stayed(current: DataFrame, silver: DataFrame, schema: StructType) -> DataFrame:
    """Return the silver parties whose records say what they said, each with the lineage of its new row.

    Args:
        current: party_id, content_hash and lineage, a row for each party.
        silver: the parties as they were.
        schema: of the parties as they are made now; where it differs no hash is the same, and only the columns have to fit.
    """
    place = current.select("party_id", "content_hash", *LINEAGE)
    joined = silver.drop(*LINEAGE).join(place, on=["party_id", "content_hash"], how="inner")
    there = {f.name: f.dataType.simpleString() for f in joined.schema.fields}
    fits = {f.name for f in schema.fields if there.get(f.name) == f.dataType.simpleString()}
    fitted = [(F.col(f"`{f.name}`") if f.name in fits else F.lit(None)).cast(f.dataType).alias(f.name) for f in schema.fields]
    return joined.select(*fitted)
