"""Parties and entity maps of a few lines, for the publish tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zlib import crc32

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructField, StructType

from onefold.contracts.matching import ENTITY_MAP
from onefold.contracts.silver import PARTY

Row = dict[str, Any]
Frames = Callable[..., DataFrame]

LOADED = datetime(2026, 11, 20)


def _filled(row: Row) -> Row:
    """Add to a row what every party has, derived from its record id where that is possible."""
    source, _, key = row["record_id"].partition(":")
    given = {"party_id": crc32(row["record_id"].encode()), "source": source, "source_key": key, "as_of": LOADED}
    traced = {"entity_type": "person", "batch": "b", "file": "f", "file_hash": "h", "row_number": 1}
    return given | traced | row


@pytest.fixture(scope="session")
def parties(spark: SparkSession) -> Frames:
    def make(rows: list[Row], *further: StructField) -> DataFrame:
        schema = StructType([*PARTY.schema, *further])
        return spark.createDataFrame([tuple(row.get(n) for n in schema.names) for row in map(_filled, rows)], schema)

    return make


@pytest.fixture(scope="session")
def entities(spark: SparkSession) -> Frames:
    def make(members: dict[str, str], entity_type: str = "person") -> DataFrame:
        rows = [(r, crc32(r.encode()), entity_type, c, 1, None, None, None) for r, c in members.items()]
        return spark.createDataFrame(rows, ENTITY_MAP.schema)

    return make
