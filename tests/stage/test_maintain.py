"""Upkeep joins small files and deletes what no promise needs; rows, releases and history stay."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from onefold.config import Project
from onefold.contracts.gold import CUSTOMER_XREF
from onefold.run.context import RunContext
from onefold.run.maintain import run_maintain
from onefold.store import Warehouse, read_released
from onefold.store.release import Release, recover, releases, switch
from onefold.store.upkeep import tables_of, tend

NOW = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = CUSTOMER_XREF.schema.names


def xref(warehouse: Warehouse, customer: str, files: int) -> int:
    rows = [tuple({"record_id": f"a:{i}", "customer_id": f"{customer}{i}"}.get(n, "x") for n in NAMES) for i in range(4)]
    plain = ", ".join(f"{name} string" for name in NAMES)
    frame = warehouse.spark.createDataFrame(rows, plain)
    return warehouse.overwrite(CUSTOMER_XREF, frame.repartition(files)).version


def properties(warehouse: Warehouse) -> dict[str, str]:
    row = warehouse.spark.sql(f"DESCRIBE DETAIL delta.`{warehouse.path(CUSTOMER_XREF.name)}`").first()
    assert row is not None
    return {key.rpartition(".")[2]: value for key, value in row["properties"].items() if "Retention" in key}


def test_upkeep_keeps_what_is_promised(warehouse: Warehouse) -> None:
    remembering = Warehouse(warehouse.spark, warehouse.root, history_days=100)
    context = RunContext(warehouse.spark, remembering, Project.model_construct(), "m1", NOW)
    for run_id, files in (("r1", 2), ("r2", 3)):
        version = xref(remembering, run_id, files)
        switch(remembering, Release(run_id, run_id, "released", {CUSTOMER_XREF.name: version}, NOW))
    assert properties(warehouse) == {
        "logRetentionDuration": "interval 100 days",
        "deletedFileRetentionDuration": "interval 100 days",
    }
    before = {run: sorted(map(str, read_released(warehouse, CUSTOMER_XREF, run).collect())) for run in ("r1", "r2")}

    planned = tend(remembering, CUSTOMER_XREF.name, dry_run=True)
    assert (planned.files_before, planned.files_after, planned.deleted) == (3, 3, 0)
    assert tables_of(remembering) == ("gold/customer_xref", "gold/release")
    done = {u.table: u for u in run_maintain(context)}
    assert (done[CUSTOMER_XREF.name].files_before, done[CUSTOMER_XREF.name].files_after) == (3, 1)
    assert done[CUSTOMER_XREF.name].deleted == 0, "the history needs them"
    assert [(r.kind, r.content_run) for r in releases(warehouse)][2:] == [("maintained", "r2")]
    assert len(read_released(warehouse, CUSTOMER_XREF).inputFiles()) == 1, "readers read the joined file"
    after = {run: sorted(map(str, read_released(warehouse, CUSTOMER_XREF, run).collect())) for run in ("r1", "r2")}
    assert after == before
    assert recover(remembering) == ()

    # A file that is in no version any more goes: nothing in the log names it, and it is older than the retention.
    stray = Path(warehouse.path(CUSTOMER_XREF.name)) / "part-stray.parquet"
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    shorter = Warehouse(warehouse.spark, warehouse.root, history_days=30)
    assert tend(shorter, CUSTOMER_XREF.name).deleted == 1
    assert not stray.exists()
    assert properties(warehouse)["logRetentionDuration"] == "interval 30 days"
    assert sorted(map(str, read_released(warehouse, CUSTOMER_XREF, "r1").collect())) == before["r1"]
