"""Text files as numbered, decoded lines: what CSV, TSV, JSON lines and fixed width have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.ingest import hadoop
from onefold.ingest.files import RawFile

__all__ = ["glob_paths", "numbered", "place_columns", "text_lines"]


def glob_paths(files: Sequence[RawFile]) -> list[str]:
    """Return the files' paths with glob characters escaped, because Spark reads every path as a glob."""
    return [re.sub(r"([\\*?\[\]{}])", r"\\\1", f.path) for f in files]


def place_columns() -> list[Column]:
    """Return `_path` (URI of the row's file) and `_block` (byte where the row's split starts) of a file scan."""
    return [F.col("_metadata.file_path").alias("_path"), F.col("_metadata.file_block_start").alias("_block")]


def text_lines(spark: SparkSession, files: Sequence[RawFile], encoding: str) -> DataFrame:
    """Return `_path`, `_block`, `_line`: the files' lines that are not blank, decoded, U+FFFD for bytes that do not fit.

    Lines end in LF, CRLF or CR. A line of nothing but spaces is no record. `encoding` is a Java name.
    """
    if hadoop.keeps_ascii(spark, encoding):
        # Spark keeps the bytes of a line as they are, so that large files are split first and decoded later.
        raw = spark.read.text(glob_paths(files)).select(*place_columns(), F.col("value").alias("_line"))
        fits = F.make_valid_utf8("_line") if encoding == "UTF-8" else F.decode(F.col("_line").cast("binary"), encoding)
        lines = raw.select("_path", "_block", fits.alias("_line"))
    else:
        # UTF-16, UTF-32 and EBCDIC have no byte that always ends a line: such a file is decoded whole, in one task.
        whole = spark.read.text(glob_paths(files), wholetext=True).select(*place_columns(), F.col("value").alias("_text"))
        text = F.regexp_replace(F.decode(F.col("_text").cast("binary"), encoding), "^\ufeff", "")
        lines = whole.select("_path", "_block", F.explode(F.split(text, "\r\n|\r|\n")).alias("_line"))
    return lines.where(F.length(F.trim("_line")) > 0)


def numbered(records: DataFrame, beside: Mapping[str, Column], *, files: int) -> DataFrame:
    """Add `_row_number` (position in the file, from 1) and the `beside` columns to records that hold `_path` and `_block`.

    How: monotonically_increasing_id counts the records of a task in file order, and a split (`_path`, `_block`) lies
    whole within one task. So one light pass gives, per split, its first id and its count; the counts of the splits
    before it in the file are its offset, and number = id - first id + offset + 1. That needs no shuffle of the records
    and no window over a file. Both passes plan the same scan, hence the same ids; should that ever not hold, the range
    check stops the job instead of giving a wrong number. One file in one task needs no pass: number = id + 1.

    The `beside` columns are made in the same projection as the id: Spark never pushes a filter below such a projection,
    so that a costly parse is not done once for the filter and once more for the values.
    """
    added = [column.alias(name) for name, column in beside.items()]
    marked = records.select("*", F.monotonically_increasing_id().alias("_mark"), *added)
    if files == 1 and records.rdd.getNumPartitions() <= 1:
        return marked.withColumn("_row_number", F.col("_mark") + 1).drop("_mark", "_block")
    joined = marked.join(F.broadcast(_offsets(marked)), on=["_path", "_block"], how="left")
    misplaced = F.raise_error(F.lit("the two passes over a raw file do not agree on its splits; run again"))
    inside = F.col("_mark").between(F.col("_first"), F.col("_last"))
    number = F.when(inside, F.col("_mark") + F.col("_shift")).otherwise(misplaced)
    return joined.withColumn("_row_number", number.cast("bigint")).drop("_mark", "_block", "_first", "_last", "_shift")


def _offsets(marked: DataFrame) -> DataFrame:
    """Return per split its first and last id and what to add to an id to get the row number in the file."""
    splits = marked.groupBy("_path", "_block").agg(F.min("_mark").alias("first"), F.count(F.lit(1)).alias("records"))
    found = splits.agg(F.sort_array(F.collect_list(F.struct("_path", "_block", "first", "records"))).alias("all")).first()
    rows: list[tuple[str, int, int, int, int]] = []
    for path, of_file in groupby(found["all"] if found else (), key=lambda s: s["_path"]):
        before = 0
        for split in of_file:
            first, count = split["first"], split["records"]
            rows.append((path, split["_block"], first, first + count - 1, before - first + 1))
            before += count
    names = ("_path", "_block", "_first", "_last", "_shift")
    types = (pa.string(), pa.int64(), pa.int64(), pa.int64(), pa.int64())
    columns = {n: pa.array([r[i] for r in rows], t) for i, (n, t) in enumerate(zip(names, types, strict=True))}
    return marked.sparkSession.createDataFrame(pa.table(columns))
