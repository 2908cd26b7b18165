"""Match, resolve and publish killed around each kind of write and started again: the same tables, nothing left behind."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyspark.sql import SparkSession
from tests.stage.test_match import BASE, NOW, parties_of, people

from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.gold import CONSENT, CUSTOMER, CUSTOMER_INTERACTION, CUSTOMER_XREF, MATCH_PAIR
from onefold.contracts.matching import CLUSTER, ENTITY_MAP, MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.match.settings import BlockingSettings, ComparisonSettings
from onefold.publish import SurvivorshipSettings
from onefold.resolve import ClusteringSettings
from onefold.run.conductor import STAGES
from onefold.run.context import RunContext
from onefold.store import Warehouse
from onefold.store.scratch import discard_stale

# stage -> its tables, and the writes around which it is killed
KILLS: dict[str, tuple[tuple[TableContract, ...], tuple[tuple[str, str], ...]]] = {
    "match": ((PAIR, MODEL), (("after", PAIR.name),)),
    "resolve": ((ENTITY_MAP, CLUSTER), (("before", ENTITY_MAP.name),)),
    "publish": (
        (CUSTOMER, CUSTOMER_XREF, MATCH_PAIR, CONSENT, CUSTOMER_INTERACTION),
        (("before", CUSTOMER.name), ("after", CUSTOMER_XREF.name)),
    ),
}


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
        survivorship=SurvivorshipSettings.model_validate(read("survivorship.yml")),
    )
    return RunContext(warehouse.spark, warehouse, project, "r1", NOW)


def content(warehouse: Warehouse, table: TableContract) -> list[str]:
    rows = warehouse.read(table).collect()
    return sorted(json.dumps(row.asDict(recursive=True), default=str, sort_keys=True) for row in rows)


def dying(when: str, name: str) -> Callable[..., Any]:
    overwrite = Warehouse.overwrite

    def dies(self: Warehouse, table: TableContract, *args: Any, **more: Any) -> Any:
        if table.name == name and when == "before":
            raise _Killed
        written = overwrite(self, table, *args, **more)
        if table.name == name:
            raise _Killed
        return written

    return dies


def test_killed_and_started_again_gives_the_same_tables(
    spark: SparkSession, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.overwrite(PARTY, parties_of(spark, people(120)))
    context = context_of(warehouse)
    for stage, (tables, kills) in KILLS.items():
        STAGES[stage](context)
        expected = {table.name: content(warehouse, table) for table in tables}
        assert any(expected.values()), f"{stage} wrote nothing to compare"
        for when, name in kills:
            with monkeypatch.context() as patch:
                patch.setattr(Warehouse, "overwrite", dying(when, name))
                with pytest.raises(_Killed):
                    STAGES[stage](context)
            STAGES[stage](context)
            assert {table.name: content(warehouse, table) for table in tables} == expected, f"{stage} killed {when} {name}"
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
