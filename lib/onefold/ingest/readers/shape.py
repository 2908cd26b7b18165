"""The one shape in which every reader hands over records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame

from onefold.contracts import PersonalData
from onefold.contracts.bronze import bronze_columns
from onefold.ingest.files import RawFile, Survey

__all__ = ["RECORD_COLUMNS", "raw_columns", "union_groups"]

RECORD_COLUMNS: tuple[str, ...] = ("_path", "_row_number", "_raw", "_reason", "_detail")
"""URI of the file, record number from 1, the raw line, why the record is refused (null: it is not) and in what way."""


def raw_columns(names: Sequence[str], values: Sequence[Column]) -> list[Column]:
    """Return the values under their bronze names, each with the raw name in its comment."""
    return [
        value.alias(column, metadata={"comment": f"raw column {name!r}", "personal_data": PersonalData.PERSONAL.value})
        for name, column, value in zip(names, bronze_columns(names), values, strict=True)
    ]


def union_groups(surveys: Sequence[Survey], read: Callable[[tuple[str, ...], Sequence[RawFile]], DataFrame]) -> DataFrame:
    """Read files of the same columns and layout together and unite the groups by name, in order of first appearance."""
    groups: dict[tuple[tuple[str, ...], str], list[RawFile]] = {}
    for survey in surveys:
        groups.setdefault((survey.columns, survey.layout), []).append(survey.file)
    frames = [read(columns, files) for (columns, _), files in groups.items()]
    return reduce(lambda left, right: left.unionByName(right, allowMissingColumns=True), frames)
