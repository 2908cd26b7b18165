"""Chooses blocking rules by cost and use: keys combined, pairs counted on a sample of records, matches on a sample of pairs.

A key's values are kept in long form, a row for every record (or pair of records) and value, so that one and the same function
makes the block keys of records and those that the two records of a match share.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

__all__ = ["Chosen", "Evidence", "Limits", "Long", "choose"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# What finding a match is worth that no rule before, one, two or more rules before it found.
_USE = np.array([1.0, 0.25, 0.0625, 0.0])
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Long:
    """Values of one key: `rows` ascending, `values` hashed; `many` when a row may have several."""

    rows: Ints
    values: Ints
    many: bool


@dataclass(frozen=True)
class Evidence:
    """By key text: the values of sampled records, and the values that sampled matches share; and each key's attributes."""

    records: Mapping[str, Long]
    matches: Mapping[str, Long]
    attributes: Mapping[str, frozenset[str]]
    sampled_share: float
    matches_sampled: int


@dataclass(frozen=True)
class Limits:
    """Pairs that all rules together may make, the largest block, and how many rules at most."""

    budget: int
    cap: int
    rules: int = 15
    least_gain: float = 0.001


@dataclass(frozen=True)
class Chosen:
    """A rule, the pairs it is expected to make, the share of the sampled matches that it finds and the share new with it."""

    keys: tuple[str, ...]
    pairs: float
    found: float
    gain: float


def choose(evidence: Evidence, limits: Limits) -> list[Chosen]:
    """Return rules in the order in which they were chosen: each finds the most for its price.

    The price of a rule is its pairs and an even share of the budget, so that a few good rules win over many tiny ones. A match
    that a rule before it found counts for a quarter: matches that a single rule finds are those that the next data will miss.
    """
    options = [option for keys in _combinations(evidence, limits) if (option := _measured(keys, evidence, limits)) is not None]
    times, spent = np.zeros(evidence.matches_sampled, dtype=np.int64), 0.0
    chosen: list[Chosen] = []
    while options and len(chosen) < limits.rules:
        use = _USE[np.minimum(times, len(_USE) - 1)]
        gains = np.array([float(use[found].sum()) for _, _, found in options])
        costs = np.array([cost for _, cost, _ in options])
        worth = np.where(costs + spent <= limits.budget, gains / (costs + limits.budget / limits.rules), -1.0)
        best = int(worth.argmax())
        if worth[best] <= 0 or gains[best] < limits.least_gain * evidence.matches_sampled:
            break
        keys, cost, found = options.pop(best)
        chosen.append(Chosen(keys, cost, float(found.mean()), float((times[found] == 0).sum() / len(times))))
        times, spent = times + found, spent + cost
    return chosen


def _combinations(evidence: Evidence, limits: Limits) -> Iterator[tuple[str, ...]]:
    """Yield keys alone, in twos and in threes, of different attributes; more keys only where fewer cost too much."""
    names = list(evidence.records)
    costly: dict[tuple[str, ...], bool] = {(name,): _cost((name,), evidence, limits) > limits.budget / 20 for name in names}
    yield from ((name,) for name in names)
    for size in (2, 3):
        wider: dict[tuple[str, ...], bool] = {}
        for keys in combinations(names, size):
            parts = [keys[:-1], keys[1:], (keys[0], keys[-1])] if size == 3 else [(key,) for key in keys]
            if _fit(keys, evidence) and all(costly.get(part, False) for part in parts):
                yield keys
                if size == 2:
                    wider[keys] = _cost(keys, evidence, limits) > limits.budget / 20
        costly = wider


def _fit(keys: tuple[str, ...], evidence: Evidence) -> bool:
    """Tell whether the keys are of different attributes, and at most one has several values."""
    attributes = [evidence.attributes[key] for key in keys]
    apart = all(a.isdisjoint(b) for a, b in combinations(attributes, 2))
    return apart and sum(evidence.records[key].many for key in keys) <= 1


def _together(parts: list[Long]) -> tuple[Ints, Ints]:
    """Return rows and hashed values of keys together: a row has one for every value of its many-valued key."""
    ordered = sorted(parts, key=lambda part: not part.many)
    rows, values = ordered[0].rows, ordered[0].values.astype(np.uint64)
    for part in ordered[1:]:
        at = np.searchsorted(part.rows, rows)
        at = np.minimum(at, max(len(part.rows) - 1, 0))
        has = part.rows[at] == rows if len(part.rows) else np.zeros(len(rows), dtype=bool)
        mixed = values[has] * _MIX + part.values[at[has]].astype(np.uint64)
        rows, values = rows[has], (mixed ^ (mixed >> np.uint64(29))) * _MIX
    return rows, values.astype(np.int64)


def _blocks(keys: tuple[str, ...], evidence: Evidence, limits: Limits) -> tuple[float, Ints]:
    """Return the pairs that the rule makes of all records, and the values whose blocks are over the cap."""
    _, values = _together([evidence.records[key] for key in _same_order(keys, evidence)])
    found, counts = np.unique(values, return_counts=True)
    # A block seen a few times in a sample has no size to speak of: only where five were drawn is it scaled up.
    sizes = np.where(counts >= min(5, limits.cap), counts / evidence.sampled_share, 2)
    over = sizes > limits.cap
    kept = counts[~over].astype(float)
    return float((kept * (kept - 1) / 2).sum()) / evidence.sampled_share**2, found[over]


def _same_order(keys: tuple[str, ...], evidence: Evidence) -> list[str]:
    """Order keys alike for records and matches, the many-valued one first, so that both hash alike."""
    return sorted(keys, key=lambda key: (not evidence.records[key].many, keys.index(key)))


def _cost(keys: tuple[str, ...], evidence: Evidence, limits: Limits) -> float:
    """Return the pairs of all blocks, those over the cap among them: a rule that caps out is one to refine."""
    return _blocks(keys, evidence, Limits(limits.budget, 2**62))[0]


def _measured(keys: tuple[str, ...], evidence: Evidence, limits: Limits) -> tuple[tuple[str, ...], float, Flags] | None:
    """Return the rule with its cost and the sampled matches that it finds; None when it is over budget or finds none."""
    cost, over = _blocks(keys, evidence, limits)
    if cost > limits.budget:
        return None
    rows, values = _together([evidence.matches[key] for key in _same_order(keys, evidence)])
    found = np.zeros(evidence.matches_sampled, dtype=bool)
    found[rows[~np.isin(values, over)]] = True
    return (keys, cost, found) if found.any() else None
