"""Fixed width: each line cut by the declared layout, padding taken off."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.ingest import hadoop
from onefold.ingest.files import RawFile, Survey
from onefold.ingest.readers.lines import numbered, text_lines
from onefold.ingest.readers.shape import raw_columns
from onefold.ingest.settings import IngestSource

__all__ = ["read", "survey"]


def survey(_spark: SparkSession, source: IngestSource, files: Sequence[RawFile]) -> list[Survey]:
    """Return the declared columns for each file: the layout is the configuration's, not the file's."""
    columns = tuple(field.name for field in source.fields)
    return [Survey(file, columns if file.size else ()) for file in files]


def read(spark: SparkSession, source: IngestSource, surveys: Sequence[Survey]) -> DataFrame:
    """Return a record a line; a line that ends before the last field starts, or goes on after it, is refused.

    Positions count characters, not bytes. Spaces around a value are padding; a field of nothing else is null. Missing
    padding at the end of a line is no fault.
    """
    lines = text_lines(spark, [s.file for s in surveys], hadoop.charset(spark, source.encoding))
    records = numbered(lines, {}, files=len(surveys))
    line = F.regexp_replace("_line", "^\ufeff", "")
    last = max(source.fields, key=lambda field: field.start)
    width = max(field.start + field.length - 1 for field in source.fields)
    shortest = last.start - 1
    reason = F.when(F.length(line) < shortest, F.lit("line_too_short")).when(
        F.length(F.rtrim(line)) > width, F.lit("line_too_long")
    )
    found = F.concat(F.lit(f"expected {shortest} to {width} characters, found "), F.length(line).cast("string"))
    cut = [F.trim(F.substring(line, field.start, field.length)) for field in source.fields]
    return records.select(
        "_path",
        "_row_number",
        F.col("_line").alias("_raw"),
        reason.alias("_reason"),
        F.when(reason.isNotNull(), found).alias("_detail"),
        *raw_columns([f.name for f in source.fields], [F.when(value != "", value) for value in cut]),
    )
