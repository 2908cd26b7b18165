"""One lazy Spark session for all tests, made by the product's own session builder."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from tests.chromium import PROGRAMS, Chromium
from xdist.scheduler import LoadScopeScheduling

from onefold.store import SparkSettings, Warehouse, open_session

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


class _ByFile(LoadScopeScheduling):
    """Keeps the tests of a file in one process, and all journeys in one: they share the demo's run."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "tests/journey" if path.startswith("tests/journey/") else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByFile:
    """Say how tests are dealt to processes; asked only where there are several."""
    return _ByFile(config, log)


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """The product's own session, small."""
    # One session serves some two thousand tests; the plans of their thousands of queries are not to be kept in its memory.
    forgetful = {f"spark.{kept}": "5" for kept in ("sql.ui.retainedExecutions", "ui.retainedJobs", "ui.retainedStages")}
    # A few rows are done before code for them is generated and compiled. The journeys run the program as it is, with such code.
    settings = SparkSettings(master="local[2]", driver_memory="6g", shuffle_partitions=2, generated_code=False, config=forgetful)
    session = open_session(settings, app="onefold-tests")
    yield session
    session.stop()


@pytest.fixture()
def warehouse(spark: SparkSession, tmp_path: Path) -> Warehouse:
    """An empty warehouse of its own for each test."""
    return Warehouse(spark, str(tmp_path / "warehouse"))


@pytest.fixture()
def browser(tmp_path: Path) -> Iterator[Chromium]:
    """A browser, or a skipped test where none is installed."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None or shutil.which("bash") is None:
        pytest.skip(f"no browser found ({', '.join(PROGRAMS)}); Debian's package is chromium")
    started = Chromium(program, tmp_path)
    yield started
    started.close()
