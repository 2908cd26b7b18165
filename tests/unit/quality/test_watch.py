"""Series are judged by their own history: what lasts or is large is told, what is usual is not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.quality.baseline import Floats, fit, median
from onefold.quality.watch import CALM, DRIFT, SUDDEN, Limits, Sensitivity, Series, Watched, watch

sys.path[:0] = [str(Path(__file__).resolve().parents[3] / "scripts" / "bench")]

from programme.simulate import simulate  # noqa: E402

HOW = Sensitivity(series=1300)


def watched(rows: Floats, *, direction: int = -1, least: float = 0.01, at_once: float = 0.1, calm: int = 2) -> Watched:
    one = np.ones(len(rows))
    limits = Limits(np.full(len(rows), direction), one * least, one * at_once, one * 0.001, np.full(len(rows), calm))
    return watch(Series(rows, 0, limits), HOW)


def noisy(days: int = 60, level: float = 0.95, sigma: float = 0.003, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(level, sigma, (1, days))


def test_a_drop_that_lasts_is_told_after_a_day_and_ends_when_it_is_back() -> None:
    rows = noisy()
    rows[0, 30:40] -= 0.05
    state = watched(rows).state[0]
    assert state[:31].tolist() == [CALM] * 31
    assert state[31:40].tolist() == [SUDDEN] * 9
    assert state[42:].tolist() == [CALM] * 18


def test_a_large_drop_is_told_at_once_and_one_odd_day_never_unless_it_is_large() -> None:
    rows = np.concatenate([noisy(), noisy(seed=2)])
    rows[0, 30] -= 0.15
    rows[1, 30] -= 0.05
    seen = watched(rows)
    assert seen.state[0, 30] == SUDDEN
    assert seen.since[0, 30] == 30
    assert not seen.state[1].any()


def test_what_gets_better_is_no_incident_and_becomes_the_new_level() -> None:
    rows = noisy()
    rows[0, 25:] += 0.04
    rows[0, 50:] -= 0.03  # from the new level a fall, from the old one none
    state = watched(rows).state[0]
    assert not state[:50].any()
    assert state[52:].all()


def test_a_slow_drift_is_told_although_no_day_stands_out() -> None:
    rows = noisy(sigma=0.006)
    rows[0, 30:] -= np.linspace(0.002, 0.05, 30)
    state = watched(rows).state[0]
    assert not state[:33].any()
    assert state[50] == DRIFT
    assert state[59] != CALM


def test_a_weekday_pattern_and_a_steady_trend_are_explained() -> None:
    weekend = np.where(np.arange(60) % 7 >= 5, -0.08, 0.0)[None, :]
    trend = np.linspace(0.0, -0.06, 60)[None, :]
    assert not watched(noisy() + weekend).state.any()
    assert not watched(noisy(sigma=0.002) + trend).state.any()


def test_an_unusual_weekday_is_told_although_the_value_is_usual_on_another_day() -> None:
    rows = noisy() + np.where(np.arange(60) % 7 >= 5, -0.08, 0.0)[None, :]
    rows[0, 44:47] = 0.87  # Wednesday to Friday as if they were weekends
    assert watched(rows).state[0, 45] == SUDDEN


def test_nothing_is_told_before_seven_points_nor_of_a_series_that_hardly_moves() -> None:
    rows = np.full((2, 60), 1.0)
    rows[0, 5:] = 0.5
    rows[1, 30:] = 0.995
    seen = watched(rows)
    assert not seen.state[0, :7].any()
    assert not seen.state[1].any()


def test_days_without_a_run_leave_the_state_as_it_is() -> None:
    rows = noisy()
    rows[0, 30:45] -= 0.05
    rows[0, 35:38] = np.nan
    rows[0, 3:9] = np.nan
    state = watched(rows).state[0]
    assert state[31:45].tolist() == [SUDDEN] * 14


def test_a_feed_that_stops_is_told_on_the_second_day_and_its_weekends_are_not() -> None:
    day = np.arange(60)
    rows = np.where(day % 7 >= 5, day % 7 - 4.0, 0.0)[None, :]
    rows[0, 44:50] = np.arange(1, 7) + 0.0
    seen = watched(rows, direction=1, least=1.5, at_once=np.inf, calm=1)
    assert np.flatnonzero(seen.state[0]).tolist() == [46, 47, 48, 49]


def test_a_state_that_stays_becomes_the_normal_one() -> None:
    rows = noisy(days=120)
    rows[0, 30:] -= 0.05
    state = watched(rows).state[0]
    assert state[32:80].all()
    assert not state[90:].any()


def test_the_more_series_are_watched_the_rarer_a_chance_must_be() -> None:
    assert Sensitivity(series=1300).chance < Sensitivity(series=10).chance < 0.01


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=8, max_size=40), st.integers(0, 6))
def test_a_baseline_is_always_finite_and_its_median_is_numpys(values: list[float], first_day: int) -> None:
    row = np.array([values])
    found = fit(row, first_day, np.array([0.001]))
    assert all(np.isfinite(getattr(found, name)).all() for name in ("level", "slope", "season", "sigma"))
    if np.isfinite(row).any():
        assert median(row)[0] == pytest.approx(np.nanmedian(row))


def test_no_false_incident_and_every_failure_found_in_a_small_programme() -> None:
    programme = simulate(1, rules=20)
    checked = programme.checked.reshape(-1, 60)
    with np.errstate(invalid="ignore", divide="ignore"):
        rows = np.where(checked > 0, 1 - programme.failed.reshape(-1, 60) / checked, np.nan)
        share = (programme.failed.reshape(-1, 60) + 1) / (checked + 2)
        noise = np.where(checked > 0, np.sqrt(share * (1 - share) / checked), np.nan)
    one = np.ones(len(rows))
    limits = Limits(np.full(len(rows), -1), one * 0.01, one * 0.1, one * 0.001, np.full(len(rows), 2))
    state = watch(Series(rows, 0, limits, noise), HOW).state
    seeded = {one.rule * 8 + one.source: one for one in programme.failures if one.rule is not None}
    assert all(state[row, one.start : one.end + 1].any() for row, one in seeded.items())
    assert {int(row) for row in np.flatnonzero(state.any(axis=1))} == set(seeded)
