"""The quality stage: results that are replaced, records withheld and let through, what matching then does, and the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from pyspark.sql import SparkSession
from tests.stage.test_increment import BLOCKING, COMPARISONS, NOW, Town, tables
from tests.stage.test_match import BASE

from onefold.config import Project
from onefold.contracts.matching import ENTITY_MAP
from onefold.contracts.quality import RECORD_QUALITY, RULE_RESULT
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError, DataContractError, MissingInputError, QualityGateError, StageOrderError
from onefold.match.settings import BlockingSettings, ComparisonSettings
from onefold.quality.settings import QualitySettings, RuleFile
from onefold.resolve import ClusteringSettings
from onefold.run.context import RunContext, StageReport
from onefold.run.match import run_match
from onefold.run.parties import parties_of
from onefold.run.quality import run_quality
from onefold.run.quarantine import list_quarantine, show_record
from onefold.run.resolve import run_resolve
from onefold.run.waivers import Release, release
from onefold.store import Warehouse

RULES: list[dict[str, Any]] = [
    {"id": "email_there", "attribute": "email", "check": "not_null", "dimension": "completeness"},
    {"id": "postcode_there", "attribute": "postcode", "check": "not_null", "dimension": "completeness", "severity": "blocks",
     "action": "Ask the source."},
    {"id": "zero", "attribute": "email", "check": "sql", "dimension": "correctness",
     "params": {"sql": "1 / (length(postcode) - 5) > 0"}},
    {"id": "volume", "attribute": "record", "check": "volume", "dimension": "completeness", "params": {"min": 1}},
]  # fmt: skip


def project_of(rules: list[dict[str, Any]] = RULES, **quality: Any) -> Project:
    file = {"name": "mine", "owner": "crm-team", "rules": [{"description": "What must hold of it.", **rule} for rule in rules]}
    return Project.model_construct(
        sources=(),
        blocking=BlockingSettings.model_validate(BLOCKING),
        comparisons=ComparisonSettings.model_validate(COMPARISONS),
        clustering=ClusteringSettings.model_validate(yaml.safe_load((BASE / "clustering.yml").read_text())),
        rules=(RuleFile.model_validate(file),),
        quality=QualitySettings.model_validate(quality),
    )


def context_of(warehouse: Warehouse, run_id: str, day: int = 0, project: Project | None = None) -> RunContext:
    return RunContext(warehouse.spark, warehouse, project or project_of(), run_id, NOW + timedelta(days=day))


def note(report: StageReport, item: str) -> str:
    return next(i.note or "" for i in report.items if i.item == item)


def test_what_a_blocking_rule_refuses_is_gone_until_it_is_let_through(spark: SparkSession, warehouse: Warehouse) -> None:
    with pytest.raises(StageOrderError):
        run_quality(context_of(warehouse, "r0"))
    town = Town(60)
    town.rows[7]["postcode"] = None
    warehouse.overwrite(PARTY, town.parties(spark))
    first = context_of(warehouse, "r0")
    report = run_quality(first)
    record = next(i for i in report.items if i.item == RECORD_QUALITY.name)
    assert (record.rows_in, record.rows_out, record.rows_quarantined, record.note) == (60, 59, 1, "1 withheld by quality")
    assert "zero (DIVIDE_BY_ZERO)" in note(report, RULE_RESULT.name)
    run_quality(first)  # the same run again replaces its own rows
    results = warehouse.read(RULE_RESULT).toPandas()
    assert not results.duplicated(list(RULE_RESULT.key)).any()
    blocking = results[results["rule_id"] == "postcode_there"]
    assert (blocking["checked"].sum(), blocking["failed"].sum()) == (60, 1)
    assert set(results[results["rule_id"] == "zero"]["status"]) == {"error"}
    assert set(results[results["rule_id"] == "volume"]["status"]) == {"pass"}
    assert parties_of(first).count() == 59

    run_match(first)
    run_resolve(first)
    assert warehouse.read(ENTITY_MAP).where("party_id = 7").count() == 0
    _, rows = list_quarantine(first)
    assert [row[:5] for row in rows] == [(RECORD_QUALITY.name, "postcode_there", "erp", 1, "crm-team")]
    withheld = str(rows[0][5])
    assert (
        "blocked by postcode_there (crm-team): What must hold of it.\n    to do: Ask the source."
        in show_record(first, withheld).text()
    )

    with pytest.raises(DataContractError, match="not withheld by email_there"):
        release(first, Release(withheld, "known to be right", "me", "email_there"))
    with pytest.raises(MissingInputError):
        show_record(first, "nobody")
    release(first, Release(withheld, "known to be right", "me", until=datetime.now(UTC) + timedelta(days=1)))
    second = replace(context_of(warehouse, "r1"), started_at=datetime.now(UTC))
    assert note(run_quality(second), RECORD_QUALITY.name) == ""
    young = replace(second, started_at=first.started_at + timedelta(minutes=1))  # the model is not to be trained anew
    assert note(run_match(young), "person").startswith("1 new, 0 changed, 0 gone; by the model of run r0")
    increment = tables(warehouse)
    run_match(replace(young, run_id="r1b", fresh="rebuild"))
    assert increment == tables(warehouse)

    expired = replace(second, run_id="r2", started_at=second.started_at + timedelta(days=2))
    assert note(run_quality(expired), RECORD_QUALITY.name) == "1 withheld by quality"
    assert note(run_match(replace(young, run_id="r2")), "person").startswith("0 new, 0 changed, 1 gone")


def test_an_assertion_that_does_not_hold_stops_the_run_with_results_written(spark: SparkSession, warehouse: Warehouse) -> None:
    warehouse.overwrite(PARTY, Town(20).parties(spark))
    asserted = [{"level": "attribute", "subject": "email", "min": 0.99}, {"metric": "failed", "max": 1}]
    rules = [RULES[0]]
    with pytest.raises(QualityGateError, match=r"score of attribute email is 0\.\d+, below the 0.99 asserted; crm-team answers"):
        run_quality(context_of(warehouse, "r0", project=project_of(rules, assertions=asserted)))
    assert warehouse.read(RULE_RESULT).where("run_id = 'r0'").count() > 0
    report = run_quality(context_of(warehouse, "r1", project=project_of(rules, assertions=asserted[1:])))
    assert [i.status for i in report.items if i.item == "assertion"] == ["warning"]
    with pytest.raises(ConfigurationError, match="email_there"):
        run_quality(context_of(warehouse, "r2", project=project_of([{**rules[0], "where": "emial is null"}])))
    skipped = run_quality(context_of(warehouse, "r3", project=project_of(rules, enabled=False)))
    assert skipped.items[0].status == "skipped"
