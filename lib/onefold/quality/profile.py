"""Profiles a table in one pass: how full, how various and how long each column is, without showing a value."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

__all__ = ["profile"]


def profile(frame: DataFrame) -> DataFrame:
    """Return one row a column of the frame.

    Columns of the result: `column`, `type`, `rows`, `filled` (not null, not blank, not an empty list), `filled_share`
    (0 to 1), `distinct` (approximate, relative error about 5 %), `shortest`, `longest` (characters; null unless text).
    """
    parts = [
        F.struct(
            F.lit(field.name).alias("column"),
            F.lit(field.dataType.simpleString()).alias("type"),
            F.count(F.lit(1)).alias("rows"),
            F.count_if(_filled(field.name, field.dataType.simpleString())).alias("filled"),
            F.approx_count_distinct(_comparable(field.name, field.dataType.simpleString())).alias("distinct"),
            F.min(_length(field.name, field.dataType.simpleString())).alias("shortest"),
            F.max(_length(field.name, field.dataType.simpleString())).alias("longest"),
        )
        for field in frame.schema.fields
    ]
    rows = frame.agg(F.array(*parts).alias("profile")).select(F.inline("profile"))
    share = F.round(F.col("filled") / F.greatest(F.col("rows"), F.lit(1)), 4)
    return rows.select("column", "type", "rows", "filled", share.alias("filled_share"), "distinct", "shortest", "longest")


def _filled(name: str, kind: str) -> Column:
    value = F.col(f"`{name}`")
    if kind == "string":
        return F.coalesce(F.trim(value) != "", F.lit(False))
    if kind.startswith(("array", "map")):
        return F.coalesce(F.size(value) > 0, F.lit(False))
    return value.isNotNull()


def _comparable(name: str, kind: str) -> Column:
    value = F.col(f"`{name}`")
    return F.to_json(value) if kind.startswith(("array", "map", "struct")) else value


def _length(name: str, kind: str) -> Column:
    return F.length(F.col(f"`{name}`")) if kind == "string" else F.lit(None).cast("int")
