from __future__ import annotations

import numpy as np
import pytest

from onefold.match.em import Patterns, log_ratios, posterior, run_pass, solve_shares

M = [np.array([0.8, 0.15, 0.05]), np.array([0.9, 0.1]), np.array([0.7, 0.3])]
U = [np.array([0.01, 0.05, 0.94]), np.array([0.02, 0.98]), np.array([0.005, 0.995])]


def drawn(matches: int, others: int) -> Patterns:
    """Patterns of independent comparisons, drawn from a seed, a tenth of the second comparison missing."""
    random = np.random.default_rng(7)
    parts = [
        np.stack([random.choice(len(p), size, p=p) for p in chances], axis=1) for size, chances in ((matches, M), (others, U))
    ]
    levels = np.concatenate(parts)
    levels[random.random(len(levels)) < 0.1, 1] = -1
    unique, counts = np.unique(levels, axis=0, return_counts=True)
    return Patterns(unique.astype(np.int64), counts.astype(np.float64), np.zeros(len(unique), dtype=np.int64))


def test_em_finds_the_chances_that_the_patterns_were_drawn_with() -> None:
    start = [np.array([0.6, 0.3, 0.1]), np.array([0.7, 0.3]), np.array([0.6, 0.4])]
    result = run_pass(drawn(20_000, 80_000), (0, 1, 2), start, U, strength=1.0, tolerance=1e-6, limit=500)
    assert result.converged
    assert result.matches == pytest.approx(20_000, rel=0.02)
    for position, true in enumerate(M):
        found = result.expected[position] / result.expected[position].sum()
        assert np.abs(found - true).max() < 0.01


def test_em_says_when_it_stopped_at_its_limit() -> None:
    result = run_pass(drawn(1_000, 9_000), (0, 1, 2), M, U, strength=1.0, tolerance=1e-12, limit=2)
    assert (result.converged, result.iterations) == (False, 2)


def test_missing_weighs_nothing() -> None:
    ratios = log_ratios(np.array([0.8, 0.2]), np.array([0.1, 0.9]))
    assert ratios[-1] == 0.0
    assert ratios[0] == pytest.approx(3.0)
    assert posterior(np.array([0.0]), 0.25)[0] == pytest.approx(0.25)


def test_the_prior_agrees_with_the_matches_among_the_pairs() -> None:
    none = np.zeros(2)
    shares = solve_shares(np.array([30.0, -30.0]), none, np.array([500.0, 2_000.0]), 1_000_000.0)
    assert shares.match == pytest.approx(500 / 1_000_000, rel=0.01)
    assert shares.related == 0.0
    assert solve_shares(np.array([-30.0]), none[:1], np.array([10.0]), 100.0).match == pytest.approx(1 / 101)


# Given name and date of birth are a person's own; family name, street and town go with the household.
HOME_M = [np.array([0.9, 0.1]), np.array([0.85, 0.15]), np.array([0.9, 0.1]), np.array([0.8, 0.2]), np.array([0.9, 0.1])]
HOME_U = [
    np.array([0.02, 0.98]),
    np.array([0.001, 0.999]),
    np.array([0.01, 0.99]),
    np.array([0.001, 0.999]),
    np.array([0.01, 0.99]),
]


def test_households_do_not_teach_em_that_matches_differ_in_their_given_names() -> None:
    start = [np.array([0.7, 0.3])] * 5
    every, pairs = tuple(range(5)), household_pairs(matches=10_000, relatives=10_000, strangers=80_000)
    naive = run_pass(pairs, every, start, HOME_U, strength=1.0, tolerance=1e-5, limit=2_000)
    aware = run_pass(pairs, every, start, HOME_U, strength=1.0, tolerance=1e-5, limit=2_000, shared=(0.0, 0.0, 1.0, 1.0, 1.0))
    assert aware.converged
    assert naive.matches == pytest.approx(20_000, rel=0.05)
    assert aware.matches == pytest.approx(10_000, rel=0.05)
    assert aware.expected[0][1] / aware.expected[0].sum() == pytest.approx(0.1, abs=0.02)


def household_pairs(*, matches: int, relatives: int, strangers: int) -> Patterns:
    """Patterns of matches, strangers, and relatives, who differ in what is their own as strangers do."""
    random = np.random.default_rng(11)
    kinds = ((matches, HOME_M), (relatives, [*HOME_U[:2], *HOME_M[2:]]), (strangers, HOME_U))
    levels = np.concatenate([np.stack([random.choice(len(p), n, p=p) for p in chances], axis=1) for n, chances in kinds])
    unique, counts = np.unique(levels, axis=0, return_counts=True)
    return Patterns(unique.astype(np.int64), counts.astype(np.float64), np.zeros(len(unique), dtype=np.int64))


def test_a_comparison_that_its_rule_half_fixes_is_told_apart_with_a_u_of_its_own() -> None:
    """Among pairs that share a part of a number, most strangers come near in it; their u is not that of random pairs."""
    near = [np.array([0.7, 0.25, 0.05]), U[1], U[2]]
    random = np.random.default_rng(3)
    parts = [np.stack([random.choice(len(p), n, p=p) for p in c], axis=1) for n, c in ((2_000, M), (18_000, near))]
    unique, counts = np.unique(np.concatenate(parts), axis=0, return_counts=True)
    mixed = Patterns(unique.astype(np.int64), counts.astype(np.float64), np.zeros(len(unique), dtype=np.int64))
    start = [np.array([0.6, 0.3, 0.1]), np.array([0.7, 0.3]), np.array([0.6, 0.4])]
    result = run_pass(mixed, (0, 1, 2), start, U, strength=1.0, tolerance=1e-6, limit=500, free=frozenset({0}))
    assert result.matches == pytest.approx(2_000, rel=0.05)
    assert result.unmatched[0] / result.unmatched[0].sum() == pytest.approx(near[0], abs=0.02)
    assert result.changes[-1] < 1e-6 < result.changes[0]
