"""Excel: every cell of one sheet as text, read by calamine inside the tasks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.ingest.files import RawFile, Survey
from onefold.ingest.readers.lines import glob_paths
from onefold.ingest.readers.shape import raw_columns
from onefold.ingest.settings import IngestSource

__all__ = ["cell_text", "read", "survey"]

_ROWS = 5_000
_SURVEY = "_path string, columns array<string>, sheets array<string>, problem string"
_RECORDS = "_path string, _row_number bigint, cells array<string>"


def survey(spark: SparkSession, source: IngestSource, files: Sequence[RawFile]) -> list[Survey]:
    """Return the header of each workbook's sheet; a workbook that cannot be opened is unreadable.

    Raises:
        DataContractError: when a workbook has no sheet of the declared name.
    """
    # Arrow UDF: Spark has no reader for workbooks; one row a file comes back here.
    looked = _workbooks(spark, files).mapInArrow(_surveyor(source.sheet, source.columns if not source.header else None), _SURVEY)
    found = looked.agg(F.collect_list(F.struct("*")).alias("all")).first()
    by_path = {row["_path"]: row.asDict() for row in (found["all"] if found else ())}
    result = []
    for file in files:
        row = by_path[file.uri] if file.size else None
        if row is None:  # Spark skips files of no bytes
            result.append(Survey(file))
        elif row["sheets"] is not None:
            raise DataContractError(
                f"source {source.source}: file {file.label} has no sheet {source.sheet!r}; it has {', '.join(row['sheets'][:5])}",
                hint="name one of these in the source's sheet",
            )
        else:
            result.append(Survey(file, tuple(row["columns"] or ()), unreadable=row["problem"]))
    return result


def read(spark: SparkSession, source: IngestSource, surveys: Sequence[Survey]) -> DataFrame:
    """Return a record a row below the header; rows without any value are no records."""
    names = tuple(dict.fromkeys(name for survey in surveys for name in survey.columns))
    readers = _reader(source.sheet, source.columns if not source.header else None, names)
    # Arrow UDF: see survey; the workbook is held in memory by one task.
    rows = _workbooks(spark, [s.file for s in surveys]).mapInArrow(readers, _RECORDS)
    values = [F.col("cells").getItem(i) for i in range(len(names))]
    nothing = F.lit(None).cast("string")
    columns = raw_columns(names, values)
    shaped = rows.select("_path", "_row_number", nothing.alias("_reason"), nothing.alias("_detail"), *columns)
    raw = F.to_json(F.struct(*(F.col(f"`{n}`") for n in shaped.columns[4:]))) if names else nothing
    return shaped.withColumn("_raw", raw)


def cell_text(value: Any) -> str | None:
    """Return a cell as text: whole numbers without `.0`, dates in ISO form, empty as None.

    >>> [cell_text(v) for v in (12.0, 1.5, True, datetime(2024, 1, 31), "", " a ")]
    ['12', '1.5', 'true', '2024-01-31', None, ' a ']
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _workbooks(spark: SparkSession, files: Sequence[RawFile]) -> DataFrame:
    scan = spark.read.format("binaryFile").load(glob_paths(files))
    return scan.select(F.col("_metadata.file_path").alias("_path"), "content")


def _sheet(content: bytes, sheet: str | None, fixed: tuple[str, ...] | None) -> tuple[tuple[str, ...], list[list[str | None]]]:
    """Return the column names and the rows below them, in text; raises KeyError with the sheets when ours is missing."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    if not book.sheet_names or (sheet is not None and sheet not in book.sheet_names):
        raise KeyError(*book.sheet_names)
    cells = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)
    rows = [texts for row in cells if any(texts := [cell_text(v) for v in row])]
    if fixed is not None:
        return fixed, rows
    if not rows:
        return (), []
    below = rows[1:]
    width = max(len(r) for r in rows)
    padded = [*rows[0], *[None] * (width - len(rows[0]))]
    used = [i for i, name in enumerate(padded) if name is not None or any(i < len(r) and r[i] is not None for r in below)]
    seen: dict[str, int] = {}
    names = []
    for i in used:
        name = padded[i] or f"column_{i + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(names), [[r[i] if i < len(r) else None for i in used] for r in below]


def _surveyor(sheet: str | None, fixed: tuple[str, ...] | None) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def look(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for path, content in _files(batches):
            columns, sheets, problem = None, None, None
            try:
                columns = list(_sheet(content, sheet, fixed)[0])
            except KeyError as error:
                sheets = [str(name) for name in error.args]
            except Exception as error:  # calamine and its zip and XML parsers raise of many kinds; each means unreadable
                problem = f"not a sound workbook: {type(error).__name__}"
            texts = pa.list_(pa.string())
            arrays = [pa.array([path]), pa.array([columns], texts), pa.array([sheets], texts), pa.array([problem], pa.string())]
            yield pa.RecordBatch.from_arrays(arrays, names=["_path", "columns", "sheets", "problem"])

    return look


def _reader(
    sheet: str | None, fixed: tuple[str, ...] | None, names: tuple[str, ...]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def cells(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for path, content in _files(batches):
            own, rows = _sheet(content, sheet, fixed)
            places = [own.index(name) if name in own else None for name in names]
            for start in range(0, len(rows), _ROWS):
                part = rows[start : start + _ROWS]
                aligned = [[row[p] if p is not None and p < len(row) else None for p in places] for row in part]
                numbers = range(start + 1, start + 1 + len(part))
                arrays = [pa.array([path] * len(part)), pa.array(numbers, pa.int64()), pa.array(aligned, pa.list_(pa.string()))]
                yield pa.RecordBatch.from_arrays(arrays, names=["_path", "_row_number", "cells"])

    return cells


def _files(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[str, bytes]]:
    for batch in batches:
        yield from zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)
