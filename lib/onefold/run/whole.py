"""Replaces a table by what a stage made, and reports it."""

from __future__ import annotations

import time

from pyspark.sql import DataFrame

from onefold.contracts import TableContract
from onefold.run.context import ItemReport, RunContext

__all__ = ["replace_table"]


def replace_table(context: RunContext, table: TableContract, frame: DataFrame) -> ItemReport:
    """Replace the table's rows in one transaction that names the run; return rows, seconds and the version."""
    began = time.perf_counter()
    written = context.warehouse.overwrite(table, frame, note={"run_id": context.run_id})
    seconds = time.perf_counter() - began
    return ItemReport(table.name, rows_out=written.rows, seconds=seconds, table_version=written.version)
