"""Reads the text of a steward's value as the type of its attribute."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pyspark.sql.types import (
    BooleanType,
    ByteType,
    DataType,
    DateType,
    DoubleType,
    IntegerType,
    LongType,
    StringType,
    TimestampType,
)

__all__ = ["as_stored"]

_WHOLE: dict[type[DataType], int] = {ByteType: 8, IntegerType: 32, LongType: 64}
_TRUTH = {"true": "true", "yes": "true", "false": "false", "no": "false"}


def as_stored(text: str, type_: DataType) -> str | None:
    """Return the value in the one form that Spark casts to the type without loss; None when it is not of that type.

    >>> as_stored("1970-3-5", DateType()), as_stored("1970-03-05", DateType()), as_stored(" 12 ", LongType())
    (None, '1970-03-05', '12')
    """
    if isinstance(type_, StringType):
        return text if text.strip() else None
    try:
        return _read(text.strip(), type_)
    except (ValueError, KeyError, OverflowError):
        return None


def _read(text: str, type_: DataType) -> str | None:
    if isinstance(type_, DateType):
        return date.fromisoformat(text).isoformat()
    if isinstance(type_, TimestampType):
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return moment.replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(type_, BooleanType):
        return _TRUTH[text.lower()]
    if isinstance(type_, DoubleType):
        number = float(text)
        return repr(number) if abs(number) < float("inf") else None
    if type(type_) in _WHOLE:
        whole, bound = int(text), 1 << (_WHOLE[type(type_)] - 1)
        return str(whole) if -bound <= whole < bound else None
    return None
