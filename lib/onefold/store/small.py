"""Frames of what the driver holds: few rows, of a size that Spark knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

__all__ = ["small", "texts"]


def small(spark: SparkSession, schema: pa.Schema, rows: Iterable[Sequence[object]]) -> DataFrame:
    """Return rows as a frame; a join sends it around, and an empty one is dropped with all joins by the optimizer."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(list(column), field.type) for column, field in zip(columns, schema, strict=True)]
    return spark.createDataFrame(pa.table(arrays, schema=schema))


def texts(spark: SparkSession, names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> DataFrame:
    """Return rows of texts as such a frame."""
    return small(spark, pa.schema([(name, pa.string()) for name in names]), rows)
