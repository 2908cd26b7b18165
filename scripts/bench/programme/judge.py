"""Runs a simulated programme through the product's own metrics and watch, and compares what it told with what was seeded."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.contracts.quality import METRIC, RULE_RESULT
from onefold.quality.findings import findings, watched
from onefold.quality.history_settings import WatchSettings
from onefold.quality.metrics import counted, last_of, scores
from programme.simulate import DAYS, SOURCES, Failure, Programme

__all__ = ["FIRST_DAY", "Judged", "judge", "metric_rows", "states_of"]

FIRST_DAY = dt.date(2026, 9, 21)  # a Monday, as day 0 of the simulation
_GRACE = 3
"""Days after a failure in which an alarm still counts as told of it."""


@dataclass
class Judged:
    """What was found of what was seeded."""

    seeded: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Days from the failure to its incident."""
    false: int = 0
    missed: list[Failure] = field(default_factory=list)
    series: int = 0


def metric_rows(spark: SparkSession, programme: Programme) -> DataFrame:
    """Return the metrics of every run of the programme, by the product's own sums."""
    results = spark.createDataFrame(_results(programme))
    typed = RULE_RESULT.conform(results)
    prices = spark.createDataFrame(pa.table({"rule_id": pa.array([], pa.string()), "unit_cost": pa.array([], pa.float64())}))
    found = scores(typed, prices)
    for metric, values in (("volume", programme.volume.astype(np.float64)), ("age_days", programme.age)):
        rows = _stamped(np.tile(np.arange(DAYS), SOURCES)) | {
            "subject": [f"source_{s}" for s in np.repeat(np.arange(SOURCES), DAYS)],
            "value": values.ravel(),
        }
        found = found.unionByName(counted(spark.createDataFrame(pa.table(rows)), metric))
    return METRIC.conform(found)


def _stamped(days: np.ndarray[Any, Any]) -> dict[str, Any]:
    start = dt.datetime.combine(FIRST_DAY, dt.time(6), dt.UTC)
    return {
        "run_id": [f"run-{day:03d}" for day in days],
        "measured_at": pa.array([start + dt.timedelta(days=int(day)) for day in days], pa.timestamp("us", "UTC")),
    }


def _results(programme: Programme) -> pa.Table:
    rules, sources, days = programme.failed.shape
    rule, source, day = (index.ravel() for index in np.indices((rules, sources, days)))
    count, checked, failed = len(rule), programme.checked.ravel(), programme.failed.ravel()
    fixed = {name: pa.repeat(pa.scalar(value), count) for name, value in {
        "table": "party", "entity_type": "person", "dimension": "correctness", "severity": "warns", "weight": 1.0,
        "region": "DE", "division": "(none)", "status": "pass", "detail": "", "value": 0.0,
    }.items()}  # fmt: skip
    return pa.table(
        _stamped(day)
        | fixed
        | {
            "rule_id": [f"rule_{r:03d}" for r in rule],
            "fingerprint": [f"f{r}" for r in rule],
            "attribute": [f"attribute_{r % 25}" for r in rule],
            "owner": [f"owner_{r % 12}" for r in rule],
            "source": [f"source_{s}" for s in source],
            "checked": checked,
            "passed": checked - failed,
            "failed": failed,
            "examples": pa.nulls(count, pa.list_(pa.string())),
        }
    )


def states_of(metrics: DataFrame, settings: WatchSettings) -> tuple[pa.Table, int]:
    """Return the state of every watched series on every day, and how many series there are."""
    seen = watched(last_of(metrics, "day"), settings)
    series = seen.select("metric", "level", "subject", "source").distinct().count()
    last = FIRST_DAY + dt.timedelta(days=DAYS - 1)
    return findings(seen, settings, last, series, every_day=True).where(F.col("state") > 0).toArrow(), series


def judge(programme: Programme, states: pa.Table, series: int) -> Judged:
    """Compare the alarms with the failures: each is found when its own series is in alarm; any other alarm is false."""
    alarmed: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for row in states.to_pylist():
        alarmed[(row["metric"], row["subject"], row["source"])].add((row["day"] - FIRST_DAY).days)
    judged, allowed = Judged(series=series), defaultdict(set)
    for one in programme.failures:
        key = _series_of(one)
        allowed[key] |= set(range(one.start, min(one.end + _GRACE + 1, DAYS)))
        judged.seeded[one.kind] += 1
        told = sorted(alarmed[key] & set(range(one.start, min(one.end + _GRACE, DAYS - 1) + 1)))
        if told:
            judged.found[one.kind] += 1
            judged.days[one.kind].append(told[0] - one.start)
        else:
            judged.missed.append(one)
    for key, days in alarmed.items():
        begins = {day for day in days if day - 1 not in days}
        judged.false += len(begins - allowed[key])
    return judged


def _series_of(one: Failure) -> tuple[str, str, str]:
    if one.rule is not None:
        return "score", f"rule_{one.rule:03d}", f"source_{one.source}"
    return ("volume" if one.kind == "volume" else "age_days"), f"source_{one.source}", "(all)"
