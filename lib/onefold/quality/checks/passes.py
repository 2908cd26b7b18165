"""Finds the function of a check by its name."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column

from onefold.quality.checks import contacts, dates, presence, texts, values
from onefold.quality.checks.value import Value

__all__ = ["passes"]

_BY_NAME: dict[str, Callable[[Value], Column]] = {
    **{
        name: getattr(module, name)
        for module in (contacts, dates, presence, texts, values)
        for name in module.__all__
        if name != "range_"
    },
    "range": values.range_,
}


def passes(value: Value) -> Column:
    """Return whether a record passes the value's rule: true, false, or null where it says nothing, which passes."""
    return _BY_NAME[value.rule.check](value)
