"""An audience's filters as named conditions on the golden customer."""

from __future__ import annotations

import difflib
from datetime import date, datetime
from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, DateType, NumericType, StringType, StructType, TimestampType

from onefold.campaign.settings import AudienceSettings, Filter
from onefold.errors import ConfigurationError

__all__ = ["AGE", "check_filters", "holds"]

AGE = "age"
"""The one attribute that is worked out: full years from birth_date to the audience's date."""


def check_filters(audience: AudienceSettings, schema: StructType) -> None:
    """Refuse filters that do not fit gold/customer, all at once.

    Raises:
        ConfigurationError: naming every unknown attribute, with near misses, and every comparison of a wrong kind.
    """
    problems = [p for f in audience.filters if f.attribute for p in _problems(f, f.attribute, schema)]
    labels = [f.label for f in audience.filters]
    problems += [f"filters[{i}]: two filters are called {x}; name one" for i, x in enumerate(labels) if x in labels[:i]]
    if problems:
        raise ConfigurationError(f"audience {audience.name} does not fit gold/customer", problems=tuple(problems))


def holds(condition: Filter, schema: StructType, now: datetime) -> Column:
    """Return whether a filter on an attribute holds; an absent value passes only `not` and `present: false`.

    Args:
        condition: a checked filter with an attribute.
        schema: gold/customer's schema.
        now: the audience's date (UTC).
    """
    name = condition.attribute or ""
    value = _age(now) if name == AGE else F.col(f"`{name}`")
    many = name != AGE and isinstance(schema[name].dataType, ArrayType)
    tests: list[Column] = []
    if condition.is_ is not None:
        tests.append(_one_of(value, condition.is_, many))
    if condition.not_ is not None:
        tests.append(~F.coalesce(_one_of(value, condition.not_, many), F.lit(False)))
    if condition.at_least is not None:
        tests.append(value >= F.lit(condition.at_least))
    if condition.at_most is not None:
        tests.append(value <= F.lit(condition.at_most))
    if condition.present is not None:
        there = F.size(value) > 0 if many else value.isNotNull()
        tests.append(there == F.lit(condition.present))
    return F.coalesce(reduce(Column.__and__, tests), F.lit(False))


def _one_of(value: Column, wanted: tuple[str | bool | int | float, ...], many: bool) -> Column:
    if many:
        return F.arrays_overlap(value, F.array(*(F.lit(w) for w in wanted)))
    return value.isin(*wanted)


def _age(now: datetime) -> Column:
    months = F.months_between(F.lit(now.date()), F.col("birth_date"), roundOff=False)
    return F.floor(months / 12)


def _element(kind: DataType) -> DataType:
    return kind.elementType if isinstance(kind, ArrayType) else kind


def _problems(condition: Filter, name: str, schema: StructType) -> list[str]:
    known = [*schema.names, AGE]
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else f"known are {', '.join(known)}"
        return [f"filter {condition.label}: gold/customer has no attribute {name}; {hint}"]
    listed = [*(condition.is_ or ()), *(condition.not_ or ())]
    element = _element(schema[name].dataType) if name != AGE else None
    if isinstance(element, StringType) and not all(isinstance(value, str) for value in listed):
        return [f"filter {condition.label}: {name} is text; put its values in quotes (YAML reads NO as false)"]
    bounds = [b for b in (condition.at_least, condition.at_most) if b is not None]
    kind = schema[name].dataType if name != AGE else None
    dated = isinstance(kind, DateType | TimestampType)
    numeric = name == AGE or isinstance(kind, NumericType)
    wrong = [b for b in bounds if (isinstance(b, date) and not dated) or (not isinstance(b, date) and not numeric)]
    if wrong:
        found = "age" if kind is None else kind.simpleString()
        return [f"filter {condition.label}: at_least and at_most need a number or date like the attribute's type, {found}"]
    return []
