"""Name similarities over columns: each different pair of names in an Arrow batch is compared once.

Python, because pairing words one to one is a loop with memory that no native function and no jar of ours has; pairs that
need no alignment (equal, missing, or with nothing in common) never reach it.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.pandas.functions import arrow_udf

from onefold.match.names import company_similarity, person_similarity

__all__ = ["companies", "company_names", "people", "person_names"]

_NEAR = 0.7
"""Jaro-Winkler similarity of whole names from which on they may be alike without a word in common."""


def person_names(left: Column, right: Column) -> Column:
    """Return the similarity of two whole names of people, 0 to 1, null when one is missing."""
    return _gated(left, right, [], arrow_udf(people, "double"))  # type: ignore[call-overload]


def company_names(left: Column, right: Column, rarity_left: Column, rarity_right: Column) -> Column:
    """Return the similarity of two names of companies, 0 to 1, null when one is missing.

    Args:
        left: folded core of a name.
        right: of the other.
        rarity_left: weight of each of its words in order, as `features` prepares them.
        rarity_right: of the other.
    """
    return _gated(left, right, [rarity_left, rarity_right], arrow_udf(companies, "double"))  # type: ignore[call-overload]


def _gated(left: Column, right: Column, weights: list[Column], function: Callable[..., Column]) -> Column:
    both = left.isNotNull() & right.isNotNull()
    starts = [F.transform(F.split(side, " "), lambda word: F.substring(word, 1, 2)) for side in (left, right)]
    unlike = both & (left != right)
    near = F.when(unlike, F.call_function("jaro_winkler", left, right) >= _NEAR)
    asked = unlike & (F.arrays_overlap(*starts) | near)
    found = function(F.when(asked, left), F.when(asked, right), *weights)
    return F.when(both & (left == right), F.lit(1.0)).when(both, F.coalesce(found, F.lit(0.0)))


def people(left: pa.Array, right: pa.Array) -> pa.Array:
    """Return the similarities of two arrays of names of people."""
    known: dict[tuple[str, str], float] = {}
    found: list[float | None] = []
    for pair in zip(left.to_pylist(), right.to_pylist(), strict=True):
        if pair[0] is None:
            found.append(None)
            continue
        if pair not in known:
            known[pair] = person_similarity(*pair)
        found.append(known[pair])
    return pa.array(found, pa.float64())


def companies(left: pa.Array, right: pa.Array, rarity_left: pa.Array, rarity_right: pa.Array) -> pa.Array:
    """Return the similarities of two arrays of names of companies, given the weights of their words."""
    known: dict[tuple[str, str], float] = {}
    found: list[float | None] = []
    for at, pair in enumerate(zip(left.to_pylist(), right.to_pylist(), strict=True)):
        if pair[0] is None:
            found.append(None)
            continue
        if pair not in known:
            rarity = dict(zip(pair[0].split(), rarity_left[at].as_py() or (), strict=False))
            rarity |= dict(zip(pair[1].split(), rarity_right[at].as_py() or (), strict=False))
            known[pair] = company_similarity(*pair, rarity)
        found.append(known[pair])
    return pa.array(found, pa.float64())
