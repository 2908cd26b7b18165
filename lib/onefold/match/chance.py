"""How often two records that do not match agree: u, from random pairs and from how often values repeat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefold.match.em import Floats, Patterns
from onefold.match.levels import KINDS
from onefold.match.settings import Comparison

__all__ = ["SMALLEST_U", "Evidence", "Frequency", "seen_at_random", "u_of_random_pairs", "without_matches"]

SMALLEST_U = 1e-8
_U_STRENGTH = 500.0  # imagined random pairs behind the default u
_UNMATCHED_SHARE = 0.1  # at least this much of a random agreement is taken to be chance


@dataclass(frozen=True)
class Frequency:
    """How values repeat in one counted column: records that have a value, mean number of others that share it.

    `share` of the pairs of these records lie in one population, where values are counted by population.
    """

    records: int
    mean_others: float
    share: float = 1.0


@dataclass(frozen=True)
class Evidence:
    """What the model is trained on.

    Attributes:
        blocked: patterns of (a sample of) the blocked pairs.
        sampled_share: share of the blocked pairs that the sample holds.
        random: patterns of random pairs.
        all_pairs: how many pairs the records can make.
        frequencies: per (comparison, level) of the counted levels.
        labelled: patterns of the pairs that people said match, none where there are no labels.
    """

    blocked: Patterns
    sampled_share: float
    random: Patterns
    all_pairs: float
    frequencies: dict[tuple[int, int], Frequency]
    labelled: Patterns | None = None


def _default_u(comparison: Comparison) -> Floats:
    declared = np.array([KINDS[level.kind].default_u for level in comparison.levels])
    return np.append(declared, 1.0 - declared.sum())


def seen_at_random(position: int, size: int, random: Patterns) -> Floats:
    """Return how many random pairs reach each level of a comparison."""
    counted = np.bincount(random.levels[:, position] + 1, weights=random.counts, minlength=size + 1)[1:]
    return np.asarray(counted, dtype=np.float64)


def u_of_random_pairs(
    position: int, comparison: Comparison, random: Patterns, frequency: Frequency | None
) -> tuple[Floats, Floats]:
    """Return how often random pairs reach each level, and the least u that so many pairs can tell from none.

    The first level comes from value frequencies where they are counted, which tell far less apart.
    """
    size = len(comparison.levels) + 1
    counted = seen_at_random(position, size, random)
    default = _default_u(comparison)
    u = np.asarray((counted + _U_STRENGTH * default) / (counted.sum() + _U_STRENGTH), dtype=np.float64)
    finest = np.full(size, 1.0 / (counted.sum() + _U_STRENGTH))
    if frequency is not None and frequency.records > 1:
        pairs = frequency.share * frequency.records * (frequency.records - 1) / 2.0
        agreeing = frequency.mean_others * frequency.records / 2.0
        exact = (agreeing + _U_STRENGTH * default[0]) / (pairs + _U_STRENGTH)
        u[1:] *= (1.0 - exact) / max(u[1:].sum(), SMALLEST_U)
        u[0], finest[0] = exact, SMALLEST_U
    return np.maximum(u, SMALLEST_U), finest


def without_matches(random: Floats, finest: Floats, m: Floats, prior: float) -> Floats:
    """Return u with the matches among the random pairs taken off, and never less than so many pairs can tell."""
    u = np.maximum(random - prior * m, _UNMATCHED_SHARE * random)
    return np.asarray(np.maximum(u / u.sum(), finest), dtype=np.float64)
