"""Expectation maximisation over counted level patterns: a few thousand rows on the driver, however many pairs there are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["PassResult", "Patterns", "Shares", "log_ratios", "posterior", "related_ratios", "run_pass", "solve_shares"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SMALLEST = 1e-12
_NEVER = 1e-300


@dataclass(frozen=True)
class Patterns:
    """Counted level patterns: `levels` is rows by comparisons (-1 missing), `counts` the pairs, `rules` the rules as bits."""

    levels: Ints
    counts: Floats
    rules: Ints

    def where(self, chosen: npt.NDArray[np.bool_]) -> Patterns:
        """Return the chosen rows."""
        return Patterns(self.levels[chosen], self.counts[chosen], self.rules[chosen])


@dataclass(frozen=True)
class PassResult:
    """What one pass learned: expected matches per level of each active comparison, in all, iterations, convergence.

    `changes` holds the largest change of an m or a share at each iteration, the last of which decides on convergence;
    `unmatched` the pairs that do not match, by level of each comparison whose u was free.
    """

    expected: dict[int, Floats]
    matches: float
    iterations: int
    converged: bool
    changes: tuple[float, ...] = ()
    unmatched: dict[int, Floats] = field(default_factory=dict)


def log_ratios(m: Floats, u: Floats) -> Floats:
    """Return log2(m / u) by level, and a zero at the end that level -1 (missing) picks up."""
    return np.append(np.log2(np.maximum(m, _SMALLEST) / np.maximum(u, _SMALLEST)), 0.0)


def posterior(weights: Floats, prior: float) -> Floats:
    """Return the probability of a match from the summed log2 weights and the prior probability."""
    total = np.clip(weights + np.log2(prior / (1.0 - prior)), -500.0, 500.0)
    return np.asarray(1.0 / (1.0 + np.exp2(-total)), dtype=np.float64)


@dataclass(frozen=True)
class Shares:
    """Shares of all pairs: the matches, and the related pairs (two people of one household, say) that are none."""

    match: float
    related: float = 0.0


def related_ratios(weights: Floats, shared: float) -> Floats:
    """Return log2(h / u) by level from log2(m / u), where h = shared * m + (1 - shared) * u is the related pairs' share.

    >>> related_ratios(np.array([3.0, -2.0]), 0.0).tolist()
    [0.0, 0.0]
    """
    return np.asarray(np.log2(shared * np.exp2(weights) + 1.0 - shared), dtype=np.float64)


def _responsibilities(weights: Floats, related: Floats, shares: Shares) -> tuple[Floats, Floats]:
    """Return each pattern's probability of being a match and of being related, by Bayes over the three classes."""
    unrelated = max(1.0 - shares.match - shares.related, _SMALLEST)
    logs = np.stack(
        [weights + np.log2(shares.match), related + np.log2(max(shares.related, _NEVER)), 0.0 * weights + np.log2(unrelated)]
    )
    parts = np.exp2(logs - logs.max(axis=0))
    parts = parts / parts.sum(axis=0)
    return parts[0], parts[1]


def _seen(patterns: Patterns, position: int, u: Floats, share: Floats | float = 1.0) -> tuple[Floats, Floats]:
    """Return how often these patterns (a share of each) reach each level, one imagined pair as u says, and how many do."""
    counted = np.bincount(patterns.levels[:, position] + 1, weights=share * patterns.counts, minlength=len(u) + 1)[1:]
    pairs = np.asarray(counted, dtype=np.float64)
    return np.asarray((pairs + u) / (pairs.sum() + 1.0), dtype=np.float64), pairs


def run_pass(
    patterns: Patterns,
    active: tuple[int, ...],
    start: list[Floats],
    u: list[Floats],
    *,
    strength: float,
    tolerance: float,
    limit: int,
    shared: tuple[float, ...] = (),
    free: frozenset[int] = frozenset(),
) -> PassResult:
    """Estimate m of the active comparisons and the share of matches among these patterns, u held as it is.

    Args:
        patterns: the patterns of the pairs that one blocking rule makes.
        active: comparisons that the rule does not fix.
        start: m to start from, by comparison; also the direction in which few data are smoothed.
        u: u by comparison.
        strength: imagined matches that follow `start`.
        tolerance: largest change at which the pass has converged.
        limit: iterations at most.
        shared: by comparison, how far related pairs that are no match agree as matches do; none given, none are looked for.
            Without that third class the members of a household pass for matches that differ in their given names.
        free: comparisons whose u among these patterns is not that of random pairs, because the rule asks for a part of their
            value; it is estimated along with m, from how often the patterns that do not match reach each level.
    """
    u = [_seen(patterns, c, each)[0] if c in free else each for c, each in enumerate(u)]
    unmatched: dict[int, Floats] = {}
    m = {c: start[c].copy() for c in active}
    some = any(shared[c] for c in active) if shared else False
    shares, expected = Shares(0.2, 0.1 if some else 0.0), {c: np.zeros_like(start[c]) for c in active}
    total, changes = float(patterns.counts.sum()), list[float]()
    for iteration in range(1, limit + 1):
        weights, related = np.zeros(len(patterns.counts)), np.zeros(len(patterns.counts))
        for c in active:
            ratios = log_ratios(m[c], u[c])
            weights += ratios[patterns.levels[:, c]]
            related += related_ratios(ratios, shared[c])[patterns.levels[:, c]] if shared else 0.0
        matching, relating = _responsibilities(weights, related, shares)
        matched = matching * patterns.counts
        moved = 0.0
        for c in active:
            counted = np.bincount(patterns.levels[:, c] + 1, weights=matched, minlength=len(m[c]) + 1)[1:]
            fresh = (counted + strength * start[c]) / (counted.sum() + strength) if counted.sum() + strength > 0 else start[c]
            moved = max(moved, float(np.abs(fresh - m[c]).max()))
            m[c], expected[c] = np.asarray(fresh, dtype=np.float64), counted.astype(np.float64)
            if c in free:
                u[c], unmatched[c] = _seen(patterns, c, u[c], 1.0 - matching)
        fresh = Shares(
            min(max(float(matched.sum()) / total, 1e-9), 1 - 1e-9),
            min(max(float((relating * patterns.counts).sum()) / total, 1e-9), 1 - 1e-9) if some else 0.0,
        )
        moved = max(moved, abs(fresh.match - shares.match), abs(fresh.related - shares.related))
        shares = fresh
        changes.append(moved)
        if moved < tolerance:
            return PassResult(expected, float(matched.sum()), iteration, True, tuple(changes), unmatched)
    return PassResult(expected, float(matched.sum()), limit, False, tuple(changes), unmatched)


def solve_shares(weights: Floats, related: Floats, counts: Floats, all_pairs: float, *, limit: int = 1_000) -> Shares:
    """Return the shares of matches and of related pairs at which the blocked pairs' posteriors add up to them.

    Args:
        weights: summed log2 weight of each pattern.
        related: summed log2(h / u) of each pattern; all zero when no comparison is shared.
        counts: pairs of each pattern, scaled up to all blocked pairs.
        all_pairs: how many pairs the records can make.
        limit: steps at most.
    """
    smallest, some = 1.0 / (all_pairs + 1.0), bool(np.any(related))
    shares = Shares(0.01, 0.01 if some else 0.0)
    for _ in range(limit):
        matching, relating = _responsibilities(weights, related, shares)
        fresh = Shares(
            min(max(float((matching * counts).sum()) / all_pairs, smallest), 0.4),
            min(max(float((relating * counts).sum()) / all_pairs, smallest), 0.4) if some else 0.0,
        )
        still = (
            abs(fresh.match - shares.match) < 1e-6 * shares.match and abs(fresh.related - shares.related) <= 1e-6 * shares.related
        )
        shares = fresh
        if still:
            break
    return shares
