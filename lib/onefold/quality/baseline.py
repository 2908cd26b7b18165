"""What the history of a measure explains: a robust level, trend, weekday pattern and spread, for many series at once."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["WEEK", "Baseline", "Flags", "Floats", "fit", "median"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

WEEK = 7
_TREND_LAGS = (7, 14, 21, 28)
"""Whole weeks, so that a weekday pattern is no trend."""
_MEDIAN_COST = 1.57
"""Variance of a median over that of a mean, for normal noise."""
_MIN_WEEKS = 3
_SURE = 2.5
"""How many times its own error a trend or weekday pattern must be before it is believed."""


@dataclass(frozen=True)
class Baseline:
    """One row for each series: what is expected on a day, and how sure that is."""

    level: Floats
    slope: Floats
    """Change a day; zero where it is not surely there."""
    season: Floats
    """Series by weekday: what each weekday adds; zero where the weekdays do not surely differ."""
    sigma: Floats
    points: Floats
    spent: Floats
    """Parameters taken from the points."""
    centre: Floats
    """Day at the middle of the points; the level is that of this day."""
    low: Floats
    high: Floats
    lean: Floats
    """Slope as it was measured, sure or not."""
    weekly: Flags
    """Whether every weekday has been seen often enough to know its pattern."""

    @property
    def freedom(self) -> Floats:
        """Degrees of freedom behind the spread, at least 2."""
        return np.maximum(self.points - self.spent, 2.0)

    def expected(self, day: int) -> Floats:
        """Return the value expected on a day, numbered so that day 0 is of weekday 0."""
        return self.level + self.slope * (day - self.centre) + self.season[:, day % WEEK]

    def doubt(self, day: int, *, whole_weeks: bool = False) -> Floats:
        """Return the variance of that expectation, in units of sigma squared; over whole weeks weekdays cancel out."""
        n = np.maximum(self.points, 1.0)
        trend = np.where(self.slope != 0.0, 12.0 * (day - self.centre) ** 2 / n**3, 0.0)
        weekly = np.where(self.season.any(axis=1) & (not whole_weeks), WEEK / n, 0.0)
        return np.asarray(_MEDIAN_COST * (1.0 / n + trend + weekly), dtype=np.float64)

    def where(self, keep: Flags, other: Baseline) -> Baseline:
        """Return the rows of this baseline where the flag is set, of the other elsewhere."""
        rows = {
            name: np.where(keep[:, None] if mine.ndim == 2 else keep, mine, getattr(other, name))
            for name, mine in vars(self).items()
        }
        return Baseline(**rows)


def median(values: Floats) -> Floats:
    """Return the median of each row, NaN left out; NaN for a row without values."""
    count = np.isfinite(values).sum(axis=1)
    ordered = np.sort(values, axis=1)  # NaN goes to the end
    rows, last = np.arange(len(values)), values.shape[1] - 1
    upper = ordered[rows, np.clip(count // 2, 0, last)]
    lower = ordered[rows, np.clip((count - 1) // 2, 0, last)]
    return np.asarray(np.where(count > 0, (lower + upper) / 2.0, np.nan), dtype=np.float64)


def fit(values: Floats, first_day: int, floor: Floats) -> Baseline:
    """Return the baseline of each row.

    Args:
        values: series by day, NaN where a day has no point or its point does not count.
        first_day: number of the first column's day; day 0 is of weekday 0.
        floor: least sigma of each series, for those that hardly ever move.
    """
    days = np.arange(values.shape[1], dtype=np.float64) + first_day
    there = np.isfinite(values)
    points = there.sum(axis=1).astype(np.float64)
    n = np.maximum(points, 1.0)
    centre = np.where(there, days, 0.0).sum(axis=1) / n
    slope, lean = _trend(values, floor, points)
    flat = values - slope[:, None] * (days[None, :] - centre[:, None])
    level = median(flat)
    season, weekly = _season(flat - level[:, None], first_day, floor, points)
    rest = flat - level[:, None] - season[:, days.astype(np.int64) % WEEK]
    shift = np.nan_to_num(median(rest))
    spent = 1.0 + (slope != 0.0) + np.where(season.any(axis=1), WEEK - 1.0, 0.0)
    sigma = _spread(rest - shift[:, None], np.maximum(points - spent, 1.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows without points
        low, high = np.nanmin(values, axis=1), np.nanmax(values, axis=1)
    return Baseline(
        level=np.nan_to_num(level + shift),
        slope=slope,
        season=season,
        sigma=np.maximum(np.nan_to_num(sigma), floor),
        points=points,
        spent=spent,
        centre=centre,
        low=low,
        high=high,
        lean=lean,
        weekly=weekly,
    )


def _spread(residuals: Floats, freedom: Floats) -> Floats:
    """Return a standard deviation that outliers do not move: residuals are clipped at three times 1.4826 MAD."""
    bound = 3.0 * 1.4826 * median(np.abs(residuals))
    clipped = np.minimum(np.abs(residuals), bound[:, None])
    return np.asarray(np.sqrt(np.nansum(clipped**2, axis=1) / freedom) * 1.007, dtype=np.float64)


def _trend(values: Floats, floor: Floats, points: Floats) -> tuple[Floats, Floats]:
    """Return the slope of each row, the median of the slopes between days whole weeks apart: zero unless sure, and as it is."""
    width = values.shape[1]
    steps = [(values[:, lag:] - values[:, :-lag]) / lag for lag in _TREND_LAGS if lag < width]
    if not steps:
        return np.zeros(len(values)), np.zeros(len(values))
    slope = np.nan_to_num(median(np.concatenate(steps, axis=1)))
    weekly = steps[0] * WEEK  # neither a trend nor the weekdays widen the differences between equal weekdays
    sigma = np.maximum(1.4826 * median(np.abs(weekly - median(weekly)[:, None])) / np.sqrt(2.0), floor)
    error = sigma * np.sqrt(_MEDIAN_COST * 12.0) / np.maximum(points, 1.0) ** 1.5
    sure = (points >= _MIN_WEEKS * WEEK) & (np.abs(slope) > _SURE * error)
    return np.where(sure, slope, 0.0), slope


def _season(rest: Floats, first_day: int, floor: Floats, points: Floats) -> tuple[Floats, Flags]:
    """Return what each weekday adds, series by weekday, and whether all weekdays were seen often enough.

    Effects are shrunk by their own error, and zero unless the weekdays surely differ.
    """
    width = rest.shape[1]
    by_day = [rest[:, (day - first_day) % WEEK : width : WEEK] for day in range(WEEK)]
    counts = np.stack([np.isfinite(part).sum(axis=1) for part in by_day], axis=1)
    effects = np.stack([np.nan_to_num(median(part)) if part.shape[1] else np.zeros(len(rest)) for part in by_day], axis=1)
    inner = rest - effects[:, (np.arange(width) + first_day) % WEEK]
    noise = np.maximum(_spread(inner, np.maximum(points - WEEK, 1.0)), floor) ** 2 * _MEDIAN_COST * WEEK / np.maximum(points, 1.0)
    effects = effects - effects.mean(axis=1, keepdims=True)
    found = (effects**2).sum(axis=1) / (WEEK - 1)
    enough = (counts.min(axis=1) >= _MIN_WEEKS - 1) & (points >= _MIN_WEEKS * WEEK - 1)
    known = counts.min(axis=1) >= _MIN_WEEKS
    share = np.where(enough & (found > _SURE * noise), 1.0 - noise / np.maximum(found, 1e-300), 0.0)
    return np.asarray(effects * share[:, None], dtype=np.float64), np.asarray(known)
