"""Incidents are opened with their owner, stay open while they last, close when back, and a run done twice changes nothing."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.contracts.quality import INCIDENT, METRIC
from onefold.quality.findings import findings, watched
from onefold.quality.history_settings import WatchSettings
from onefold.quality.incidents import NOBODY, alarms, assertion_alarms, next_incidents
from onefold.quality.metrics import last_of
from onefold.quality.settings import Assertion

sys.path[:0] = [str(Path(__file__).resolve().parents[3] / "scripts" / "bench")]

DAY = dt.date(2026, 10, 5)
FLAT = [0.95 + 0.001 * (i % 3) for i in range(40)]


def metric(day: int, value: float, **more: object) -> dict[str, object]:
    at = dt.datetime.combine(DAY, dt.time(6), dt.UTC) + dt.timedelta(days=day)
    row: dict[str, object] = {
        "run_id": f"r{day:02d}", "measured_at": at, "metric": "score", "level": "rule", "subject": "email_syntax",
        "source": "crm", "owner": "marketing", "fingerprint": "f1", "value": value, "checked": 50_000,
        "failed": int((1 - value) * 50_000), "cost": None,
    }  # fmt: skip
    return row | more


@pytest.fixture(scope="module")
def history(spark: SparkSession) -> DataFrame:
    rows = []
    for day, value in enumerate(FLAT):
        rows.append(metric(day, value - (0.04 if 30 <= day < 36 else 0.0)))
        rows.append(metric(day, value - (0.04 if day >= 30 else 0.0), subject="renewed", fingerprint="f1" if day < 30 else "f2"))
        rows.append(metric(day, 0.0 if day == 38 else 5_000.0, metric="volume", level="source", subject="crm", source="(all)"))
        rows.append(metric(day, value - 0.04 * (day >= 30), level="attribute", subject="email", source="(all)"))
        if day < 20:
            rows.append(metric(day, value - (0.2 if day == 19 else 0.0), subject="gone"))
    return spark.createDataFrame(rows, METRIC.schema).localCheckpoint()


def seen(history: DataFrame, day: int) -> DataFrame:
    settings = WatchSettings()
    past = watched(last_of(history.where(F.col("run_id") <= f"r{day:02d}"), "day"), settings)
    return findings(past, settings, DAY + dt.timedelta(days=day), 1_300)


def test_rules_and_feeds_are_watched_and_a_changed_rule_starts_anew(history: DataFrame) -> None:
    state = {(r["metric"], r["subject"]): r for r in seen(history, 32).collect()}
    assert set(state) == {("score", "email_syntax"), ("score", "renewed"), ("volume", "crm"), ("score", "gone")}
    assert state["score", "email_syntax"]["state"] == 1
    assert f"{state['score', 'email_syntax']['since']}" == "2026-11-04"
    assert state["score", "email_syntax"]["expected_low"] == pytest.approx(0.94, abs=0.01)
    assert state["score", "renewed"]["state"] == 0
    assert state["score", "gone"]["state"] == 0  # not measured for a week
    assert {r["subject"]: r["state"] for r in seen(history, 21).collect()}["gone"] == 1


def test_incidents_open_stay_and_close_and_a_run_done_twice_changes_nothing(spark: SparkSession, history: DataFrame) -> None:
    table = spark.createDataFrame([], INCIDENT.schema)

    def after(table: DataFrame, day: int) -> DataFrame:
        own = history.where(F.col("run_id") == f"r{day:02d}")
        at = F.lit(dt.datetime.combine(DAY, dt.time(6), dt.UTC) + dt.timedelta(days=day)).cast("timestamp")
        return next_incidents(table, alarms(seen(history, day), own), f"r{day:02d}", at).localCheckpoint()

    def told(table: DataFrame) -> list[tuple[Any, ...]]:
        return [
            tuple(r)
            for r in table.orderBy("opened_at").select("kind", "subject", "owner", "opened_run_id", "closed_run_id").collect()
        ]

    drop = ("score", "email_syntax", "marketing", "r31")
    opened = after(table, 31)
    assert told(opened) == [(*drop, None)]
    again = after(opened, 31)
    assert [tuple(r) for r in again.collect()] == [tuple(r) for r in opened.collect()]
    lasting = after(again, 33)
    assert told(lasting) == [(*drop, None)]
    closed = after(lasting, 38)
    feed = ("volume", "crm", "marketing", "r38")
    assert told(closed) == [(*drop, "r38"), (*feed, None)]
    assert sorted(told(after(closed, 38)), key=str) == sorted(told(closed), key=str)
    assert told(after(closed, 39)) == [(*drop, "r38"), (*feed, "r39")]
    message = closed.where("kind = 'volume'").first()["message"]
    assert message.startswith("crm: 0 records, ")


def test_assertions_that_do_not_hold_are_incidents_of_their_own(spark: SparkSession) -> None:
    rows = [
        metric(0, 0.7, level="overall", subject="(all)", source="(all)", owner=None),
        metric(0, 0.9, level="attribute", subject="email", source="(all)"),
    ]
    asserted = [
        Assertion(min=0.8),
        Assertion(metric="failed", level="attribute", subject="email", max=10, owner="ann"),
        Assertion(level="attribute", subject="email", min=0.5),
    ]
    metrics = spark.createDataFrame(rows, METRIC.schema)
    found = assertion_alarms(metrics, asserted)
    assert {(r["metric"], r["owner"], r["severity"]) for r in found.collect()} == {
        ("score", NOBODY, "stops"),
        ("failed", "ann", "warns"),
    }
    before = next_incidents(spark.createDataFrame([], INCIDENT.schema), found, "r1", F.current_timestamp())
    after = next_incidents(before, found.where("metric = 'score'"), "r2", F.current_timestamp())
    assert {(r["metric"], r["opened_run_id"], r["closed_run_id"]) for r in after.collect()} == {
        ("score", "r1", None),
        ("failed", "r1", "r2"),
    }
    assert assertion_alarms(metrics, []).count() == 0
