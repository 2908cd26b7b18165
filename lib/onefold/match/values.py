"""Turns parsed keys into Spark columns over silver parties, and refuses keys that the parties do not have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, StructType

from onefold.errors import ConfigurationError
from onefold.match.keys import Key

__all__ = ["key_problems", "key_value", "require_keys", "usable", "with_keys"]

# What cleansing lets through and still says nothing: never a reason to compare two records.
_JUNK = ("n/a", "na", "none", "null", "unknown", "test", "test@test.com", "nan", "1900-01-01", "1970-01-01", "1901-01-01")
_REPEATED = r"^(.)\1{4,}$"
_LIST_HINT = "a list: name one of its fields, e.g. emails.value"


def key_problems(keys: Iterable[tuple[str, Key]], schema: StructType) -> tuple[str, ...]:
    """Return one line for every (place, key) that the schema cannot serve, with the nearest column name."""
    return tuple(f"{place}: {problem}" for place, key in keys if (problem := _problem(key, schema)) is not None)


def _problem(key: Key, schema: StructType) -> str | None:
    if key.column not in schema.names:
        near = get_close_matches(key.column, schema.names, n=2)
        return f"no column {key.column!r} in silver/party" + (f"; did you mean {' or '.join(near)}?" if near else "")
    kind: DataType = schema[key.column].dataType
    element = kind.elementType if isinstance(kind, ArrayType) else kind
    if key.field is None:
        return f"column {key.column!r} is {_LIST_HINT}" if isinstance(element, StructType) else None
    if not isinstance(element, StructType) or key.field not in element.names:
        known = f"; its fields: {', '.join(element.names)}" if isinstance(element, StructType) else " (it has no fields)"
        return f"column {key.column!r} has no field {key.field!r}{known}"
    return None


def require_keys(keys: Iterable[tuple[str, Key]], parties: DataFrame, file: str) -> None:
    """Stop when a key names what the parties do not have.

    Raises:
        ConfigurationError: with every such key, its place in the configuration and near misses.
    """
    problems = key_problems(keys, parties.schema)
    if problems:
        raise ConfigurationError(
            f"{file} names columns that the parties do not have",
            problems=tuple(dict.fromkeys(problems)),
            hint="map the attribute in the sources, or change the key",
        )


def _raw_value(key: Key, schema: StructType) -> tuple[Column, bool]:
    """Return the key's value, junk and all, and whether it is an array."""
    kind = schema[key.column].dataType
    source = F.col(f"`{key.column}`")
    if isinstance(kind, ArrayType):
        field = key.field
        value = F.transform(source, lambda e: e.getField(field)) if field else source
        many = True
    else:
        value, many = (source.getField(key.field) if key.field else source), False
    if not key.steps:
        value = F.transform(value, lambda e: e.cast("string")) if many else value.cast("string")
    for name, argument in key.steps:
        value, many = _applied(value, many, name, argument)
    return value, many


def key_value(key: Key, schema: StructType) -> Column:
    """Return the key as a text column, or as an array of distinct texts when it has many values; junk becomes null."""
    value, many = _raw_value(key, schema)
    return _without_junk(value) if many else usable(value)


def with_keys(parties: DataFrame, keys: Mapping[str, Key], keep: tuple[str, ...]) -> DataFrame:
    """Return the columns of `keep` and each key under its name, as `key_value` makes it, every key computed once.

    Two projections: a key's value is used several times by the test for junk, and Spark keeps the projections apart
    where folding them would repeat it.
    """
    raw = {name: _raw_value(key, parties.schema) for name, key in keys.items()}
    values = parties.select(*keep, *(value.alias(name) for name, (value, _) in raw.items()))
    clean = [_without_junk(F.col(name)) if many else usable(F.col(name)) for name, (_, many) in raw.items()]
    return values.select(*keep, *(value.alias(name) for value, name in zip(clean, raw, strict=True)))


def _without_junk(values: Column) -> Column:
    return F.array_distinct(F.filter(F.transform(values, usable), lambda e: e.isNotNull()))


def usable(value: Column) -> Column:
    """Return the text, null when it is empty, a placeholder or one character repeated five times or more."""
    text = F.trim(value)
    junk = (text == "") | F.lower(text).isin(*_JUNK) | text.rlike(_REPEATED)
    return F.when(~junk, text)


def _applied(value: Column, many: bool, name: str, argument: int | None) -> tuple[Column, bool]:
    if name in ("tokens", "qgrams"):
        split = _tokens if name == "tokens" else _qgrams(argument or 2)
        return (F.flatten(F.transform(value, split)) if many else split(value)), True
    step = _step(name, argument or 0)
    return (F.transform(value, step), True) if many else (step(value), False)


def _tokens(value: Column) -> Column:
    return F.filter(F.split(value.cast("string"), r"\s+"), lambda t: F.length(t) >= 2)


def _qgrams(size: int) -> Callable[[Column], Column]:
    def split(value: Column) -> Column:
        text = value.cast("string")
        grams = F.transform(F.sequence(F.lit(1), F.length(text) - (size - 1)), lambda i: F.substr(text, i, F.lit(size)))
        return F.when(F.length(text) >= size, grams)

    return split


def _step(name: str, argument: int) -> Callable[[Column], Column]:
    """Return the transform of one value; every one gives null for null."""
    steps: dict[str, Callable[[Column], Column]] = {
        "prefix": lambda v: F.when(F.length(v) >= argument, F.substring(v, 1, argument)),
        "suffix": lambda v: F.when(F.length(v) >= argument, F.substring(v, -argument, argument)),
        "initial": lambda v: F.substring(v, 1, 1),
        "soundex": F.soundex,
        "metaphone": lambda v: F.when(F.length(v) > 0, F.call_function("double_metaphone", v)),
        "year": lambda v: F.year(v.cast("date")).cast("string"),
        "month": lambda v: F.month(v.cast("date")).cast("string"),
        "day": lambda v: F.dayofmonth(v.cast("date")).cast("string"),
        "digits": lambda v: F.regexp_replace(v, r"\D", ""),
        "letters": lambda v: F.regexp_replace(v, r"[^\p{L}]", ""),
        "compact": lambda v: F.regexp_replace(v, r"\s", ""),
        "sorted_tokens": lambda v: F.array_join(F.sort_array(F.split(v, r"\s+")), " "),
        "first_token": lambda v: F.substring_index(F.trim(v), " ", 1),
        "last_token": lambda v: F.substring_index(F.trim(v), " ", -1),
        "acronym": lambda v: F.array_join(F.transform(F.split(F.trim(v), r"\s+"), lambda t: F.substring(t, 1, 1)), ""),
        "username": lambda v: F.when(v.contains("@"), F.substring_index(v, "@", 1)),
        "domain": lambda v: F.when(v.contains("@"), F.substring_index(v, "@", -1)),
    }
    return steps[name]
