"""Checks of dates."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.quality.checks.value import Value, as_date

__all__ = ["date_order", "date_valid", "max_age", "not_future"]


def date_valid(v: Value) -> Column:
    """Pass dates of the calendar in a year that can be; a text that is no date fails."""
    p = v.params
    date = v.date if p.format is None else F.try_to_timestamp(v.text, F.lit(p.format)).cast("date")
    return F.when(v.column.isNotNull(), F.coalesce(F.year(date).between(p.min_year, p.max_year), F.lit(False)))


def not_future(v: Value) -> Column:
    """Pass dates that are not after the run's day, days of grace added."""
    days: int = v.params.days
    return F.datediff(v.date, _today(v)) <= days


def date_order(v: Value) -> Column:
    """Pass dates that lie between the others; where one of these is missing it says nothing."""
    p, kept = v.params, []
    if p.not_before is not None:
        kept.append(F.coalesce(v.date >= as_date(*v.around.typed(p.not_before)), F.lit(True)))
    if p.not_after is not None:
        kept.append(F.coalesce(v.date <= as_date(*v.around.typed(p.not_after)), F.lit(True)))
    return reduce(Column.__and__, kept)


def max_age(v: Value) -> Column:
    """Pass dates that are not older than so many days, counted from the run or from another date."""
    p, days = v.params, int(v.params.days)
    until = _today(v) if p.relative_to is None else as_date(*v.around.typed(p.relative_to))
    return F.datediff(until, v.date) <= days


def _today(v: Value) -> Column:
    return F.lit(f"{v.around.now:%Y-%m-%d}").cast("date")
