"""Checks of what a value is: its range, its set, and what it must agree with."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, TimestampType

from onefold.quality.checks.listed import listed
from onefold.quality.checks.value import Value

__all__ = ["cross_field", "differs_from", "in_reference", "in_set", "range_", "sql"]


def range_(v: Value) -> Column:
    """Pass numbers and dates between bounds, both included; a text that is no number fails."""
    p = v.params
    if isinstance(v.type, DateType | TimestampType):
        value, least, most = v.date, *(F.lit(b).cast("string").try_cast("date") for b in (p.min, p.max))
    else:
        value = v.column.cast("string").try_cast("double")
        least, most = (F.lit(b).cast("string").try_cast("double") for b in (p.min, p.max))
    inside = value.isNotNull()
    inside = inside & (value >= least) if p.min is not None else inside
    inside = inside & (value <= most) if p.max is not None else inside
    return F.when(v.column.isNotNull(), F.coalesce(inside, F.lit(False)))


def in_set(v: Value) -> Column:
    """Pass values of the list; with negate, the others."""
    words = [str(w).lower() if v.params.ignore_case else str(w) for w in v.params.values]
    found = (F.lower(v.text) if v.params.ignore_case else v.text).isin(words)
    return ~found if v.params.negate else found


def in_reference(v: Value) -> Column:
    """Pass values of the named set; with negate, the others."""
    found = listed(v.around.references[v.params.reference], v.text)
    return F.when(v.column.isNotNull(), ~found if v.params.negate else found)


def differs_from(v: Value) -> Column:
    """Pass values that are not the same as another, without case."""
    return F.lower(v.text) != F.lower(F.expr(v.params.other).cast("string"))


def sql(v: Value) -> Column:
    """Pass where the condition holds; null passes unless `null_fails`."""
    found = F.expr(v.params.sql).cast("boolean")
    return F.coalesce(found, F.lit(False)) if v.params.null_fails else found


cross_field = sql
