"""The usual model: the m and u that comparisons have in most data, for records too few to train on.

EM on a hundred pairs finds what it was started with, or something worse. Then the usual values hold, the report says so,
and only what the records themselves tell is taken from them: how often unlike records agree by chance in attributes whose
values repeat (a country, a legal form), and the share of matches. Name similarities carry usual values for both: how often
two different names come so near hardly depends on the data, and few records show it not at all.
"""

from __future__ import annotations

import numpy as np

from onefold.match.em import Floats, Patterns, log_ratios, posterior
from onefold.match.levels import KINDS
from onefold.match.settings import Comparison, Level

__all__ = ["fitting", "keep_usual_u", "settle_u", "usual_m", "usual_u", "with_chance", "with_disagreement"]

# Similarity, share of matches at least so near, share of other pairs at least so near. The latter were measured on 1,000,000
# random pairs of names drawn from census tables with their frequencies, and on 300,000 random pairs of 3,000 large companies,
# and smoothed within their sampling error.
_PEOPLE = np.array([
    [0.50, 0.970, 4.2e-5],
    [0.60, 0.950, 2.2e-5],
    [0.70, 0.920, 1.7e-5],
    [0.80, 0.870, 1.4e-5],
    [0.90, 0.760, 1.1e-5],
    [0.95, 0.620, 8.0e-6],
    [1.00, 0.400, 3.0e-6],
])  # fmt: skip
_COMPANIES = np.array([
    [0.50, 0.970, 1.1e-3],
    [0.60, 0.950, 6.0e-4],
    [0.70, 0.920, 4.0e-5],
    [0.80, 0.870, 2.0e-5],
    [0.90, 0.760, 9.0e-6],
    [0.95, 0.620, 6.7e-6],
    [1.00, 0.400, 3.3e-6],
])  # fmt: skip
_SIMILARITIES = {"person_similarity": _PEOPLE, "company_similarity": _COMPANIES}
_WHOLE_NAMES = ("full_name_key", "company_key")


_ROUNDS = 30
_IMAGINED = 50.0
"""Imagined random pairs behind the usual u."""


def fitting(level: Level, comparison: Comparison) -> bool:
    """Tell whether the level has a usual u that holds in all data: it is cut from a similarity of whole names."""
    return level.kind in _SIMILARITIES and (level.column or comparison.column[0]) in _WHOLE_NAMES


def usual_m(comparison: Comparison) -> Floats:
    """Return the usual m of each level and of `else`."""
    declared = _declared(comparison, column=1)
    declared = declared * min(1.0, 0.97 / declared.sum())
    return np.append(declared, 1.0 - declared.sum())


def usual_u(comparison: Comparison) -> Floats:
    """Return the usual u of each level and of `else`."""
    declared = _declared(comparison, column=2)
    return np.append(declared, 1.0 - declared.sum())


def keep_usual_u(comparison: Comparison, u: Floats) -> Floats:
    """Return u as the records tell it, but as usual for levels cut from a similarity of names."""
    fixed = np.array([*(fitting(level, comparison) for level in comparison.levels), False])
    if not fixed.any():
        return u
    kept = np.where(fixed, usual_u(comparison), u)
    rest = u[~fixed].sum()
    kept[~fixed] *= (1.0 - kept[fixed].sum()) / rest if rest > 0.0 else 1.0
    return kept


def settle_u(comparisons: tuple[Comparison, ...], random: Patterns, m: list[Floats]) -> list[Floats]:
    """Return u from random pairs, each counting by the probability that it is no match.

    Among few records random pairs hold many matches: two records that both show a passport are likely to be one person's.
    """
    u = [usual_u(c) for c in comparisons]
    if not len(random.counts):
        return u
    share = 0.01
    for _ in range(_ROUNDS):
        each = [log_ratios(m[c], u[c])[random.levels[:, c]] for c in range(len(comparisons))]
        matching = posterior(np.sum(np.stack(each), axis=0), share)
        share = float(np.clip((matching * random.counts).sum() / random.counts.sum(), 1e-9, 0.4))
        others = (1.0 - matching) * random.counts
        u = [_counted_u(position, c, random, others) for position, c in enumerate(comparisons)]
    return u


def _counted_u(position: int, comparison: Comparison, random: Patterns, others: Floats) -> Floats:
    start = usual_u(comparison)
    counted = np.bincount(random.levels[:, position] + 1, weights=others, minlength=len(start) + 1)[1:]
    return keep_usual_u(comparison, (counted + _IMAGINED * start) / (counted.sum() + _IMAGINED))


def with_chance(comparison: Comparison, u: Floats) -> Floats:
    """Return u with that of the best level as the comparison declares it."""
    if comparison.chance is None:
        return u
    return np.append(comparison.chance, u[1:] * (1.0 - comparison.chance) / max(u[1:].sum(), 1e-9))


def with_disagreement(comparison: Comparison, m: Floats) -> Floats:
    """Return m with that of `else` as the comparison declares it, the levels sharing the rest as before."""
    if comparison.disagree is None:
        return m
    levels = m[:-1] * (1.0 - comparison.disagree) / max(m[:-1].sum(), 1e-9)
    return np.append(levels, comparison.disagree)


def _declared(comparison: Comparison, column: int) -> Floats:
    """Return the usual share of each declared level; of one similarity a level has what its better levels leave."""
    found, taken = [], 0.0
    for level in comparison.levels:
        if fitting(level, comparison) and isinstance(level.value, int | float):
            reached = _at_least(level.kind, float(level.value), column)
            found.append(max(reached - taken, (0.01 if column == 1 else 0.1) * reached))
            taken = max(taken, reached)
        else:
            kind = KINDS[level.kind]
            found.append(kind.default_m if column == 1 else kind.default_u)
    return np.array(found)


def _at_least(kind: str, similarity: float, column: int) -> float:
    """Return the share of pairs that come at least so near, between the known points by its logarithm."""
    known = _SIMILARITIES[kind]
    return float(np.exp(np.interp(similarity, known[:, 0], np.log(known[:, column]))))
