"""BI users reach gold through Spark's SQL server, with beeline as their client; they can read and not write."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300

pytestmark = pytest.mark.cluster


@pytest.fixture()
def server(demo: Any, free_port: Callable[[], int], tmp_path: Path) -> Iterator[str]:
    """Start the server over the small run, yield its JDBC address, and stop it whatever happens."""
    log, port = tmp_path / "server.log", free_port()
    command = [sys.executable, "scripts/sql_server.py", "--warehouse", str(demo.warehouse)]
    command += ["--port", str(port), "--memory", "1g", "--refresh", "2"]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=output, text=True, start_new_session=True)
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        address = next((line.split()[-1] for line in process.stdout if "jdbc:hive2" in line), "")
        assert address == f"jdbc:hive2://127.0.0.1:{port}/gold", log.read_text()[-4000:]
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        watchdog.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()


def beeline(address: str, *statements: str) -> tuple[list[list[str]], str]:
    """Return the rows that the statements gave, headers left out, and what went wrong."""
    script = "".join(f"{statement};\n" for statement in statements)
    options = ["--silent=true", "--force=true", "--outputformat=tsv2", "--showHeader=false"]
    done = subprocess.run(
        [str(Path(sys.executable).parent / "beeline"), "-u", address, "-n", "reader", *options, "-f", "/dev/stdin"],
        input=script,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    # Beeline draws an empty progress bar over what it prints: `null` and blanks.
    lines = [re.sub(r"^(null\s+)+null", "", line).strip() for line in done.stdout.splitlines()]
    return [line.split("\t") for line in lines if line], done.stderr


def test_gold_is_read_and_not_written_over_sql(server: str, demo: Any) -> None:
    rows, errors = beeline(
        server,
        "SELECT 'tables', count(*) FROM (SELECT DISTINCT customer_id FROM gold.customer)",
        "SELECT 'xref', count(*), count(DISTINCT customer_id) FROM customer_xref",
        "SELECT 'golden', sum(record_count) FROM customer",
        "SELECT 'lost', count(*) FROM customer_xref x LEFT ANTI JOIN customer c ON x.customer_id = c.customer_id",
        "SELECT 'ids', count(*), count_if(status = 'current') FROM customer_id",
        "SELECT 'history', count(*) FROM customer_id_history",
        "SELECT 'volume', sum(value) FROM quality.metric_day WHERE metric = 'volume'",
        "SELECT 'weeks', count(DISTINCT week) FROM quality.metric_week",
        "DESCRIBE gold.customer_xref",
        "DELETE FROM gold.customer WHERE record_count > 0",
        "INSERT INTO gold.customer_xref SELECT * FROM gold.customer_xref",
        "TRUNCATE TABLE gold.customer",
        "ALTER TABLE gold.customer ADD COLUMNS (more INT)",
        "SELECT 'after', count(*) FROM customer",
    )
    found = {row[0]: row[1:] for row in rows}
    customers = int(found["tables"][0])
    assert customers > 100
    assert int(found["xref"][1]) == customers
    assert found["golden"] == [found["xref"][0]], "every record is behind one customer"
    assert found["lost"] == ["0"]
    assert found["ids"] == [str(customers), str(customers)], "every id ever issued, each leading somewhere"
    assert found["history"] == [str(customers)]
    assert found["after"] == [str(customers)]
    assert float(found["volume"][0]) >= int(found["xref"][0]), "measures of quality stand beside gold"
    assert found["weeks"] == ["1"]
    assert found["source_key"] == ["string", "The source's own key"], "columns keep their comments"
    assert errors.count("EXPECT_TABLE_NOT_VIEW") >= 3
    assert "DELTA_FAILED_SCAN_WITH_HISTORICAL_VERSION" in errors, "what a view at a version shows cannot be deleted"


def test_a_remote_address_needs_a_word() -> None:
    command = [sys.executable, "scripts/sql_server.py", "--warehouse", "nowhere", "--host", "0.0.0.0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "no login" in done.stderr
