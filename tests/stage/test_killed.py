"""Match and resolve killed between their writes and started again: the same tables, nothing left behind.

What a killed publish leaves is the subject of test_releases, ingest's of test_ingest, cleanse's of test_cleanse; a process that
is really killed, of tests/journey/test_killed_process.py.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyspark.sql import SparkSession
from tests.stage.test_match import BASE, NOW, parties_of, people

from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.matching import CLUSTER, ENTITY_MAP, MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.match.settings import BlockingSettings, ComparisonSettings
from onefold.resolve import ClusteringSettings
from onefold.run.conductor import STAGES
from onefold.run.context import RunContext
from onefold.store import Warehouse
from onefold.store.scratch import discard_stale


class _Killed(BaseException):
    """The process dies here."""


def context_of(warehouse: Warehouse) -> RunContext:
    def read(name: str) -> Any:
        return yaml.safe_load((BASE / name).read_text())

    # People only, and few rules: the moments of death are the subject here.
    rules = read("blocking.yml")["person"]["rules"]
    project = Project.model_construct(
        blocking=BlockingSettings.model_validate({"person": {"rules": rules[:4]}}),
        comparisons=ComparisonSettings.model_validate(read("comparisons.yml")),
        clustering=ClusteringSettings.model_validate(read("clustering.yml")),
    )
    return RunContext(warehouse.spark, warehouse, project, "r1", NOW)


def content(warehouse: Warehouse, table: TableContract) -> list[str]:
    rows = warehouse.read(table).collect()
    return sorted(json.dumps(row.asDict(recursive=True), default=str, sort_keys=True) for row in rows)


def killed_between(context: RunContext, stage: str, first: TableContract, second: TableContract) -> list[str]:
    """Run the stage, die after it has written the first table and before the second; return the first."""
    overwrite = Warehouse.overwrite

    def dies(self: Warehouse, table: TableContract, *args: Any, **more: Any) -> Any:
        if table is second:
            raise _Killed
        return overwrite(self, table, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Warehouse, "overwrite", dies)
        with pytest.raises(_Killed):
            STAGES[stage](context)
    return content(context.warehouse, first)


def test_killed_and_started_again_gives_the_same_tables(spark: SparkSession, warehouse: Warehouse) -> None:
    warehouse.overwrite(PARTY, parties_of(spark, people(60)))
    context = context_of(warehouse)
    for stage, first, second in (("match", PAIR, MODEL), ("resolve", CLUSTER, ENTITY_MAP)):
        left = killed_between(context, stage, first, second)
        assert left, f"{stage} wrote nothing to compare"
        assert not warehouse.read_or_empty(second).count()
        STAGES[stage](context)
        assert content(warehouse, first) == left
        assert content(warehouse, second)
    root = Path(warehouse.root)
    assert not [*root.glob("_scratch/*"), *root.glob("_checkpoints/*")]


def test_what_a_dead_process_left_goes_after_a_day(warehouse: Warehouse) -> None:
    old, fresh = (Path(warehouse.root) / "_scratch" / name for name in ("old", "fresh"))
    for folder in (old, fresh):
        (folder / "match").mkdir(parents=True)
        (folder / "match" / "part.parquet").write_text("x")
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))
    assert discard_stale(warehouse) == 1
    assert not old.exists()
    assert fresh.exists()
    assert discard_stale(Warehouse(warehouse.spark, f"{warehouse.root}/none")) == 0
