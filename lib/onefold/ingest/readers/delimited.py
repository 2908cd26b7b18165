"""CSV and TSV: files of one header read together, each line through Spark's own CSV parser."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from onefold.contracts.bronze import bronze_columns
from onefold.errors import DataContractError
from onefold.ingest import hadoop
from onefold.ingest.files import RawFile, Survey
from onefold.ingest.readers.lines import glob_paths, numbered, place_columns, text_lines
from onefold.ingest.readers.shape import raw_columns, union_groups
from onefold.ingest.settings import IngestSource

__all__ = ["read", "survey"]

# Characters that no text holds stand for "no quote", "no escape" and "no comment"; Spark's own default for
# those is NUL, which broken exports do hold.
_NEVER, _NO_COMMENT, _NO_ESCAPE = "\ufffe", "\uffff", "\ufdd0"
_LONGEST_HEADER = 1 << 24
_SIGNATURES = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\x28\xb5\x2f\xfd": "zstandard"}


def survey(spark: SparkSession, source: IngestSource, files: Sequence[RawFile]) -> list[Survey]:
    """Return the column names of each file from its header, or from the configuration when there is none."""
    encoding = hadoop.charset(spark, source.encoding)
    return [_survey(spark, source, file, encoding) for file in files]


def read(spark: SparkSession, source: IngestSource, surveys: Sequence[Survey]) -> DataFrame:
    """Return the records of the files, united by column name whatever the order of each file's columns."""
    encoding = hadoop.charset(spark, source.encoding)

    def of_header(columns: tuple[str, ...], files: Sequence[RawFile]) -> DataFrame:
        if source.multiline:
            return _read_multiline(spark, source, columns, files)
        lines = text_lines(spark, files, encoding)
        return _from_lines(lines, source, columns, len(files))

    return union_groups(surveys, of_header)


def _survey(spark: SparkSession, source: IngestSource, file: RawFile, encoding: str) -> Survey:
    if file.size == 0:
        return Survey(file)
    try:
        names = _header(spark, source, file, encoding)
    except OSError as error:
        return Survey(file, unreadable=f"cannot be decompressed: {error}")
    return Survey(file, names if source.header else source.columns)


def _header(spark: SparkSession, source: IngestSource, file: RawFile, encoding: str) -> tuple[str, ...]:
    """Return the fields of the first line that is not blank, empty for a file without one."""
    limit = 1 << 16
    while True:
        data = hadoop.head(spark, file.path, limit)
        _reject_disguise(source, file, data, encoding)
        text = hadoop.decode(spark, data, encoding)
        whole = len(data) < limit
        # Python's parser knows delimiters of one character only; U+001F stands for the source's own.
        start = (text if source.multiline else _first_line(text)).replace(_delimiter(source), "\x1f")
        rows = csv.reader(io.StringIO(start, newline=""), **_dialect(source))
        names = next((tuple(row) for row in rows if any(f.strip(" ") for f in row) or len(row) > 1), ())
        ended = whole or (rows.line_num < len(text.splitlines()) if source.multiline else _ended(text))
        if ended:
            return names
        if limit >= _LONGEST_HEADER:
            raise DataContractError(f"source {source.source}: file {file.label} has no line end in its first {limit >> 20} MiB")
        limit <<= 4


def _first_line(text: str) -> str:
    return next((line for line in io.StringIO(text, newline=None) if line.strip(" \n")), "").rstrip("\n")


def _ended(text: str) -> bool:
    return any(end in text.lstrip(" \r\n") for end in "\r\n")


def _dialect(source: IngestSource) -> dict[str, Any]:
    csv.field_size_limit(_LONGEST_HEADER)
    doubled = source.escape == source.quote
    return {
        "delimiter": "\x1f",
        "quotechar": source.quote or None,
        "quoting": csv.QUOTE_MINIMAL if source.quote else csv.QUOTE_NONE,
        "doublequote": doubled,
        "escapechar": None if doubled or not source.escape else source.escape,
    }


def _delimiter(source: IngestSource) -> str:
    return source.delimiter or ("\t" if source.format == "tsv" else ",")


def _reject_disguise(source: IngestSource, file: RawFile, data: bytes, encoding: str) -> None:
    packed = next((kind for mark, kind in _SIGNATURES.items() if data.startswith(mark)), None)
    if packed:
        raise DataContractError(
            f"source {source.source}: file {file.label} is {packed} data, but its name does not say so",
            hint="rename it (.gz, .bz2, .zst) or unpack it",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and encoding == "UTF-8":
        raise DataContractError(
            f"source {source.source}: file {file.label} starts with the mark of UTF-16, but encoding utf-8 is declared",
            hint="declare encoding: utf-16",
        )


def _options(source: IngestSource) -> dict[str, str]:
    return {
        "sep": _delimiter(source),
        "quote": source.quote or _NEVER,
        "escape": source.escape or _NEVER,
        "comment": _NO_COMMENT,
        "charToEscapeQuoteEscaping": _NO_ESCAPE,
        "mode": "PERMISSIVE",
        "columnNameOfCorruptRecord": "_bad",
    }


def _from_lines(lines: DataFrame, source: IngestSource, columns: tuple[str, ...], files: int) -> DataFrame:
    # A last field of our own at the end of each line shows a quote left open, which would otherwise swallow the rest.
    fields = [f"c{i}" for i in range(len(columns))]
    schema = ", ".join(f"{name} string" for name in (*fields, "_end", "_bad"))
    ended = F.concat("_line", F.lit(_delimiter(source) + "."))
    records = numbered(lines, {"_parsed": F.from_csv(ended, schema, _options(source))}, files=files)
    skipped = 1 if source.header else 0
    rows = records.where(F.col("_row_number") > skipped)
    malformed = F.col("_parsed._bad").isNotNull() | F.col("_parsed._end").isNull()
    values = [F.col(f"_parsed.{field}") for field in fields]
    return _shaped(rows, columns, values, malformed=malformed, raw=F.col("_line"), skipped=skipped)


def _read_multiline(spark: SparkSession, source: IngestSource, columns: tuple[str, ...], files: Sequence[RawFile]) -> DataFrame:
    """Read quoted line breaks (which arrive as LF): each file by one task, through Spark's CSV reader."""
    fields = [f"c{i}" for i in range(len(columns))]
    schema = StructType([StructField(name, StringType()) for name in (*fields, "_bad")])
    # Without pruning the numbering pass parses exactly as the reading pass does.
    options = _options(source) | {"multiLine": "true", "header": str(source.header).lower(), "columnPruning": "false"}
    encoding = hadoop.charset(spark, source.encoding)
    scan = spark.read.schema(schema).options(**options, encoding=encoding).csv(glob_paths(files))
    records = numbered(scan.select("*", *place_columns()), {}, files=len(files))
    values = [F.col(field) for field in fields]
    named = [value.alias(name) for value, name in zip(values, bronze_columns(columns), strict=True)]
    raw = F.coalesce(F.col("_bad"), F.to_json(F.struct(*named)))
    return _shaped(records, columns, values, malformed=F.col("_bad").isNotNull(), raw=raw)


def _shaped(
    rows: DataFrame, columns: tuple[str, ...], values: list[Column], *, malformed: Column, raw: Column, skipped: int = 0
) -> DataFrame:
    reason = F.when(malformed, F.lit("wrong_column_count"))
    detail = F.when(malformed, F.lit(f"expected {len(columns)} fields, found more or fewer, or a quote left open"))
    return rows.select(
        "_path",
        (F.col("_row_number") - skipped).alias("_row_number"),
        raw.alias("_raw"),
        reason.alias("_reason"),
        detail.alias("_detail"),
        *raw_columns(columns, values),
    )
