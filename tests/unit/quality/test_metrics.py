"""Metrics are weighted shares at every level; gaps are distances with the actions that close them."""

from __future__ import annotations

import datetime as dt

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.contracts.quality import METRIC, RULE_RESULT
from onefold.quality.gaps import gaps
from onefold.quality.metrics import counted, last_of, scores, volumes

AT = dt.datetime(2026, 11, 24, 6, tzinfo=dt.UTC)


def result(rule: str, source: str, checked: int, failed: int, **more: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(RULE_RESULT.column_names)
    row |= {
        "run_id": "r1", "measured_at": AT, "rule_id": rule, "fingerprint": f"f-{rule}", "table": "party",
        "attribute": rule.partition("_")[0], "dimension": "completeness", "severity": "warns", "owner": f"owner-{rule[0]}",
        "weight": 1.0, "source": source, "region": "DE", "division": "(none)", "checked": checked,
        "passed": checked - failed, "failed": failed, "status": "pass",
    }  # fmt: skip
    return row | more


@pytest.fixture(scope="module")
def results(spark: SparkSession) -> DataFrame:
    rows = [
        result("email_syntax", "crm", 100, 10, weight=3.0),
        result("email_syntax", "web", 100, 50, weight=3.0, region="FR"),
        result("email_present", "crm", 200, 20),
        result("phone_valid", "crm", 50, 0, dimension="correctness"),
        result("phone_valid", "web", 50, 50, dimension="correctness", status="error"),
        result("table_drift", "(all)", 1, 1, dimension="relevancy"),
    ]
    return spark.createDataFrame(rows, RULE_RESULT.schema)


@pytest.fixture(scope="module")
def rules(spark: SparkSession) -> DataFrame:
    rows = [("email_syntax", "Ask again", 0.5), ("email_present", "Require it", 2.0), ("phone_valid", None, None)]
    return spark.createDataFrame(rows, "rule_id string, action string, unit_cost double")


def test_scores_are_weighted_at_every_level_and_broken_rules_say_nothing(results: DataFrame, rules: DataFrame) -> None:
    found = scores(results, rules).collect()
    value = {(r["level"], r["subject"], r["source"]): r for r in found}
    assert len(value) == len(found)
    email = value["attribute", "email", "(all)"]
    assert email["value"] == pytest.approx((3 * 140 + 180) / (3 * 200 + 200))
    assert (email["checked"], email["failed"], email["cost"], email["owner"]) == (400, 80, 60 * 0.5 + 20 * 2.0, "owner-e")
    assert value["rule", "email_syntax", "web"]["value"] == 0.5
    assert value["rule", "email_syntax", "(all)"]["value"] == pytest.approx(0.7)
    assert value["attribute_source", "email", "web"]["value"] == 0.5
    assert value["source", "web", "(all)"]["checked"] == 100  # phone_valid broke there
    assert value["dimension", "correctness", "(all)"]["value"] == 1.0
    assert ("rule", "table_drift", "(all)") in value
    assert ("source", "(all)", "(all)") not in value
    assert value["region", "FR", "(all)"]["value"] == 0.5
    assert value["overall", "(all)", "(all)"]["failed"] == 81


def test_a_fingerprint_changes_with_any_rule_behind_the_metric(spark: SparkSession, results: DataFrame, rules: DataFrame) -> None:
    changed = [
        result("email_syntax", "crm", 100, 10, fingerprint="other"),
        result("email_present", "crm", 200, 20),
        result("phone_valid", "crm", 50, 0, dimension="correctness"),
    ]
    marks = [
        {(r["level"], r["subject"]): r["fingerprint"] for r in scores(frame, rules).where("source = '(all)'").collect()}
        for frame in (results, spark.createDataFrame(changed, RULE_RESULT.schema))
    ]
    assert marks[0]["attribute", "email"] != marks[1]["attribute", "email"]
    assert marks[0]["attribute", "phone"] == marks[1]["attribute", "phone"]


def test_gaps_have_a_distance_and_the_actions_with_most_failures_first(
    spark: SparkSession, results: DataFrame, rules: DataFrame
) -> None:
    aims = [("email", "(all)", 0.95), ("email", "completeness", 0.7), ("phone", "(all)", 0.9), ("table", "(all)", 1.0)]
    targets = spark.createDataFrame(aims, "attribute string, dimension string, target double")
    found = {(r["attribute"], r["dimension"]): r for r in gaps(results, rules, targets).collect()}
    assert set(found) == {(a, d) for a, d, _ in aims}
    assert found["email", "(all)"]["distance"] == pytest.approx(0.95 - 600 / 800)
    assert found["email", "(all)"]["actions"] == ["Ask again", "Require it"]
    assert found["email", "completeness"]["distance"] == 0.0
    assert found["phone", "(all)"]["actions"] == []


def test_sources_without_records_have_volume_zero_and_the_last_run_of_a_day_counts(spark: SparkSession) -> None:
    sources = spark.createDataFrame([("crm", "sales"), ("erp", "finance")], "source string, owner string")
    records = spark.createDataFrame([("crm",), ("crm",)], "source string")

    def run(records: DataFrame, name: str, at: str) -> DataFrame:
        stamp = (F.lit(name).alias("run_id"), F.lit(at).cast("timestamp").alias("measured_at"))
        return counted(volumes(records, sources).select("*", *stamp), "volume")

    runs = [run(records, f"r{day}", f"2026-11-{day} 05:00:00Z") for day in (23, 24)]
    late = run(records.limit(1), "r24b", "2026-11-24 07:00:00Z")
    metrics = METRIC.conform(runs[0].unionByName(runs[1]).unionByName(late))
    daily = {(f"{r['day']}", r["subject"]): r["value"] for r in last_of(metrics, "day").collect()}
    assert daily == {
        ("2026-11-23", "crm"): 2.0,
        ("2026-11-23", "erp"): 0.0,
        ("2026-11-24", "crm"): 1.0,
        ("2026-11-24", "erp"): 0.0,
    }
    assert {(f"{r['week']}", r["run_id"]) for r in last_of(metrics, "week").collect()} == {("2026-11-23", "r24b")}
