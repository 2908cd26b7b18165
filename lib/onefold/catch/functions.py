"""The Python functions of the pipeline, called for one record: the very functions that Spark calls for a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pyarrow as pa

from onefold.cleanse import emails, identifiers, phones, transliterate
from onefold.cleanse.arrays import over_elements
from onefold.match import arrow_names

__all__ = ["python_functions"]

_TEXTS = pa.list_(pa.string())
_WEIGHTS = pa.list_(pa.float64())


def _structs(*names: str) -> pa.DataType:
    return pa.list_(pa.struct([(name, pa.string()) for name in names]))


def python_functions(sentinels: Iterable[str]) -> dict[str, Callable[..., Any]]:
    """Return by its name in a plan each function as one from a value to a value.

    Args:
        sentinels: values that mean nothing, as the configuration has them.
    """
    plain = frozenset(s.strip().lower() for s in sentinels)
    parse = partial(phones.parse_all, nothing=plain)
    check = partial(identifiers.check_all, nothing=plain | {""})
    return {
        "transliterate.ascii_array": _of_values(transliterate.ascii_array, pa.string()),
        "phones.parse_all": _of_lists(parse, _structs("raw", "region", "kind")),
        "identifiers.check_all": _of_lists(check, _structs("scheme", "raw", "country")),
        "emails.check_all": _of_lists(emails.check_all, _TEXTS),
        "people": _of_values(arrow_names.people, pa.string(), pa.string()),
        "companies": _of_values(arrow_names.companies, pa.string(), pa.string(), _WEIGHTS, _WEIGHTS),
    }


def _of_values(function: Callable[..., Any], *types: pa.DataType) -> Callable[..., Any]:
    def called(*values: Any) -> Any:
        return function(*(pa.array([v], t) for v, t in zip(values, types, strict=True)))[0].as_py()

    return called


def _of_lists(function: Callable[[Any], Any], type_: pa.DataType) -> Callable[..., Any]:
    def called(items: Any) -> Any:
        return over_elements(pa.array([items], type_), function)[0].as_py()

    return called
