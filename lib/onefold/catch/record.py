"""A record on its way through a program, and the evaluation of functions that give null for null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Below", "Env", "Evaluate", "Extras", "strict"]


class Env:
    """A record on its way through a program: its values, what was worked out, and the variables of the lambdas around."""

    __slots__ = ("memo", "record", "variables")

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record = record
        self.memo: dict[int, Any] = {}
        self.variables: dict[str, Any] = {}


Evaluate = Callable[[Env], Any]
Below = list[Evaluate]
Extras = dict[str, Any]


def strict(function: Callable[..., Any], below: Below, extras: Extras) -> Evaluate:
    """Return the evaluation of a function that gives null where any argument is null."""
    if len(below) == 1 and not extras:
        (only,) = below
        return lambda env: None if (value := only(env)) is None else function(value)
    if len(below) == 2 and not extras:
        left, right = below

        def two(env: Env) -> Any:
            if (a := left(env)) is None or (b := right(env)) is None:
                return None
            return function(a, b)

        return two

    def many(env: Env) -> Any:
        values = []
        for child in below:
            value = child(env)
            if value is None:
                return None
            values.append(value)
        return function(*values, **extras)

    return many
