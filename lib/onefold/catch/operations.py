"""The operations that look at null, at a condition or at a list's members one by one: how each is worked out for a record."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from onefold.catch.hashes import murmur3, xxhash64
from onefold.catch.lists import LISTS
from onefold.catch.record import Below, Env, Evaluate, Extras, strict
from onefold.catch.values import cast

__all__ = ["SPECIAL"]


def _case(below: Below, _extras: Extras) -> Evaluate:
    cases = list(zip(below[0 : len(below) - 1 : 2], below[1::2], strict=False))
    otherwise = below[-1] if len(below) % 2 else None

    def case(env: Env) -> Any:
        for condition, value in cases:
            if condition(env) is True:
                return value(env)
        return otherwise(env) if otherwise else None

    return case


def _if(below: Below, _extras: Extras) -> Evaluate:
    condition, yes, no = below
    return lambda env: yes(env) if condition(env) is True else no(env)


def _coalesce(below: Below, _extras: Extras) -> Evaluate:
    return lambda env: next((value for child in below if (value := child(env)) is not None), None)


def _and(below: Below, _extras: Extras) -> Evaluate:
    left, right = below

    def both(env: Env) -> bool | None:
        a = left(env)
        if a is False:
            return False
        b = right(env)
        return False if b is False else None if a is None or b is None else True

    return both


def _or(below: Below, _extras: Extras) -> Evaluate:
    left, right = below

    def either(env: Env) -> bool | None:
        a = left(env)
        if a is True:
            return True
        b = right(env)
        return True if b is True else None if a is None or b is None else False

    return either


def _null_safe(below: Below, _extras: Extras) -> Evaluate:
    left, right = below
    return lambda env: left(env) == right(env)


def _in(below: Below, _extras: Extras) -> Evaluate:
    wanted, *listed = below

    def found(env: Env) -> bool | None:
        value = wanted(env)
        if value is None:
            return None
        values = [child(env) for child in listed]
        return True if value in values else None if None in values else False

    return found


def _concat(below: Below, _extras: Extras) -> Evaluate:
    def joined(env: Env) -> Any:
        values = [child(env) for child in below]
        if any(value is None for value in values):
            return None
        return "".join(values) if isinstance(values[0], str) else [item for value in values for item in value]

    return joined


def _concat_ws(below: Below, _extras: Extras) -> Evaluate:
    mark, *rest = below

    def joined(env: Env) -> str | None:
        if (between := mark(env)) is None:
            return None
        texts: list[str] = []
        for child in rest:
            value = child(env)
            texts += [v for v in value if v is not None] if isinstance(value, list) else [] if value is None else [value]
        return str(between).join(texts)

    return joined


def _struct(below: Below, extras: Extras) -> Evaluate:
    pairs = list(zip(extras["names"], below, strict=True))
    return lambda env: {name: child(env) for name, child in pairs}


def _field(below: Below, extras: Extras) -> Evaluate:
    name, ordinal = extras.get("name"), extras["at"]
    return strict(lambda one: one[name] if name in one else list(one.values())[ordinal], below, {})


def _fields(below: Below, extras: Extras) -> Evaluate:
    name = extras["name"]
    return strict(lambda items: [None if one is None else one[name] for one in items], below, {})


def _update(below: Below, extras: Extras) -> Evaluate:
    whole, *values = below
    names = extras["names"]

    def updated(env: Env) -> Any:
        if (one := whole(env)) is None:
            return None
        return {**one, **{name: value(env) for name, value in zip(names, values, strict=True)}}

    return updated


def _hash(function: Callable[..., int]) -> Callable[[Below, Extras], Evaluate]:
    def built(below: Below, extras: Extras) -> Evaluate:
        pairs = list(zip(below, extras["widths"], strict=True))
        return lambda env: function([(child(env), width) for child, width in pairs])

    return built


def _most(choose: Callable[..., Any]) -> Callable[[Below, Extras], Evaluate]:
    def built(below: Below, _extras: Extras) -> Evaluate:
        return lambda env: choose((v for child in below if (v := child(env)) is not None), default=None)

    return built


def _log2(below: Below, _extras: Extras) -> Evaluate:
    return strict(lambda value: math.log2(value) if value > 0 else None, below, {})


SPECIAL: dict[str, Callable[[Below, Extras], Evaluate]] = {
    "Literal": lambda _below, extras: (lambda value: lambda _env: value)(extras.get("value")),
    "Input": lambda _below, extras: (lambda name: lambda env: env.record.get(name))(extras["name"]),
    "Variable": lambda _below, extras: (lambda name: lambda env: env.variables[name])(extras["name"]),
    "Cast": lambda below, extras: (lambda only, type_: lambda env: cast(only(env), type_))(below[0], extras["type"]),
    "IsNull": lambda below, _extras: (lambda only: lambda env: only(env) is None)(below[0]),
    "IsNotNull": lambda below, _extras: (lambda only: lambda env: only(env) is not None)(below[0]),
    "EqualNullSafe": _null_safe,
    "CreateArray": lambda below, _extras: lambda env: [child(env) for child in below],
    "CaseWhen": _case,
    "If": _if,
    "Coalesce": _coalesce,
    "And": _and,
    "Or": _or,
    "In": _in,
    "Concat": _concat,
    "ConcatWs": _concat_ws,
    "CreateNamedStruct": _struct,
    "GetStructField": _field,
    "GetArrayStructFields": _fields,
    "UpdateFields": _update,
    "XxHash64": _hash(xxhash64),
    "Murmur3Hash": _hash(murmur3),
    "Greatest": _most(max),
    "Least": _most(min),
    "Log2": _log2,
} | LISTS
