"""The same run by spark-submit on a standalone cluster of one master and two workers gives the same entities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from pyspark.sql import SparkSession

from onefold.contracts.gold import CUSTOMER, CUSTOMER_XREF
from onefold.store import Warehouse

Run = Callable[..., "CompletedProcess[str]"]

pytestmark = [pytest.mark.cluster, pytest.mark.slow]


@pytest.fixture()
def cluster(free_port: Callable[[], int], tmp_path: Path, run_command: Run) -> Iterator[dict[str, str]]:
    """Start the cluster on ports of its own; yield the settings that reach it; stop it whatever happens."""
    settings = {
        "ONEFOLD_CLUSTER_DIR": str(tmp_path / "cluster"),
        "ONEFOLD_CLUSTER_PORT": str(free_port()),
        "ONEFOLD_CLUSTER_WEB_PORT": str(free_port()),
        "ONEFOLD_CLUSTER_MEMORY": "1g",
    }
    try:
        run_command("scripts/cluster", "start", env=settings)
        yield settings
    finally:
        run_command("scripts/cluster", "stop", env=settings)


def entities(spark: SparkSession, root: Path) -> dict[str, str]:
    rows = Warehouse(spark, str(root)).read(CUSTOMER_XREF).select("record_id", "customer_id").collect()
    return {row["record_id"]: row["customer_id"] for row in rows}


def golden(spark: SparkSession, root: Path) -> set[tuple[str, ...]]:
    rows = Warehouse(spark, str(root)).read(CUSTOMER).select("customer_id", "full_name", "company_name", "email").collect()
    return {tuple(row) for row in rows}


def test_the_cluster_makes_the_same_entities(
    cluster: dict[str, str], demo: Any, spark: SparkSession, tmp_path: Path, run_command: Run
) -> None:
    warehouse = tmp_path / "warehouse"
    assert run_command("scripts/cluster", "status", env=cluster).stdout.count("running, pid") == 3
    unmeasured = ("--set", "quality.enabled=false")  # the demo withholds nothing; its own run has measured
    compiled = ("--set", "spark.generated_code=true")
    words = (*demo.arguments(warehouse), *unmeasured, *compiled)
    run_command("scripts/cluster", "submit", "jobs/run_all.py", "--", *words, env=cluster)
    there, here = entities(spark, warehouse), entities(spark, demo.warehouse)
    assert len(here) > 1000
    assert there == here
    assert golden(spark, warehouse) == golden(spark, demo.warehouse)
