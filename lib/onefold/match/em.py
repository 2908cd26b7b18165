"""Expectation maximisation over counted level patterns: a few thousand rows on the driver, however many pairs there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["PassResult", "Patterns", "log_ratios", "posterior", "run_pass", "solve_prior"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SMALLEST = 1e-12


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
    """What one pass learned: expected matches per level of each active comparison, in all, iterations, convergence."""

    expected: dict[int, Floats]
    matches: float
    iterations: int
    converged: bool


def log_ratios(m: Floats, u: Floats) -> Floats:
    """Return log2(m / u) by level, and a zero at the end that level -1 (missing) picks up."""
    return np.append(np.log2(np.maximum(m, _SMALLEST) / np.maximum(u, _SMALLEST)), 0.0)


def posterior(weights: Floats, prior: float) -> Floats:
    """Return the probability of a match from the summed log2 weights and the prior probability."""
    total = np.clip(weights + np.log2(prior / (1.0 - prior)), -500.0, 500.0)
    return np.asarray(1.0 / (1.0 + np.exp2(-total)), dtype=np.float64)


def run_pass(
    patterns: Patterns,
    active: tuple[int, ...],
    start: list[Floats],
    u: list[Floats],
    *,
    strength: float,
    tolerance: float,
    limit: int,
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
    """
    m = {c: start[c].copy() for c in active}
    share, expected = 0.2, {c: np.zeros_like(start[c]) for c in active}
    total = float(patterns.counts.sum())
    for iteration in range(1, limit + 1):
        weights = np.zeros(len(patterns.counts))
        for c in active:
            weights += log_ratios(m[c], u[c])[patterns.levels[:, c]]
        matched = posterior(weights, share) * patterns.counts
        moved = 0.0
        for c in active:
            counted = np.bincount(patterns.levels[:, c] + 1, weights=matched, minlength=len(m[c]) + 1)[1:]
            fresh = (counted + strength * start[c]) / (counted.sum() + strength) if counted.sum() + strength > 0 else start[c]
            moved = max(moved, float(np.abs(fresh - m[c]).max()))
            m[c], expected[c] = np.asarray(fresh, dtype=np.float64), counted.astype(np.float64)
        fresh_share = min(max(float(matched.sum()) / total, 1e-9), 1 - 1e-9)
        moved, share = max(moved, abs(fresh_share - share)), fresh_share
        if moved < tolerance:
            return PassResult(expected, float(matched.sum()), iteration, True)
    return PassResult(expected, float(matched.sum()), limit, False)


def solve_prior(weights: Floats, counts: Floats, all_pairs: float, *, limit: int = 1_000) -> float:
    """Return the share of matches among all pairs at which the blocked pairs' posteriors add up to it.

    Args:
        weights: summed log2 weight of each pattern.
        counts: pairs of each pattern, scaled up to all blocked pairs.
        all_pairs: how many pairs the records can make.
        limit: steps at most.
    """
    smallest, prior = 1.0 / (all_pairs + 1.0), 0.01
    for _ in range(limit):
        fresh = float((posterior(weights, prior) * counts).sum()) / all_pairs
        fresh = min(max(fresh, smallest), 0.5)
        if abs(fresh - prior) < 1e-6 * prior:
            return fresh
        prior = fresh
    return prior
