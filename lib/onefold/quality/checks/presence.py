"""Checks of what is there and what is not."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

from onefold.quality.checks.value import Value, given

__all__ = ["all_or_none", "any_of", "exactly_one_of", "not_blank", "not_null", "not_sentinel", "raw_kept", "required_if"]


def not_null(v: Value) -> Column:
    """Pass what is there."""
    return v.column.isNotNull()


def not_blank(v: Value) -> Column:
    """Pass what is there and is not an empty text, list or map."""
    return given(v.column, v.type)


def not_sentinel(v: Value) -> Column:
    """Pass what does not merely mean nothing, such as n/a, unknown or 0000."""
    nothing = sorted({*v.around.sentinels, *(s.strip().lower() for s in v.params.values)})
    return ~F.lower(F.trim(v.text)).isin(nothing)


def any_of(v: Value) -> Column:
    """Pass where at least one of the columns has a value."""
    return reduce(Column.__or__, _given(v))


def exactly_one_of(v: Value) -> Column:
    """Pass where one of the columns has a value, and only one."""
    return _count(v) == 1


def all_or_none(v: Value) -> Column:
    """Pass where all of the columns have a value, or none has."""
    return _count(v).isin(0, len(v.params.columns))


def required_if(v: Value) -> Column:
    """Pass where the condition does not hold, or the value is there and not empty."""
    return ~F.coalesce(F.expr(v.params.when).cast("boolean"), F.lit(False)) | given(v.column, v.type)


def raw_kept(v: Value) -> Column:
    """Pass where the source gave no text, or cleansing made a value of it."""
    raw = F.col("raw")[v.params.raw or v.rule.attribute]
    return ~given(raw, StringType()) | given(v.column, v.type)


def _given(v: Value) -> list[Column]:
    return [v.around.given(sql) for sql in v.params.columns]


def _count(v: Value) -> Column:
    return reduce(Column.__add__, (one.cast("int") for one in _given(v)))
