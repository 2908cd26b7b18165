"""Matching only what a feed touched gives what a rebuild gives: keys, prepared records and pairs, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from pyspark.sql import DataFrame, SparkSession
from tests.stage.test_match import FAMILY, GIVEN, parties_of

from onefold.config import Project
from onefold.contracts.match_state import MATCH_STATE, feature_table, key_table
from onefold.contracts.matching import MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.match.settings import BlockingSettings, ComparisonSettings
from onefold.run.context import Fresh, RunContext
from onefold.run.match import run_match
from onefold.store import Warehouse

NOW = datetime(2026, 1, 1, tzinfo=UTC)

# Bounds so low that blocks grow over them, are split, and shrink under them from day to day.
BLOCKING = {
    "person": {
        "max_block_size": 4,
        "rules": [
            {"name": "family", "keys": ["family_name_key"], "then": ["given_name_key|initial"]},
            {"name": "postcode", "keys": ["postcode"]},
            {"name": "rare", "keys": ["full_name_key|rare_qgrams(2)"], "max_block_size": 6},
            {"name": "email", "keys": ["emails.value"]},
        ],
    }
}
COMPARISONS = {
    "person": [
        {"name": "given", "column": "given_name_key", "levels": ["exact", {"jaro_winkler": 0.9}], "term_frequency": True},
        {"name": "family", "column": "family_name_key", "levels": ["exact", {"levenshtein": 1}], "term_frequency": True},
        {"name": "postcode", "column": "postcode", "levels": ["exact"], "term_frequency": True},
        {"name": "email", "column": "emails.value", "levels": ["any_equal"]},
        {"name": "born", "column": "birth_date", "levels": ["exact"]},
    ],
    "training": {"refresh_growth": 0.5},
    "store_above": -100.0,
}


class Town:
    """People who come, change and go; a record's `party_id` is its number, whatever becomes of it."""

    def __init__(self, number: int) -> None:
        self.random = np.random.default_rng(5)
        self.rows = {n: self.person(n) for n in range(1, number + 1)}

    def person(self, number: int) -> dict[str, Any]:
        draw = self.random.integers
        twin = self.random.random() < 0.3 and number > 2
        origin = int(draw(1, number)) if twin else number
        return {
            "id": number,
            "party_id": number,
            "source": ("crm", "erp", "web")[number % 3],
            "given_name_key": GIVEN[origin % 7] if not twin else GIVEN[int(draw(8))],
            "family_name_key": FAMILY[origin % 9],
            "birth_date": str(np.datetime64("1950-01-01") + origin * 37),
            "postcode": str(10_000 + origin % 40),
            "email": f"person{origin}@mail.org" if draw(3) else None,
        }

    def feed(self) -> tuple[int, int, int]:
        """Let some people change, some go and some come; return how many: new, changed, gone."""
        numbers = np.array(sorted(self.rows))
        chosen = self.random.choice(numbers, 11, replace=False)
        for number in chosen[:5]:
            row = self.rows[int(number)]
            row["family_name_key"] = FAMILY[(FAMILY.index(row["family_name_key"]) + 1) % 10]
            row["postcode"] = None if number % 2 else "10001"
        for number in chosen[5:]:
            del self.rows[int(number)]
        last = int(numbers.max())
        self.rows |= {n: self.person(n) for n in range(last + 1, last + 9)}
        return 8, 5, 6

    def parties(self, spark: SparkSession) -> DataFrame:
        return parties_of(spark, [dict(row) for _, row in sorted(self.rows.items())])


def context_of(warehouse: Warehouse, run_id: str, fresh: Fresh = "increment", day: int = 0) -> RunContext:
    project = Project.model_construct(
        blocking=BlockingSettings.model_validate(BLOCKING), comparisons=ComparisonSettings.model_validate(COMPARISONS)
    )
    return RunContext(warehouse.spark, warehouse, project, run_id, NOW + timedelta(days=day), fresh=fresh)


def tables(warehouse: Warehouse) -> dict[str, list[tuple[str, ...]]]:
    names = (key_table("person"), feature_table("person"), PAIR)
    return {
        t.name: sorted(tuple(str(value) for value in row) for row in warehouse.read(t).collect()) for t in names
    }  # every row of a few hundred


def test_increments_are_what_rebuilds_are(spark: SparkSession, warehouse: Warehouse) -> None:
    town = Town(150)
    warehouse.overwrite(PARTY, town.parties(spark))
    first = run_match(context_of(warehouse, "r0"))
    assert "trained: nothing is kept" in (first.items[0].note or "")
    for day in range(1, 3):
        new, changed, gone = town.feed()
        warehouse.overwrite(PARTY, town.parties(spark))
        report = run_match(context_of(warehouse, f"r{day}"))
        assert (report.items[0].note or "").startswith(f"{new} new, {changed} changed, {gone} gone; by the model of run r0")
        increment = tables(warehouse)
        run_match(context_of(warehouse, f"r{day}b", "rebuild"))
        rebuilt = tables(warehouse)
        for name, rows in rebuilt.items():
            assert increment[name] == rows, name
        assert len(rebuilt[PAIR.name]) > 100


def test_a_feed_that_changes_nothing_writes_no_pairs(spark: SparkSession, warehouse: Warehouse) -> None:
    town = Town(60)
    warehouse.overwrite(PARTY, town.parties(spark))
    run_match(context_of(warehouse, "r0"))
    version = warehouse.version(PAIR)
    warehouse.overwrite(PARTY, town.parties(spark))
    report = run_match(context_of(warehouse, "r1"))
    assert [i.status for i in report.items] == ["ok", "skipped"]
    assert warehouse.version(PAIR) == version
    # A run that died before it wrote its state left newer tables: the next one goes on from those that the state names.
    warehouse.overwrite(key_table("person"), warehouse.read(key_table("person")).limit(3))
    warehouse.overwrite(PAIR, warehouse.read(PAIR).limit(0))
    town.feed()
    warehouse.overwrite(PARTY, town.parties(spark))
    run_match(context_of(warehouse, "r2"))
    increment = tables(warehouse)
    run_match(context_of(warehouse, "r3", "rebuild"))
    assert increment == tables(warehouse)


def test_when_a_model_is_trained_anew(spark: SparkSession, warehouse: Warehouse) -> None:
    town = Town(60)
    warehouse.overwrite(PARTY, town.parties(spark))

    def reason(context: RunContext) -> str:
        return (run_match(context).items[0].note or "").partition(";")[0]

    assert reason(context_of(warehouse, "r0")) == "trained: nothing is kept of an earlier run"
    assert reason(context_of(warehouse, "r1", day=30)) == "trained: the model is 30 days old"
    assert reason(context_of(warehouse, "r2", "train", day=30)) == "trained: asked for"
    context = context_of(warehouse, "r3", day=31)
    bounds = context.project.blocking.model_copy(
        update={"person": context.project.blocking.person.model_copy(update={"max_block_size": 5})}  # type: ignore[union-attr]
    )
    changed = replace(context, project=context.project.model_copy(update={"blocking": bounds}))
    assert reason(changed) == "trained: the configuration or the columns of silver/party changed"
    state = warehouse.read(MATCH_STATE).collect()
    assert [row["trained_run"] for row in state] == ["r3"]
    assert warehouse.read(MODEL).where("mean_others > 1").count() > 0


def test_nothing_is_kept_where_nothing_is_wanted(spark: SparkSession, warehouse: Warehouse) -> None:
    warehouse.overwrite(PARTY, Town(40).parties(spark))
    context = context_of(warehouse, "r0")
    training = context.project.comparisons.training.model_copy(update={"refresh_days": 0})
    compared = context.project.comparisons.model_copy(update={"training": training})
    run_match(replace(context, project=context.project.model_copy(update={"comparisons": compared})))
    assert warehouse.exists(PAIR)
    assert not any(warehouse.exists(t) for t in (MATCH_STATE, key_table("person"), feature_table("person")))
