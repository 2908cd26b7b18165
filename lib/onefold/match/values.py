"""Turns parsed keys into Spark columns over silver parties, and refuses keys that the parties do not have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from typing import Literal

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, DateType, StructType

from onefold.errors import ConfigurationError
from onefold.match.junk import usable, usable_date
from onefold.match.keys import Key

__all__ = ["key_problems", "key_value", "mapped", "require_keys", "with_keys", "words"]

# Steps that give whole words, which may be junk again; of codes and cut-off pieces only the empty ones are.
_WHOLE = frozenset({"tokens", "first_token", "last_token", "username", "domain", "digits", "letters", "compact", "sorted_tokens"})
_DATE_PARTS = frozenset({"year", "month", "day"})
_IN_CODE = 3
"""The values of a list that are made by generated code, one by one; Spark interprets a lambda, which the further ones take."""

Each = Callable[[Column], Column]
_NO_TEXTS = "array<string>"


@dataclass(frozen=True)
class _Op:
    """A step from one column to the next: what is made of a value, and which results are left out."""

    name: str
    argument: int | None = None
    drop: Literal["nothing", "junk", "empty"] = "nothing"


_Start = tuple[str, str | None]
_Chain = tuple[_Op, ...]

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
    for op in _chain(key, schema):
        value, many = _applied(op, value, many, junk, in_code=False)
    return value


def with_keys(parties: DataFrame, keys: Mapping[str, Key], keep: tuple[str, ...], junk: tuple[str, ...] = ()) -> DataFrame:
    """Return the columns of `keep` and each key under its name, as `key_value` makes it, every key computed once.

    A projection for each step, in which keys that begin alike share a column: a source column is tested for junk once and cut
    into words once, however many keys are made of it. Spark keeps projections apart where folding them would repeat a costly
    expression.
    """
    chains = {name: ((key.column, key.field), _chain(key, parties.schema)) for name, key in keys.items()}
    made: dict[tuple[_Start, _Chain], tuple[Column, bool]] = {
        (start, ()): _source(keys[name], parties.schema) for name, (start, _) in chains.items()
    }
    frame = parties
    for length in range(1, max((len(chain) for _, chain in chains.values()), default=0) + 1):
        wanted = dict.fromkeys((start, chain[:length]) for start, chain in chains.values())
        columns = {
            at: made[at] if at in made else _applied(at[1][-1], *made[at[0], at[1][:-1]], junk, in_code=True) for at in wanted
        }
        frame = frame.select(*keep, *(value.alias(f"__{n}") for n, (value, _) in enumerate(columns.values())))
        made = {at: (F.col(f"__{n}"), many) for n, (at, (_, many)) in enumerate(columns.items())}
    return frame.select(*keep, *(made[chain][0].alias(name) for name, chain in chains.items()))


def _chain(key: Key, schema: StructType) -> _Chain:
    """Return the steps of a key, the test of its source first; `rarest` is none, keyed.py takes it over all records."""
    steps = [step for step in key.steps if step[0] != "rarest"]
    is_date = isinstance(schema[key.column].dataType, DateType)
    chain = [_Op("text", drop="junk")]
    if is_date:  # never filler by its shape; a part of it is taken without a way through text
        chain = [_Op("date" if steps and steps[0][0] in _DATE_PARTS else "date_text")]
    for position, (name, argument) in enumerate(steps):
        drop: Literal["nothing", "junk", "empty"] = (
            "junk" if name in _WHOLE else "empty" if position == len(steps) - 1 else "nothing"
        )
        chain += [_Op("words"), _Op("long_word", drop=drop)] if name == "tokens" else [_Op(name, argument, drop)]
    return tuple(chain)


def _source(key: Key, schema: StructType) -> tuple[Column, bool]:
    """Return the column or array field that the key starts from, as text (a date as it is), and whether it is an array."""
    kind = schema[key.column].dataType
    source = F.col(f"`{key.column}`")
    value = source.getField(key.field) if key.field else source
    if isinstance(kind, ArrayType):
        return value.cast(_NO_TEXTS), True
    return (value if isinstance(kind, DateType) else value.cast("string")), False


def _applied(op: _Op, value: Column, many: bool, junk: tuple[str, ...], *, in_code: bool) -> tuple[Column, bool]:
    """Return the column after one step and whether it is an array; `in_code`: the column is a name, cheap to say many times."""
    if op.name in ("words", "qgrams"):
        split = words if op.name == "words" else _qgrams(op.argument or 2)
        value = F.flatten(F.transform(value, split)) if many else split(value)
        return (_each(value, _dropping(op.drop, junk), in_code=False) if op.drop != "nothing" else value), True
    step, drop = _step(op.name, op.argument or 0, junk), _dropping(op.drop, junk)
    if not many:
        return drop(step(value)), False
    if op.drop == "nothing":
        return F.transform(value, step), True
    return _each(value, lambda e: drop(step(e)), in_code=in_code), True


def _dropping(drop: str, junk: tuple[str, ...]) -> Each:
    tests: dict[str, Each] = {
        "nothing": lambda v: v,
        "empty": lambda v: F.when(v != "", v),
        "junk": lambda v: usable(v, junk),
    }
    return tests[drop]


def _each(values: Column, make: Each, *, in_code: bool) -> Column:
    """Return what is made of every value of a list, distinct and without nulls; null for null."""
    made = mapped(values, make, _NO_TEXTS) if in_code else F.transform(values, make)
    return F.array_except(made, F.when(values.isNotNull(), F.array(F.lit(None).cast("string"))))


def mapped(values: Column, make: Each, kind: str) -> Column:
    """Return the list of what is made of every value, by generated code the first `_IN_CODE`: null for one that is not there.

    Args:
        values: a list, a name rather than an expression: it is said many times.
        make: what is made of a value; null of null.
        kind: the type of the result.
    """
    first = F.array(*(make(F.get(values, F.lit(at))) for at in range(_IN_CODE)))
    rest = F.transform(F.slice(values, _IN_CODE + 1, F.size(values)), make)
    return F.concat(first, F.when(F.size(values) > _IN_CODE, rest).otherwise(F.array().cast(kind)))


def words(value: Column) -> Column:
    r"""Return the text split at white space, as `split(value, r"\s+")`, by a pattern only where it is not all single spaces."""
    odd = reduce(lambda a, b: a | b, (value.contains(space) for space in ("  ", "\t", "\n", "\x0b", "\f", "\r")))
    return F.split(F.when(odd, F.regexp_replace(value, r"\s+", " ")).otherwise(value), " ")


def _first_letter(word: Column) -> Column:
    return F.substring(word, 1, 1)


def _qgrams(size: int) -> Each:
    def split(value: Column) -> Column:
        text = value.cast("string")
        grams = F.transform(F.sequence(F.lit(1), F.length(text) - (size - 1)), lambda i: F.substr(text, i, F.lit(size)))
        return F.when(F.length(text) >= size, grams)

    return split


def _step(name: str, argument: int, junk: tuple[str, ...]) -> Each:
    """Return the transform of one value; every one gives null for null."""
    steps: dict[str, Each] = {
        "text": lambda v: v,
        "date_text": lambda v: usable_date(v.cast("string"), junk),
        "date": lambda v: F.when(usable_date(v.cast("string"), junk).isNotNull(), v),
        "long_word": lambda v: F.when(F.length(v) >= 2, v),
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
        "sorted_tokens": lambda v: F.array_join(F.sort_array(words(v)), " "),
        "first_token": lambda v: F.substring_index(F.trim(v), " ", 1),
        "last_token": lambda v: F.substring_index(F.trim(v), " ", -1),
        "acronym": lambda v: F.array_join(F.transform(words(F.trim(v)), _first_letter), ""),
        "sorted_initials": lambda v: F.array_join(F.array_sort(F.transform(words(F.trim(v)), _first_letter)), ""),
        "username": lambda v: F.when(v.contains("@"), F.substring_index(v, "@", 1)),
        "domain": lambda v: F.when(v.contains("@"), F.substring_index(v, "@", -1)),
    }
    return steps[name]
