"""A source, its settings and bronze rows in a few lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.cleanse import CleanseSource
from onefold.ingest import IngestSource

AS_OF = datetime(2024, 5, 1)

Bronze = Callable[..., DataFrame]


class Source(IngestSource, CleanseSource):
    """What the configuration makes of a source file, without the other rooms."""


@pytest.fixture()
def source() -> Callable[..., Source]:
    """A source of people keyed by `id`; any setting may be given."""
    return _make_source


def _make_source(**settings: Any) -> Source:
    plain = {"source": "crm", "owner": {"team": "t"}, "path": "x", "format": "csv", "key": ["id"], "entity_type": "person"}
    return Source.model_validate(plain | settings)


@pytest.fixture()
def bronze(spark: SparkSession) -> Bronze:
    """Bronze rows from dictionaries; `_as_of`, `_file`... may be given, the other lineage is filled in."""

    def make(rows: list[dict[str, Any]], types: dict[str, str] | None = None) -> DataFrame:
        names = list(dict.fromkeys(name for row in rows for name in row if not name.startswith("_")))
        lineage = {
            "_source": "crm",
            "_file": "f.csv",
            "_file_hash": "h",
            "_row_number": None,
            "_batch": "b1",
            "_as_of": AS_OF,
            "_ingested_at": AS_OF,
        }
        data = []
        for number, row in enumerate(rows, start=1):
            full = lineage | {"_row_number": number} | row
            data.append(tuple(full.get(name) for name in (*lineage, *names)))
        kinds = {"_row_number": "bigint", "_as_of": "timestamp", "_ingested_at": "timestamp"} | (types or {})
        schema = ", ".join(f"`{name}` {kinds.get(name, 'string')}" for name in (*lineage, *names))
        return spark.createDataFrame(data, schema)

    return make
