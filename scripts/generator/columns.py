"""Tables of one chunk as plain dictionaries of arrays, and the few operations on them that the generator needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Array", "Columns", "chosen", "concatenated", "digits", "edited", "joined", "mapped", "taken", "texts", "where"]

Array = NDArray[Any]
Columns = dict[str, Array]


def texts(values: Iterable[Any]) -> Array:
    """Return the values as an array of Python objects (text or None)."""
    values = list(values)
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def taken(columns: Columns, index: Array) -> Columns:
    """Return the rows at the given positions (or under the given mask)."""
    return {name: values[index] for name, values in columns.items()}


def concatenated(parts: list[Columns]) -> Columns:
    """Return tables of equal columns one below the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def where(mask: Array, yes: Any, no: Any) -> Array:
    """Return an object array with `yes` where the mask holds, else `no`."""
    out = np.empty(len(mask), dtype=object)
    out[:] = no
    out[mask] = yes[mask] if isinstance(yes, np.ndarray) else yes
    return out


def mapped(values: Array, function: Callable[[Any], Any]) -> Array:
    """Apply a Python function once per distinct value; None stays None."""
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    table = texts([*(function(value) for value in distinct), None])
    return np.asarray(table[codes], dtype=object)


def edited(values: Array, mask: Array, function: Callable[[str, int], str | None], rng: np.random.Generator) -> Array:
    """Apply a Python function (text, random number) to the few masked texts; the rest are left alone."""
    rows = np.flatnonzero(mask)
    draws = rng.integers(0, 2**62, len(rows)).tolist()
    out = values.copy()
    for row, draw in zip(rows.tolist(), draws, strict=True):
        if values[row]:
            out[row] = function(values[row], draw)
    return out


def joined(separator: str, *parts: Array) -> Array:
    """Join texts row by row, leaving out those that are missing; None when all are."""
    return texts(separator.join(filter(None, row)) or None for row in zip(*parts, strict=True))


def digits(numbers: Array, width: int) -> Array:
    """Return whole numbers as zero-padded text."""
    return texts(map(f"{{:0{width}d}}".format, numbers.tolist()))


def chosen(rng: np.random.Generator, values: Iterable[Any], size: int, weights: Iterable[float] | None = None) -> Array:
    """Draw from a short list, with relative weights when given."""
    table = texts(values)
    if weights is None:
        return np.asarray(table[rng.integers(0, len(table), size)])
    edges = np.cumsum(np.asarray(list(weights), dtype=float))
    at = np.searchsorted(edges, rng.random(size) * edges[-1], side="right").clip(0, len(table) - 1)
    return np.asarray(table[at])
