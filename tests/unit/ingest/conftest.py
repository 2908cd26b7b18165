"""Reads a folder of raw files the way ingest does, without tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import Row, SparkSession

from onefold.ingest import READERS, IngestSource, Owner, Survey, check_key, find_files, judge_key

Taken = tuple[dict[tuple[str, int], Row], list[Survey]]
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def _source(path: Path, **settings: object) -> IngestSource:
    given = {"source": "s", "owner": Owner(team="data"), "path": str(path), "key": ["id"], **settings}
    return IngestSource.model_validate(given)


@pytest.fixture()
def make_source() -> Callable[..., IngestSource]:
    """Return a source of a path, keyed by `id`, with further settings."""
    return _source


@pytest.fixture()
def take(spark: SparkSession) -> Callable[..., Taken]:
    """Return the records by (file name, record number), and the surveys of the files."""

    def take(path: Path, **settings: object) -> Taken:
        source = _source(path, **settings)
        reader = READERS[source.format]
        surveys = reader.survey(spark, source, find_files(spark, source, NOW))
        check_key(source, surveys)
        sound = [s for s in surveys if s.unreadable is None and s.file.size]
        records = judge_key(reader.read(spark, source, sound), source.key).collect()
        by_uri = {s.file.uri: s.file.label.rsplit("/", 1)[-1] for s in surveys}
        found = {(by_uri[r["_path"]], r["_row_number"]): r for r in records}
        assert len(found) == len(records), "two records of one file share a number"
        return found, surveys

    return take
