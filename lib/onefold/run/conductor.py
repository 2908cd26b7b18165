"""Runs the stages in order, keeps going past a source that failed, and writes down what happened."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pyspark.sql import SparkSession

from onefold.config import Project
from onefold.contracts.gold import RUN_LOG
from onefold.errors import ConfigurationError, OnefoldError
from onefold.run.catch import run_index
from onefold.run.cleanse import run_cleanse
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.run.ingest import run_ingest
from onefold.run.match import run_match
from onefold.run.publish import run_publish
from onefold.run.quality import run_quality
from onefold.run.resolve import run_resolve
from onefold.store import Warehouse
from onefold.store.lock import holding
from onefold.store.release import recover
from onefold.store.scratch import discard_stale

__all__ = ["STAGES", "new_context", "record", "run_stages"]

logger = logging.getLogger(__name__)

STAGES: dict[str, Callable[[RunContext], StageReport]] = {
    "ingest": run_ingest,
    "cleanse": run_cleanse,
    "quality": run_quality,
    "match": run_match,
    "resolve": run_resolve,
    "publish": run_publish,
    "index": run_index,
}


def new_context(spark: SparkSession, warehouse: str, project: Project, progress: Callable[[str], None]) -> RunContext:
    """Return the context of a new run, with an id that sorts by time and is unique across machines."""
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    tables = Warehouse(spark, warehouse, history_days=project.warehouse.history_days)
    return RunContext(spark, tables, project, run_id, now, progress)


def run_stages(context: RunContext, stages: Sequence[str]) -> list[StageReport]:
    """Run the named stages in pipeline order, alone on the warehouse; return what each did.

    A source that fails in ingest does not stop the others: its error is in the report's `failures`. Whatever else
    fails stops the run, after what was done so far (and the failure) has been written to gold/run_log.

    Raises:
        ConfigurationError: for a stage that does not exist.
        WarehouseBusyError: when another run works on the warehouse, still after `context.wait_seconds`.
    """
    unknown = [s for s in stages if s not in STAGES]
    if unknown:
        raise ConfigurationError(f"no stage called {', '.join(unknown)}", hint=f"the stages are {', '.join(STAGES)}")
    with holding(context.warehouse, context.run_id, ",".join(stages), wait=context.wait_seconds):
        recover(context.warehouse)
        return _run_in_order(context, [name for name in STAGES if name in stages])


def _run_in_order(context: RunContext, stages: Sequence[str]) -> list[StageReport]:
    if left := discard_stale(context.warehouse):
        logger.warning("removed what runs that died had left in scratch folders", extra={"folders": left})
    reports: list[StageReport] = []
    try:
        for name in stages:
            if context.warehouse.fence is not None:
                context.warehouse.fence()
            reports.append(_timed(context, name))
    except Exception as error:
        for earlier in (f for r in reports for f in r.failures):
            error.add_note(f"before that: {_safe(earlier)}")
        reports.append(StageReport(name, (ItemReport(name, status="failed", note=_safe(error)),)))
        record(context, reports)
        raise
    record(context, reports)
    return reports


def record(context: RunContext, reports: Sequence[StageReport]) -> None:
    """Append what the stages did to gold/run_log."""
    rows = [
        (
            context.run_id,
            report.stage,
            item.item,
            item.status,
            item.rows_in,
            item.rows_out,
            item.rows_quarantined,
            item.rows_superseded,
            item.seconds,
            item.table_version,
            item.note,
            context.started_at,
        )
        for report in reports
        for item in report.items
    ]
    if rows:
        context.warehouse.append(RUN_LOG, context.spark.createDataFrame(rows, RUN_LOG.schema))


def _timed(context: RunContext, name: str) -> StageReport:
    context.progress(name)
    started = time.monotonic()
    report = STAGES[name](context)
    report = replace(report, seconds=time.monotonic() - started)
    logger.info("stage done", extra={"run_id": context.run_id, "stage": name, "seconds": round(report.seconds, 2)})
    return report


def _safe(error: Exception) -> str:
    """Return what may be written down of an error: onefold's own words, or only the kind of any other."""
    return str(error) if isinstance(error, OnefoldError) else type(error).__name__
