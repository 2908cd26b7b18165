"""Judges every watched metric by its own history: one row a series in, its state on the last day (or on every day) out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from math import log1p

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.quality.baseline import Flags, Floats
from onefold.quality.history_settings import WatchSettings
from onefold.quality.metrics import ALL
from onefold.quality.watch import CALM, Limits, Sensitivity, Series, watch

__all__ = ["findings", "watched"]

_KEY = ("metric", "level", "subject", "source")
_FOUND = (
    "metric string, level string, subject string, source string, day date, state int, since date, "
    "value double, expected_low double, expected_high double"
)
_FORGET_DAYS = 7
"""A series that was not measured for so long is no longer in alarm: what it measured is gone."""
_MONDAY = dt.date(1970, 1, 5)


def watched(metrics: DataFrame, settings: WatchSettings) -> DataFrame:
    """Return the metrics that are watched: scores of the levels named, volumes and ages of sources.

    A rule is watched in each source by itself, and as a whole only where it speaks of a whole table.
    """
    rule = F.col("level") == "rule"
    both = metrics.where(rule & (F.col("source") != ALL)).select("run_id", "subject").distinct().withColumn("parted", F.lit(True))
    known = metrics.join(both, on=["run_id", "subject"], how="left")
    whole = rule & (F.col("source") == ALL) & F.col("parted").isNotNull()
    score = (F.col("metric") == "score") & F.col("level").isin(*settings.levels) & ~whole
    feed = F.col("metric").isin("volume", "age_days") & (F.col("level") == "source")
    return known.where(score | feed).drop("parted")


def findings(
    metrics: DataFrame, settings: WatchSettings, last_day: dt.date, series: int, *, every_day: bool = False
) -> DataFrame:
    """Return the state of each series: metric, level, subject, source, day, state, since, value, expected_low, expected_high.

    The state is 0 when calm, 1 after a sudden change, 2 in a drift; `value` is null on a day without a run.

    Args:
        metrics: watched metrics, the last run of each day only.
        settings: quality.yml, watch.
        last_day: the day that is judged.
        series: how many series are watched together.
        every_day: a row for every day of the history instead of the last one alone.
    """
    day = F.to_date("measured_at")
    first_day = last_day - dt.timedelta(days=settings.history_days - 1)
    point = F.struct(day.alias("day"), "value", "checked", "failed", "fingerprint")
    lines = (
        metrics.where(day.between(F.lit(first_day), F.lit(last_day)))
        .groupBy(*_KEY)
        .agg(F.array_sort(F.collect_list(point)).alias("points"))
        .select(*_KEY, _same_rule(F.col("points")).alias("points"))
    )
    judge = _Judge(settings, series, first_day, last_day, every_day)
    # Arrow: a day is judged by those days before it that were not anomalous themselves, which no window function can say.
    return lines.mapInArrow(judge, _FOUND)


def _same_rule(points: Column) -> Column:
    """Return the points that were measured by what measures today: a changed rule starts a new history."""
    last = F.element_at(points, -1)["fingerprint"]
    return F.filter(points, lambda point: point["fingerprint"] == last)


@dataclass(frozen=True)
class _Judge:
    """Turns series into their states, a batch at a time."""

    settings: WatchSettings
    series: int
    first_day: dt.date
    last_day: dt.date
    every_day: bool

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Give a batch of states for each batch of series."""
        for batch in batches:
            if batch.num_rows:
                yield self._judged(batch)

    def _judged(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        metric = np.array(batch.column("metric").to_pylist(), dtype=object)
        values, noise = self._matrix(batch.column("points"))
        amount, score = metric == "volume", metric == "score"
        values[amount] = np.log1p(values[amount])
        noise[~score] = 0.0
        first = int(np.isfinite(values).any(axis=0).argmax())  # days before the oldest point
        number = (self.first_day - _MONDAY).days + first
        limits = self._limits(amount, score)
        seen = watch(Series(values[:, first:], number, limits, noise[:, first:]), self._sensitivity())
        states = np.where(self._gone(values[:, first:]), CALM, seen.state)
        days = np.arange(values.shape[1] - first)
        chosen = days if self.every_day else days[-1:]
        measured, low, high = (_told(a[:, chosen], amount, score) for a in (values[:, first:], seen.low, seen.high))
        epoch = (self.first_day - dt.date(1970, 1, 1)).days + first
        width = len(chosen)
        since = np.where((states > CALM) & (seen.since >= 0), seen.since, -1)[:, chosen]
        columns = [pa.array(np.repeat(batch.column(name).to_numpy(zero_copy_only=False), width)) for name in _KEY]
        columns += [
            pa.array(np.tile(chosen + epoch, len(values)).astype(np.int32)).cast(pa.date32()),
            pa.array(states[:, chosen].ravel().astype(np.int32)),
            pa.array((since + epoch).ravel().astype(np.int32), mask=(since < 0).ravel()).cast(pa.date32()),
            *(pa.array(a.ravel(), from_pandas=True) for a in (measured, low, high)),
        ]
        names = (*_KEY, "day", "state", "since", "value", "expected_low", "expected_high")
        return pa.RecordBatch.from_arrays(columns, names=list(names))

    def _matrix(self, points: pa.ListArray) -> tuple[Floats, Floats]:
        """Return values, and the noise that comes of counting records, by series and day; NaN where there is none."""
        flat = points.flatten()
        rows = np.repeat(np.arange(len(points)), points.value_lengths().to_numpy(zero_copy_only=False))
        days = flat.field("day").cast(pa.int32()).to_numpy() - (self.first_day - dt.date(1970, 1, 1)).days
        shape = (len(points), self.settings.history_days)
        values, noise = np.full(shape, np.nan), np.full(shape, np.nan)
        values[rows, days] = flat.field("value").to_numpy(zero_copy_only=False)
        checked, failed = (flat.field(name).cast(pa.float64()).to_numpy(zero_copy_only=False) for name in ("checked", "failed"))
        share = (failed + 1.0) / (checked + 2.0)
        noise[rows, days] = np.sqrt(share * (1.0 - share) / np.maximum(checked, 1.0))
        return values, noise

    def _limits(self, amount: Flags, score: Flags) -> Limits:
        s = self.settings

        def each(of_score: float, of_amount: float, of_age: float) -> Floats:
            return np.where(score, of_score, np.where(amount, of_amount, of_age))

        return Limits(
            direction=each(-1, 0, 1).astype(np.int64),
            least=each(s.least_score, log1p(s.least_volume), s.least_age_days),
            at_once=each(s.large_score, log1p(s.large_volume), np.inf),
            floor=each(0.001, 0.01, 0.1),
            calm=each(2, 1, 1).astype(np.int64),
        )

    def _sensitivity(self) -> Sensitivity:
        s = self.settings
        return Sensitivity(
            false_a_month=s.false_a_month,
            series=self.series,
            first_points=s.first_points,
            confirm=s.confirm,
            accept_after=s.accept_after,
        )

    def _gone(self, values: Floats) -> Flags:
        """Tell on which days a series had not been measured for long."""
        days = np.arange(values.shape[1])
        newest = np.maximum.accumulate(np.where(np.isfinite(values), days, -1), axis=1)
        return np.asarray(days[None, :] - newest >= _FORGET_DAYS)


def _told(values: Floats, amount: Flags, score: Flags) -> Floats:
    """Return values on the scale that people know."""
    told = values.copy()
    told[amount] = np.expm1(told[amount])
    told = np.maximum(told, 0.0)
    told[score] = np.minimum(told[score], 1.0)
    return told
