"""The history of a warehouse: measured, watched and shown, run after run."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.unit.quality.test_metrics import result

from onefold.config import Project, load_project
from onefold.contracts.quality import GAP, INCIDENT, METRIC, RULE_RESULT
from onefold.contracts.silver import PARTY
from onefold.errors import StageOrderError
from onefold.quality.dashboard import dashboard_page
from onefold.quality.history_settings import AlarmSettings, CostSettings
from onefold.run.conductor import new_context
from onefold.run.context import RunContext
from onefold.run.quality_dashboard import dashboard_of, gaps_of
from onefold.run.quality_history import incidents_of, keep_history
from onefold.store import Warehouse

DEMO = Path(__file__).resolve().parents[2] / "conf" / "examples" / "demo"
START = dt.datetime(2026, 11, 2, 6, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def project() -> Project:
    project = load_project(DEMO, ["DATA=/nowhere"])
    alarms, costs = AlarmSettings(fail_on="incidents"), CostSettings(default=0.5)
    quality = project.quality.model_copy(update={"alarms": alarms, "costs": costs})
    return project.model_copy(update={"quality": quality})


def of_day(context: RunContext, day: int) -> RunContext:
    return dataclasses.replace(context, run_id=f"run{day:02d}", started_at=START + dt.timedelta(days=day))


def test_a_history_is_kept_and_shown(spark: SparkSession, warehouse: Warehouse, project: Project) -> None:
    context = new_context(spark, warehouse.root, project, lambda _: None)
    with pytest.raises(StageOrderError):
        dashboard_of(context)
    rule = project.quality_rules[0] if project.quality_rules else None
    name = rule.id if rule else "email_syntax"
    rows = []
    for day in range(15):
        failed = 40 + day % 3 + (30_00 if day == 14 else 0)
        at = START + dt.timedelta(days=day)
        more = {"run_id": f"run{day:02d}", "measured_at": at, "examples": ["crm:1", "crm:2"]}
        rows += [result(name, source, 10_000, failed, **more) for source in ("crm", "erp")]
    warehouse.append(RULE_RESULT, spark.createDataFrame(rows, RULE_RESULT.schema))
    warehouse.append(PARTY, spark.createDataFrame([], PARTY.schema))
    items, failures = keep_history(of_day(context, 0))
    assert [item.item for item in items] == [METRIC.name, GAP.name, INCIDENT.name]
    assert failures == ()
    # Days that were measured by other runs, written at once to save time.
    past = warehouse.read(METRIC).where("metric = 'score'")
    for_days = " UNION ALL ".join(
        f"SELECT 'run{d:02d}' AS run_id, timestamp'{START + dt.timedelta(days=d):%Y-%m-%d} 06:00:00Z' AS measured_at"
        for d in range(1, 14)
    )
    warehouse.append(METRIC, past.drop("run_id", "measured_at").crossJoin(spark.sql(for_days)))
    last = of_day(context, 14)
    _, failures = keep_history(last)
    assert [error.exit_code for error in failures] == [5]
    found = incidents_of(context)
    assert {(one.subject, one.source, one.kind) for one in found} == {(name, "crm", "score"), (name, "erp", "score")}
    shown = dashboard_of(context)
    assert shown.overall.failed == 2 * (40 + 14 % 3 + 3_000)
    assert len(shown.overall.trend) == 15
    assert {one.failed for one in shown.incidents} == {3_042}
    assert shown.rules[0].examples == ("crm:1", "crm:2")
    assert name in dashboard_page(shown)
    assert gaps_of(context) == shown.gaps
