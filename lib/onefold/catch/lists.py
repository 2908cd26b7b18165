"""The operations over lists: those with a lambda, those that sort, and those that look for null among the members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from onefold.catch.record import Below, Env, Evaluate, Extras, strict

__all__ = ["LISTS"]


def _array_join(below: Below, _extras: Extras) -> Evaluate:
    return strict(lambda items, mark: mark.join(item for item in items if item is not None), below, {})


def _size(below: Below, _extras: Extras) -> Evaluate:
    (only,) = below
    return lambda env: -1 if (value := only(env)) is None else len(value)


def _arrays_overlap(below: Below, _extras: Extras) -> Evaluate:
    def overlap(left: list[Any], right: list[Any]) -> bool | None:
        if any(item is not None and item in right for item in left):
            return True
        return None if left and right and (None in left or None in right) else False

    return strict(overlap, below, {})


def _array_contains(below: Below, _extras: Extras) -> Evaluate:
    return strict(lambda items, value: True if value in items else None if None in items else False, below, {})


def _each(make: Callable[[list[Any], Callable[..., Any]], Any]) -> Callable[[Below, Extras], Evaluate]:
    """Return an operation over a list and a lambda: `make` is given the list and the lambda as a function."""

    def built(below: Below, extras: Extras) -> Evaluate:
        *lists, body = below
        names = extras["variables"]

        def over(env: Env) -> Any:
            values = [child(env) for child in lists]
            if any(value is None for value in values):
                return None

            # What is worked out inside may hold lambdas with variables of the same names.
            outer, env.variables = env.variables, dict(env.variables)

            def call(*arguments: Any) -> Any:
                env.variables.update(zip(names, arguments, strict=False))
                return body(env)

            found = make(values[0] if len(values) == 1 else values, call)
            env.variables = outer
            return found

        return over

    return built


def _exists(items: list[Any], test: Callable[..., Any]) -> bool | None:
    found = [test(item) for item in items]
    return True if True in found else None if None in found else False


def _zipped(lists: list[Any], make: Callable[..., Any]) -> list[Any]:
    left, right = lists
    longest = max(len(left), len(right))
    return [make(left[i] if i < len(left) else None, right[i] if i < len(right) else None) for i in range(longest)]


def _sorted(below: Below, extras: Extras) -> Evaluate:
    """Sort in natural order; nulls first where `sort_array` sorts, last where `array_sort` does."""
    nulls_first = extras["nulls_first"]

    def in_order(items: list[Any]) -> list[Any]:
        there = sorted((item for item in items if item is not None), key=_order)
        nulls = [None] * (len(items) - len(there))
        return [*nulls, *there] if nulls_first else [*there, *nulls]

    return strict(in_order, below[:1], {})


def _order(item: Any) -> Any:
    if isinstance(item, dict):
        return tuple((value is not None, value) for value in item.values())
    return item.encode() if isinstance(item, str) else item


LISTS: dict[str, Callable[[Below, Extras], Evaluate]] = {
    "ArrayJoin": _array_join,
    "Size": _size,
    "ArraysOverlap": _arrays_overlap,
    "ArrayContains": _array_contains,
    "ArrayTransform": _each(lambda items, make: [make(item, at) for at, item in enumerate(items)]),
    "ArrayFilter": _each(lambda items, test: [item for at, item in enumerate(items) if test(item, at) is True]),
    "ArrayExists": _each(_exists),
    "ZipWith": _each(_zipped),
    "SortArray": _sorted,
    "ArraySort": _sorted,
}
