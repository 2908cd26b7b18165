"""Tells, day by day, which series left what their own history explains, and when they came back."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from onefold.quality.baseline import WEEK, Baseline, Flags, Floats, fit

__all__ = ["CALM", "DRIFT", "SUDDEN", "Limits", "Sensitivity", "Series", "Watched", "reach", "watch"]

CALM, SUDDEN, DRIFT = 0, 1, 2


@dataclass(frozen=True)
class Sensitivity:
    """How the watch is kept, for all series alike."""

    false_a_month: float = 1.0
    """False incidents a month that are accepted, over all series together."""
    series: int = 1
    """Series that are watched together: the more there are, the rarer a chance must be."""
    first_points: int = 7
    window: int = 56
    drift_windows: tuple[int, ...] = (7, 14)
    """Days whose mean is held against the history before them."""
    confirm: int = 2
    """Points in a row before a change opens an incident, unless it is as large as `at_once`."""
    accept_after: int = 56
    """Days in alarm after which the new state is taken for the normal one."""

    @property
    def chance(self) -> float:
        """Chance of one test that the false incidents leave room for; a quarter of it, as real noise has heavier tails."""
        return 0.25 * self.false_a_month / (30.0 * (1 + len(self.drift_windows)) * max(self.series, 1))


@dataclass(frozen=True)
class Limits:
    """What counts as a change, a row for each series."""

    direction: npt.NDArray[np.int64]
    """-1: only less is bad, 1: only more, 0: both."""
    least: Floats
    """Changes smaller than this are never an incident."""
    at_once: Floats
    """Changes as large as this open one without being confirmed."""
    floor: Floats
    """Least sigma, for series that hardly ever move."""
    calm: npt.NDArray[np.int64]
    """Points in a row that must be back before a sudden change is over."""


@dataclass(frozen=True)
class Series:
    """Measures by series and day; the columns are days in order, day 0 of weekday 0."""

    values: Floats
    first_day: int
    limits: Limits
    noise: Floats | None = None
    """Standard deviation of each value that comes of counting alone, where it is known."""


@dataclass(frozen=True)
class Watched:
    """What was seen, by series and day."""

    state: npt.NDArray[np.int64]
    """0 calm, 1 after a sudden change, 2 after a drift."""
    low: Floats
    high: Floats
    since: npt.NDArray[np.int64]
    """Column in which the present alarm began to show; -1 when calm."""


def reach(chance: float, freedom: Floats) -> Floats:
    """Return the quantile of Student's t that is exceeded by this chance (Cornish-Fisher up to the third order).

    >>> [round(float(x), 2) for x in reach(0.001, np.array([5.0, 30.0, 1e9]))]
    [5.8, 3.39, 3.09]
    """
    z = -NormalDist().inv_cdf(chance)
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    return np.asarray(z + first / freedom + second / freedom**2 + third / freedom**3, dtype=np.float64)


def watch(series: Series, how: Sensitivity) -> Watched:
    """Return the state of every series on every day, each judged by the days before it alone."""
    keeper = _Keeper(series, how)
    for column in range(series.values.shape[1]):
        keeper.take(column)
    return Watched(keeper.states, keeper.lows, keeper.highs, keeper.sinces)


class _Keeper:
    """Goes through the days; anomalous points and those in alarm leave the baseline."""

    def __init__(self, series: Series, how: Sensitivity) -> None:
        rows, days = series.values.shape
        self.series, self.how = series, how
        self.states = np.zeros((rows, days), dtype=np.int64)
        self.sinces = np.full((rows, days), -1, dtype=np.int64)
        self.lows, self.highs = np.full((rows, days), np.nan), np.full((rows, days), np.nan)
        self.usable = series.values.copy()  # NaN where a point does not count
        self.state, self.since = np.zeros(rows, dtype=np.int64), np.full(rows, -1, dtype=np.int64)
        self.bad_run, self.good_run, self.calm_run = (np.zeros(rows, dtype=np.int64) for _ in range(3))
        self.fresh = np.zeros(rows, dtype=np.int64)  # column from which a drift may be told again
        self.fits: list[Baseline] = []
        self.reference: Baseline | None = None  # of series in alarm: the baseline from before

    def take(self, column: int) -> None:
        """Judge one day."""
        value, present = self.series.values[:, column], np.isfinite(self.series.values[:, column])
        mine = self._fitted(column)
        self.fits.append(mine)
        alarmed = self.state != CALM
        base = mine if self.reference is None else self.reference.where(alarmed, mine)
        gap, spread, limit = self._gap(base, column)
        known = present & (base.points >= self.how.first_points)
        with np.errstate(invalid="ignore"):
            beyond = known & (np.abs(gap) > limit * spread) & (np.abs(gap) >= self.series.limits.least)
            beyond &= base.weekly | self._unseen(value, column)
        bad = beyond & self._is_bad(gap)
        margin = np.maximum(limit * spread, self.series.limits.least)
        expected = base.expected(column + self.series.first_day)
        self.lows[:, column] = np.where(known, expected - margin, np.nan)
        self.highs[:, column] = np.where(known, expected + margin, np.nan)
        self._count(present, bad, beyond & ~bad)
        opened = ~alarmed & bad & ((self.bad_run >= self.how.confirm) | (np.abs(gap) >= self.series.limits.at_once))
        self._open(column, opened, None)
        for length in self.how.drift_windows:
            self._open(column, (self.state == CALM) & ~alarmed & present & self._drifts(column, length), length)
        self._close(column, alarmed & present, gap, spread)
        self.usable[beyond | (self.state != CALM), column] = np.nan
        self._settle(column)
        self.states[:, column], self.sinces[:, column] = self.state, self.since

    def _fitted(self, column: int) -> Baseline:
        first = max(0, column - self.how.window)
        floor = self.series.limits.floor
        if self.series.noise is not None and column:
            seen = self.series.noise[:, first:column]
            counted = np.where(np.isfinite(seen), seen, 0.0).sum(axis=1) / np.maximum(np.isfinite(seen).sum(axis=1), 1)
            floor = np.maximum(floor, counted)
        past = self.usable[:, first:column] if column else np.full((len(floor), 1), np.nan)
        return fit(past, first + self.series.first_day, floor)

    def _gap(self, base: Baseline, column: int) -> tuple[Floats, Floats, Floats]:
        day = column + self.series.first_day
        gap = self.series.values[:, column] - base.expected(day)
        return gap, base.sigma * np.sqrt(1.0 + base.doubt(day)), reach(self.how.chance, base.freedom)

    def _unseen(self, value: Floats, column: int) -> Flags:
        """Tell which values lie outside of what was ever seen, the last days left out: while weekdays are not known yet."""
        seen, least = self.fits[max(0, column - 3)], self.series.limits.least
        return np.asarray((value < seen.low - least) | (value > seen.high + least))

    def _is_bad(self, gap: Floats) -> Flags:
        direction = self.series.limits.direction
        with np.errstate(invalid="ignore"):
            return np.asarray((direction == 0) | (gap * direction > 0))

    def _count(self, present: Flags, bad: Flags, good: Flags) -> None:
        self.bad_run = np.where(present, np.where(bad, self.bad_run + 1, 0), self.bad_run)
        self.good_run = np.where(present, np.where(good, self.good_run + 1, 0), self.good_run)

    def _drifts(self, column: int, length: int) -> Flags:
        """Tell which series' last days lie, taken together, beyond what the history before them explains."""
        first = column - length + 1
        if first < 1:
            return np.zeros(len(self.state), dtype=np.bool_)
        base, sigma = self.fits[first], self.fits[first].sigma
        days = range(first, column + 1)
        gaps = np.stack([self.series.values[:, d] - base.expected(d + self.series.first_day) for d in days], axis=1)
        gaps[np.arange(first, column + 1)[None, :] < self.fresh[:, None]] = np.nan
        count = np.isfinite(gaps).sum(axis=1)
        bounded = np.clip(gaps, -4.0 * sigma[:, None], 4.0 * sigma[:, None])  # one outlier is no drift
        mean = np.nansum(bounded, axis=1) / np.maximum(count, 1)
        middle = (first + column) // 2 + self.series.first_day
        error = sigma * np.sqrt(1.0 / np.maximum(count, 1) + base.doubt(middle, whole_weeks=True))
        leaning = mean - (base.lean - base.slope) * (middle - base.centre)  # as if an unsure trend were sure
        with np.errstate(invalid="ignore"):
            same_side = (np.sign(gaps) == np.sign(mean)[:, None]).sum(axis=1) >= length - length // 7
        enough = (count >= length - length // 7) & base.weekly
        limit = reach(self.how.chance, base.freedom) * error
        far = np.minimum(np.abs(mean), leaning * np.sign(mean)) > np.maximum(limit, self.series.limits.least)
        return np.asarray(enough & far & same_side & self._is_bad(mean))

    def _open(self, column: int, opened: Flags, length: int | None) -> None:
        """Put series in alarm, with the baseline from before the change: that of today, or from before the drift's days."""
        first = column if length is None else column - length + 1
        run = np.minimum(self.bad_run, self.how.confirm) - 1
        began = column - run if length is None else np.full(len(opened), first)
        self.state = np.where(opened, SUDDEN if length is None else DRIFT, self.state)
        self.since = np.where(opened, began, self.since)
        self.calm_run = np.where(opened, 0, self.calm_run)
        if length is not None and opened.any():
            self.usable[opened, first : column + 1] = np.nan
        before = self.fits[max(first, 0)]
        self.reference = before if self.reference is None else before.where(opened, self.reference)

    def _close(self, column: int, looked: Flags, gap: Floats, spread: Floats) -> None:
        least = self.series.limits.least
        with np.errstate(invalid="ignore"):
            inside = np.where(
                self.state == DRIFT,
                np.abs(gap) <= np.maximum(least / 2.0, 1.5 * spread),
                np.abs(gap) <= np.maximum(least, 3.0 * spread),
            )
            inside |= ~self._is_bad(gap)
        self.calm_run = np.where(looked, np.where(inside, self.calm_run + 1, 0), self.calm_run)
        needed = np.where(self.state == DRIFT, 3, self.series.limits.calm)
        back = looked & (self.calm_run >= needed)
        self.fresh = np.where(back, column, self.fresh)
        self.state, self.since = np.where(back, CALM, self.state), np.where(back, -1, self.since)

    def _settle(self, column: int) -> None:
        """Take a lasting improvement, and a change that lasts too long, for the new normal state."""
        better = self.good_run >= WEEK
        old = (self.state != CALM) & (column - self.since >= self.how.accept_after)
        for row in np.flatnonzero(better | old):
            start = column - WEEK + 1 if better[row] else int(self.since[row])
            self.usable[row, :start] = np.nan
            self.usable[row, start : column + 1] = self.series.values[row, start : column + 1]
            self.fresh[row] = column
        self.good_run = np.where(better, 0, self.good_run)
        self.state, self.since = np.where(old, CALM, self.state), np.where(old, -1, self.since)
