"""Gives read records their lineage, judges their keys, and splits them into accepted and quarantined."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, MapType, StringType, StructType

from onefold.contracts.bronze import QUARANTINE, bronze_column, bronze_columns, locate
from onefold.errors import DataContractError
from onefold.ingest.files import RawFile, Survey
from onefold.ingest.readers.shape import RECORD_COLUMNS
from onefold.ingest.settings import IngestSource

__all__ = ["accepted", "check_key", "judge_key", "quarantined", "stamp", "unreadable"]


def check_key(source: IngestSource, surveys: Sequence[Survey], known: Collection[str] | None = None) -> None:
    """Make sure that every file has every key column; files without any column (empty ones) have nothing to check.

    `known` are the mapped columns: a first line in which nothing is known may be data, and is then not shown.

    Raises:
        DataContractError: naming source, file, missing columns and the columns found.
    """
    for survey in surveys:
        columns = bronze_columns(survey.columns)
        missing = [name for name in source.key if columns and locate(name, columns) is None]
        if missing:
            shown = ", ".join(survey.columns[:30]) + (", ..." if len(survey.columns) > 30 else "")
            spoken = None if known is None else {*known, *source.ignore, *source.key}
            if spoken is not None and all(locate(name, columns) is None for name in spoken):
                shown = f"{len(columns)} columns, none of them known; is its header missing, or its delimiter another?"
            raise DataContractError(
                f"source {source.source}: file {survey.file.label} has no key column {', '.join(missing)}; it has: {shown}",
                hint="correct the source's key, delimiter or header, or ask its owner "
                f"({source.owner.team}) what became of the column; the other sources went on",
            )


def judge_key(records: DataFrame, key: Sequence[str]) -> DataFrame:
    """Refuse records, not refused already, of which a part of the key is null or blank."""
    blank = [_is_blank(_value(records, name)) for name in key]
    refused = F.col("_reason").isNull() & F.greatest(*blank) if len(blank) > 1 else F.col("_reason").isNull() & blank[0]
    names = F.array_compact(F.array(*(F.when(b, F.lit(n)) for b, n in zip(blank, key, strict=True))))
    detail = F.concat(F.lit("no value in key column "), F.array_join(names, ", "))
    return records.withColumns(
        {
            "_detail": F.when(refused, detail).otherwise(F.col("_detail")),
            "_reason": F.when(refused, F.lit("key_missing")).otherwise(F.col("_reason")),
        }
    )


def _value(records: DataFrame, name: str) -> Column:
    found = locate(name, [c for c in records.columns if c not in RECORD_COLUMNS])
    if found is None:  # only when no file had any column: then nothing but refused records is left
        return F.lit(None).cast("string")
    column, path = found
    return _into(F.col(f"`{column}`"), records.schema[column].dataType, path)


def _into(value: Column, type_: DataType, path: tuple[str, ...]) -> Column:
    """Follow a path into a struct or map, or into JSON text."""
    for depth, step in enumerate(path):
        if isinstance(type_, StringType):
            return F.get_json_object(value, "$" + "".join(p if p.startswith("[") else f"['{p}']" for p in path[depth:]))
        if isinstance(type_, StructType):
            inner = {n.lower(): n for n in type_.names}.get(bronze_column(step).lower())
            if inner is None:
                return F.lit(None).cast("string")
            value, type_ = value.getField(inner), type_[inner].dataType
        elif isinstance(type_, MapType):
            value, type_ = value.getItem(step), type_.valueType
        elif isinstance(type_, ArrayType):
            value, type_ = value.getItem(int(step.strip("[]"))), type_.elementType
    return value


def _is_blank(value: Column) -> Column:
    return value.isNull() | ~value.cast("string").rlike("\\S")


def stamp(records: DataFrame, files: Sequence[RawFile], source: str, *, batch: str, at: datetime) -> DataFrame:
    """Add the lineage columns; `_path` gives way to the file's label, hash and business time."""
    spark = records.sparkSession
    if len(files) == 1:
        only = files[0]
        known = records.select(
            "*", F.lit(only.label).alias("_file"), F.lit(only.hash).alias("_file_hash"), _time(only.as_of).alias("_as_of")
        )
    else:
        known = records.join(F.broadcast(_file_frame(spark, files)), on="_path", how="left")
        lost = F.raise_error(F.lit("Spark reports a raw file under a path that was not listed"))
        known = known.withColumn("_file", F.coalesce("_file", lost.cast("string")))
    return known.drop("_path").select(
        "*", F.lit(source).alias("_source"), F.lit(batch).alias("_batch"), _time(at).alias("_ingested_at")
    )


def _time(value: datetime) -> Column:
    return F.timestamp_micros(F.lit(int(value.timestamp() * 1_000_000)))


def _file_frame(spark: SparkSession, files: Sequence[RawFile]) -> DataFrame:
    columns = {
        "_path": pa.array([f.uri for f in files]),
        "_file": pa.array([f.label for f in files]),
        "_file_hash": pa.array([f.hash for f in files]),
        "_as_of": pa.array([f.as_of for f in files], pa.timestamp("us", tz="UTC")),
    }
    return spark.createDataFrame(pa.table(columns))


def unreadable(spark: SparkSession, surveys: Sequence[Survey]) -> DataFrame:
    """Return one refused record, number 0, for each file that cannot be read at all."""
    broken = [s for s in surveys if s.unreadable is not None]
    columns = {
        "_path": pa.array([s.file.uri for s in broken], pa.string()),
        "_row_number": pa.array([0] * len(broken), pa.int64()),
        "_raw": pa.array([None] * len(broken), pa.string()),
        "_reason": pa.array(["unreadable_file"] * len(broken), pa.string()),
        "_detail": pa.array([s.unreadable for s in broken], pa.string()),
    }
    return spark.createDataFrame(pa.table(columns))


def accepted(stamped: DataFrame) -> DataFrame:
    """Return the records that nothing speaks against, with their lineage and raw columns."""
    return stamped.where(F.col("_reason").isNull()).drop("_reason", "_detail", "_raw")


def quarantined(stamped: DataFrame) -> DataFrame:
    """Return the refused records as rows of bronze/quarantine."""
    return QUARANTINE.conform(stamped.where(F.col("_reason").isNotNull()))
