"""Turns parsed keys into Spark columns over silver parties, and refuses keys that the parties do not have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, StructType

from onefold.errors import ConfigurationError
from onefold.match.junk import usable
from onefold.match.keys import Key

__all__ = ["key_problems", "key_value", "require_keys", "with_keys"]

# Steps that give whole words, which may be junk again; of codes and cut-off pieces only the empty ones are.
_WHOLE = frozenset({"tokens", "first_token", "last_token", "username", "domain", "digits", "letters", "compact", "sorted_tokens"})
_Steps = tuple[tuple[str, int | None], ...]

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


def key_value(key: Key, schema: StructType, junk: tuple[str, ...] = ()) -> Column:
    """Return the key as a text column, or as an array of distinct texts when it has many values; junk becomes null."""
    value, many = _source(key, schema)
    value = _clean(value, many, junk)
    derived, many = _derived(value, many, key.steps, junk)
    return _final(derived, many, key.steps, junk)


def with_keys(parties: DataFrame, keys: Mapping[str, Key], keep: tuple[str, ...], junk: tuple[str, ...] = ()) -> DataFrame:
    """Return the columns of `keep` and each key under its name, as `key_value` makes it, every key computed once.

    Three projections (source values without junk, their transforms, those without junk): the test for junk uses a value several
    times, and Spark keeps projections apart where folding them would repeat a costly one. A source column is tested once,
    however many keys are made of it.
    """
    sources: dict[tuple[str, str | None], str] = {}
    for key in keys.values():
        sources.setdefault((key.column, key.field), f"__source{len(sources)}")
    first = {sources[key.column, key.field]: _source(key, parties.schema) for key in keys.values()}
    tested = parties.select(*keep, *(_clean(value, many, junk).alias(name) for name, (value, many) in first.items()))
    made = {
        name: _derived(F.col(sources[key.column, key.field]), first[sources[key.column, key.field]][1], key.steps, junk)
        for name, key in keys.items()
    }
    values = tested.select(*keep, *(value.alias(name) for name, (value, _) in made.items()))
    last = [_final(F.col(name), many, keys[name].steps, junk).alias(name) for name, (_, many) in made.items()]
    return values.select(*keep, *last)


def _source(key: Key, schema: StructType) -> tuple[Column, bool]:
    """Return the column or array field that the key starts from, as text, and whether it is an array."""
    kind = schema[key.column].dataType
    source = F.col(f"`{key.column}`")
    if isinstance(kind, ArrayType):
        field = key.field
        return F.transform(source, lambda e: (e.getField(field) if field else e).cast("string")), True
    return (source.getField(key.field) if key.field else source).cast("string"), False


def _derived(value: Column, many: bool, steps: _Steps, junk: tuple[str, ...]) -> tuple[Column, bool]:
    """Apply the transforms; whole words that are junk are left out before a further step cuts them."""
    for position, (name, argument) in enumerate(steps):
        if position and steps[position - 1][0] in _WHOLE and name != "rarest":
            value = _clean(value, many, junk)
        value, many = _applied(value, many, name, argument)
    return value, many


def _final(value: Column, many: bool, steps: _Steps, junk: tuple[str, ...]) -> Column:
    """Leave out what is junk after the last transform, and what is there twice."""
    whole = [name for name, _ in steps if name != "rarest"][-1:]
    if whole and whole[0] in _WHOLE:
        value = _clean(value, many, junk)
    elif whole:
        value = _filter(value, lambda e: e != "") if many else F.when(value != "", value)
    return F.array_distinct(value) if many else value


def _clean(value: Column, many: bool, junk: tuple[str, ...]) -> Column:
    if not many:
        return usable(value, junk)
    return _filter(F.transform(value, lambda e: usable(e, junk)), lambda e: e.isNotNull())


def _filter(values: Column, keep: Callable[[Column], Column]) -> Column:
    return F.filter(values, lambda e: F.coalesce(keep(e), F.lit(False)))


def _applied(value: Column, many: bool, name: str, argument: int | None) -> tuple[Column, bool]:
    if name == "rarest":  # keyed.py keeps them: it takes the values of all records
        return value, many
    if name in ("tokens", "qgrams"):
        split = _tokens if name == "tokens" else _qgrams(argument or 2)
        return (F.flatten(F.transform(value, split)) if many else split(value)), True
    step = _step(name, argument or 0)
    return (F.transform(value, step), True) if many else (step(value), False)


def _tokens(value: Column) -> Column:
    return F.filter(F.split(value.cast("string"), r"\s+"), lambda t: F.length(t) >= 2)


def _first_letter(word: Column) -> Column:
    return F.substring(word, 1, 1)


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
        "year": lambda v: F.year(v.try_cast("date")).cast("string"),
        "month": lambda v: F.month(v.try_cast("date")).cast("string"),
        "day": lambda v: F.dayofmonth(v.try_cast("date")).cast("string"),
        "digits": lambda v: F.regexp_replace(v, r"\D", ""),
        "letters": lambda v: F.regexp_replace(v, r"[^\p{L}]", ""),
        "compact": lambda v: F.regexp_replace(v, r"\s", ""),
        "sorted_tokens": lambda v: F.array_join(F.sort_array(F.split(v, r"\s+")), " "),
        "first_token": lambda v: F.substring_index(F.trim(v), " ", 1),
        "last_token": lambda v: F.substring_index(F.trim(v), " ", -1),
        "acronym": lambda v: F.array_join(F.transform(F.split(F.trim(v), r"\s+"), _first_letter), ""),
        "sorted_initials": lambda v: F.array_join(F.array_sort(F.transform(F.split(F.trim(v), r"\s+"), _first_letter)), ""),
        "username": lambda v: F.when(v.contains("@"), F.substring_index(v, "@", 1)),
        "domain": lambda v: F.when(v.contains("@"), F.substring_index(v, "@", -1)),
    }
    return steps[name]
