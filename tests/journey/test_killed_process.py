"""A process that is killed while it publishes: readers see the old gold, the next run needs no help and gives the same."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

ROOT = Path(__file__).resolve().parents[2]
GOLD = ("customer", "customer_xref", "match_pair", "consent", "customer_interaction")


def rows(warehouse: Path, table: str, version: int | None = None) -> list[str]:
    """The rows of a gold table, the run left out."""
    found = DeltaTable(str(warehouse / "gold" / table), version=version).to_pyarrow_table()
    return sorted(str(row) for row in found.drop_columns("run_id").to_pylist())


def released(warehouse: Path) -> dict[str, int]:
    """What readers of releases see, as somebody without Spark finds it."""
    rows = DeltaTable(str(warehouse / "gold" / "release")).to_pyarrow_table().to_pylist()
    return dict(max(rows, key=lambda row: row["released_at"])["tables"])


def test_killed_while_it_publishes(demo: Any, tmp_path: Path, run_command: Callable[..., Any]) -> None:
    warehouse = tmp_path / "warehouse"
    shutil.copytree(demo.warehouse, warehouse)
    before = released(warehouse)
    expected = {table: rows(warehouse, table) for table in GOLD}
    command = [str(Path(sys.executable).parent / "onefold"), "publish", *demo.arguments(warehouse)]
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert running.stderr is not None
    while "publishing gold" not in running.stderr.readline():
        assert running.poll() is None, "it ended before it published"
    time.sleep(1.5)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    running.stderr.close()
    assert released(warehouse) == before
    assert {table: rows(warehouse, table, before[f"gold/{table}"]) for table in GOLD} == expected

    run_command("onefold", "publish", *demo.arguments(warehouse))
    assert released(warehouse) != before
    assert {table: rows(warehouse, table) for table in GOLD} == expected
