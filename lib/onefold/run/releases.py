"""Conducts what is done with releases: going back to one, and telling what changed between two."""

from __future__ import annotations

from datetime import UTC, datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.gold import CUSTOMER, CUSTOMER_CHANGE
from onefold.publish import customer_changes
from onefold.run.context import RunContext
from onefold.store.lock import holding
from onefold.store.release import Release, find_release, go_back, read_released, recover

__all__ = ["changes_between", "keep_changes", "roll_back"]


def roll_back(context: RunContext, run_id: str, *, note: str | None = None) -> Release:
    """Make the gold tables of an earlier run what readers see again, alone on the warehouse.

    Raises:
        MissingInputError: when no release shows that run.
        DataContractError: when its files are gone.
        WarehouseBusyError: when another run works on the warehouse.
    """
    with holding(context.warehouse, context.run_id, f"rollback {run_id}", wait=context.wait_seconds):
        recover(context.warehouse)
        context.progress(f"going back to run {run_id}")
        return go_back(context.warehouse, context.run_id, run_id, at=datetime.now(UTC), note=note)


def changes_between(context: RunContext, from_run: str, to_run: str) -> DataFrame:
    """Return what changed in gold/customer between the releases of two runs, as rows of gold/customer_change.

    Raises:
        MissingInputError: when no release shows one of the runs.
    """
    first, second = (find_release(context.warehouse, run).content_run for run in (from_run, to_run))
    before, after = (read_released(context.warehouse, CUSTOMER, run) for run in (first, second))
    changes = customer_changes(before, after)
    return CUSTOMER_CHANGE.conform(changes.select("*", F.lit(first).alias("from_run"), F.lit(second).alias("to_run")))


def keep_changes(context: RunContext, from_run: str, to_run: str) -> int:
    """Put the changes between two runs into gold/customer_change, in place of those kept before for the same two.

    Raises:
        MissingInputError: when no release shows one of the runs.
        WarehouseBusyError: when another run works on the warehouse.
    """
    with holding(context.warehouse, context.run_id, "changes", wait=context.wait_seconds):
        changes = changes_between(context, from_run, to_run)
        first, second = (find_release(context.warehouse, run).content_run for run in (from_run, to_run))
        own = f"from_run = '{first}' AND to_run = '{second}'"
        return context.warehouse.replace_where(CUSTOMER_CHANGE, changes, own, note={"run_id": context.run_id}).rows
