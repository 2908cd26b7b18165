"""Parquet: typed as it came, nested kept; files of one schema read together."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    DataType,
    DateType,
    MapType,
    NumericType,
    StringType,
    StructField,
    StructType,
    TimestampNTZType,
    TimestampType,
)

from onefold.contracts.bronze import bronze_columns
from onefold.ingest import hadoop
from onefold.ingest.files import RawFile, Survey
from onefold.ingest.readers.lines import glob_paths
from onefold.ingest.readers.shape import raw_columns, union_groups
from onefold.ingest.settings import IngestSource

__all__ = ["read", "storable", "survey"]

_STORABLE = (StringType, BinaryType, BooleanType, NumericType, DateType, TimestampType)


def survey(spark: SparkSession, _source: IngestSource, files: Sequence[RawFile]) -> list[Survey]:
    """Return the columns of each file from its footer; a file without a sound footer is unreadable."""
    surveys = []
    for file in files:
        try:
            layout, fields = hadoop.parquet_footer(spark, file.path)
        except OSError as error:
            surveys.append(Survey(file, unreadable=f"not a sound Parquet file: {error}"))
        else:
            surveys.append(Survey(file, tuple(name for name, _ in fields), layout=layout))
    return surveys


def read(spark: SparkSession, _source: IngestSource, surveys: Sequence[Survey]) -> DataFrame:
    """Return a record a row, numbered by its place in the file."""

    def of_schema(columns: tuple[str, ...], files: Sequence[RawFile]) -> DataFrame:
        nanos = {name for name, text in hadoop.parquet_footer(spark, files[0].path)[1] if "(TIMESTAMP(NANOS," in text}
        scan = spark.read.parquet(*glob_paths(files))
        kept = [n for n in columns if n in scan.columns]
        values = [_value(scan, name, nanos=name in nanos) for name in kept]
        row = F.struct(*(F.col(f"`{n}`").alias(c) for n, c in zip(kept, bronze_columns(kept), strict=True)))
        return scan.select(
            F.col("_metadata.file_path").alias("_path"),
            (F.col("_metadata.row_index") + 1).alias("_row_number"),
            F.to_json(row).alias("_raw"),
            F.lit(None).cast("string").alias("_reason"),
            F.lit(None).cast("string").alias("_detail"),
            *raw_columns(kept, values),
        )

    return union_groups(surveys, of_schema)


def _value(scan: DataFrame, name: str, *, nanos: bool) -> Column:
    value = F.col(f"`{name}`")
    type_ = scan.schema[name].dataType
    if nanos and type_.simpleString() == "bigint":  # top-level nanoseconds, which Spark reads as a plain number
        quoted = name.replace("`", "``")
        return F.expr(f"timestamp_micros(`{quoted}` div 1000)")
    wanted = storable(type_)
    return value if wanted == type_ else value.cast(wanted)


def storable(type_: DataType) -> DataType:
    """Return the type in which a table every reader knows can hold a value.

    Types that Delta lacks (void, time of day, intervals, variants) become text, wall-clock timestamps are taken as UTC
    (their own type would need a table feature that readers outside Spark lack), and nested field names lose the
    characters that Delta refuses.
    """
    if isinstance(type_, StructType):
        names = bronze_columns(type_.names)
        return StructType([StructField(n, storable(f.dataType), True) for n, f in zip(names, type_.fields, strict=True)])
    if isinstance(type_, ArrayType):
        return ArrayType(storable(type_.elementType))
    if isinstance(type_, MapType):
        return MapType(storable(type_.keyType), storable(type_.valueType))
    if isinstance(type_, TimestampNTZType):
        return TimestampType()
    return type_ if isinstance(type_, _STORABLE) else StringType()
