"""Two profiles of one table, column by column: what has changed, and whether it is more than chance and habit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

__all__ = ["Change", "compare_profiles", "psi", "quantile_psi", "share_below"]

_NOTABLE, _LARGE = 0.1, 0.25
_LEAST_SHARE = 1e-4
Profiled = Mapping[str, Any]
"""A row of quality/profile as a dictionary."""


@dataclass(frozen=True)
class Change:
    """One thing that differs: what, before and after in words, how much, and whether it is large."""

    table: str
    column: str
    what: str
    before: str
    after: str
    size: float | None
    large: bool


def compare_profiles(before: Iterable[Profiled], after: Iterable[Profiled]) -> list[Change]:
    """Return the changes between two runs' profiles, the largest first within a table.

    Shares (nulls, filled) count from one point on and are large from five; distinct values from a tenth; distributions
    (kinds, patterns, values, years, numbers) by the population stability index, notable from 0.1 and large from 0.25.
    """
    old = {(row["table"], row["column"]): row for row in before}
    new = {(row["table"], row["column"]): row for row in after}
    found = [_presence(key, "column is gone", "there", "gone") for key in old.keys() - new.keys()]
    found += [_presence(key, "new column", "not there", "there") for key in new.keys() - old.keys()]
    for key in old.keys() & new.keys():
        found += _column(key, old[key], new[key])
    return sorted(found, key=lambda c: (c.table, not c.large, -(c.size or 0.0), c.column, c.what))


def psi(before: Mapping[str | None, float], after: Mapping[str | None, float]) -> float:
    """Return the population stability index of two distributions over the same bins; empty bins count one in ten thousand.

    >>> round(psi({"a": 0.5, "b": 0.5}, {"a": 0.9, "b": 0.1}), 3), psi({"a": 1.0}, {"a": 1.0})
    (0.879, 0.0)
    """
    total = 0.0
    for label in before.keys() | after.keys():
        old, new = (max(side.get(label, 0.0), _LEAST_SHARE) for side in (before, after))
        total += (new - old) * math.log(new / old)
    return total


def quantile_psi(before: Sequence[float], after: Sequence[float]) -> float:
    """Return the index of two distributions of numbers, each given by quantiles at equal steps, over the first one's bins."""
    edges = sorted(set(before[2:-1:2]))
    old, new = (_shares(quantiles, edges) for quantiles in (before, after))
    return psi(dict(enumerate(old)), dict(enumerate(new)))  # type: ignore[arg-type]


def _shares(quantiles: Sequence[float], edges: Sequence[float]) -> list[float]:
    below = [0.0, *(share_below(quantiles, edge) for edge in edges), 1.0]
    return [after - before for before, after in pairwise(below)]


def share_below(quantiles: Sequence[float], value: float) -> float:
    """Return the share of the values up to one, between the quantiles by a straight line."""
    steps = len(quantiles) - 1
    last = max((i for i, q in enumerate(quantiles) if q <= value), default=-1)
    if last < 0 or last == steps:
        return 0.0 if last < 0 else 1.0
    low, high = quantiles[last], quantiles[last + 1]
    return (last + (value - low) / (high - low)) / steps


def _presence(key: tuple[str, str], what: str, before: str, after: str) -> Change:
    return Change(*key, what, before, after, None, True)


def _column(key: tuple[str, str], old: Profiled, new: Profiled) -> Iterable[Change]:
    for what in ("declared_type", "inferred_type", "is_key", "personal_kind"):
        if old[what] != new[what] and not (what == "is_key" and None in (old[what], new[what])):
            yield Change(*key, what.replace("_", " "), _text(old[what]), _text(new[what]), None, what != "personal_kind")
    for what in ("nulls", "blanks", "sentinels", "invalid"):
        yield from _share(key, what, *((row[what] / row["rows"] if row["rows"] else 0.0) for row in (old, new)))
    yield from _grown(key, "distinct values", old, new)
    if old["longest"] is not None and new["longest"] is not None and new["longest"] > 2 * max(old["longest"], 5):
        yield Change(*key, "longest value", f"{old['longest']:,}", f"{new['longest']:,}", None, False)
    for what in ("kinds", "patterns", "shapes", "years", "top_values"):
        yield from _distribution(key, what, old, new)
    if old["quantiles"] and new["quantiles"]:
        index = quantile_psi(old["quantiles"], new["quantiles"])
        if index >= _NOTABLE:
            said = [f"median {row['quantiles'][10]:.6g}" for row in (old, new)]
            yield Change(*key, "numbers (PSI)", said[0], said[1], index, index >= _LARGE)


def _share(key: tuple[str, str], what: str, old: float, new: float) -> Iterable[Change]:
    if abs(new - old) >= 0.01:
        yield Change(*key, what, f"{old:.1%}", f"{new:.1%}", abs(new - old), abs(new - old) >= 0.05)


def _grown(key: tuple[str, str], what: str, old: Profiled, new: Profiled) -> Iterable[Change]:
    """Compare distinct values by the row, as far as they grow with the rows; a few codes are compared as they are."""
    few = max(old["distinct"], new["distinct"]) < 1_000
    one, other = ((row["distinct"] if few else row["distinct"] / max(row["filled"], 1)) for row in (old, new))
    if not one and not other:
        return
    size = abs(other - one) / max(one, other)
    if size >= 0.1:
        yield Change(*key, what, f"{old['distinct']:,}", f"{new['distinct']:,}", size, size >= 0.5)


def _distribution(key: tuple[str, str], what: str, old: Profiled, new: Profiled) -> Iterable[Change]:
    one, other = ({item["label"]: item["share"] for item in row[what] or ()} for row in (old, new))
    hidden = what == "top_values" and not (old["shows_values"] and new["shows_values"])
    varied = what == "top_values" and max(sum(one.values()), sum(other.values())) < 0.5
    if not one or not other or hidden or varied:
        return
    index = psi(*_same_bins(one, other))
    if index >= _NOTABLE:
        moved = sorted(one.keys() | other.keys(), key=lambda label: -abs(other.get(label, 0.0) - one.get(label, 0.0)))[:3]
        said = [", ".join(f"{_text(label)} {side.get(label, 0.0):.0%}" for label in moved) for side in (one, other)]
        yield Change(*key, f"{what.replace('_', ' ')} (PSI)", said[0], said[1], index, index >= _LARGE)


def _same_bins(
    one: Mapping[str | None, float], other: Mapping[str | None, float]
) -> tuple[dict[str | None, float], dict[str | None, float]]:
    """Return both over bins that both know: what one list left out for its length goes into the rest of both."""
    whole = [sum(side.values()) > 0.995 for side in (one, other)]
    labels = [label for label in one.keys() | other.keys() if (label in one or whole[0]) and (label in other or whole[1])]
    found = []
    for side in (one, other):
        kept: dict[str | None, float] = {label: side.get(label, 0.0) for label in labels}
        kept["\u0000rest"] = max(0.0, 1.0 - sum(kept.values()))
        found.append(kept)
    return found[0], found[1]


def _text(value: object) -> str:
    return (
        "none" if value is None else ("yes" if value else "no") if isinstance(value, bool) else " ".join(str(value).split())[:40]
    )
