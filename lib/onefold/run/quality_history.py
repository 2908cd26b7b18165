"""Conducts what follows the rules of a run: metrics, distances to targets, incidents, and telling people."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.quality import GAP, INCIDENT, METRIC, RULE_RESULT
from onefold.errors import IncidentError
from onefold.quality.alarm import Incident, alarm_message
from onefold.quality.findings import findings, watched
from onefold.quality.gaps import gaps
from onefold.quality.incidents import alarms, assertion_alarms, next_incidents
from onefold.quality.metrics import last_of, scores
from onefold.run.context import ItemReport, RunContext
from onefold.run.quality_counts import counts_of
from onefold.run.webhook import send
from onefold.store.small import small, texts

__all__ = ["incidents_of", "keep_history"]


def keep_history(context: RunContext) -> tuple[tuple[ItemReport, ...], tuple[IncidentError, ...]]:
    """Write the metrics, gaps and incidents of the run whose rule results are there; tell people; return items and failures.

    Done twice for one run, it leaves the same rows. The failures are those that quality.yml, alarms.fail_on asks for.
    """
    context.progress("measuring quality against its history")
    warehouse, run_id = context.warehouse, context.run_id
    began = time.perf_counter()
    own, note = f"run_id = '{run_id}'", {"run_id": run_id}
    results = warehouse.read(RULE_RESULT).where(F.col("run_id") == run_id)
    rules = _rules_frame(context)
    frames = {METRIC: _metrics(context, results, rules), GAP: gaps(results, rules, _targets_frame(context))}
    with ThreadPoolExecutor(max_workers=len(frames), thread_name_prefix="quality") as pool:  # small writes wait for the driver
        pending = [pool.submit(warehouse.replace_where, table, f.coalesce(1), own, note=note) for table, f in frames.items()]
    measured, missed = (future.result() for future in pending)
    kept = warehouse.overwrite(INCIDENT, _next(context).coalesce(1), note=note)
    found = incidents_of(context)
    opened = [one for one in found if one.opened_run_id == run_id]
    still = [one for one in found if one.closed_run_id is None]
    message = alarm_message(run_id, found)
    told = "" if message is None else f"; {send(message, context.project.quality.alarms)}"
    said = f"{len(opened)} opened, {len(still)} open{told}"
    seconds = time.perf_counter() - began
    items = (
        ItemReport(METRIC.name, rows_out=measured.rows, table_version=measured.version),
        ItemReport(GAP.name, rows_out=missed.rows, table_version=missed.version),
        ItemReport(INCIDENT.name, rows_out=kept.rows, table_version=kept.version, note=said, seconds=seconds),
    )
    return items, _failures(context, opened, still)


def incidents_of(context: RunContext, *, closed: bool = True) -> list[Incident]:
    """Return the incidents, the newest first; only those that are open unless `closed`."""
    rows = context.warehouse.read_or_empty(INCIDENT)
    if not closed:
        rows = rows.where("closed_run_id IS NULL")
    # bounded: incidents are few by construction, about one a month that is false and as many as things break
    return [Incident(**row.asDict()) for row in rows.orderBy(F.desc("opened_at"), "incident_id").collect()]


def _metrics(context: RunContext, results: DataFrame, rules: DataFrame) -> DataFrame:
    sources = _sources_frame(context)
    at = F.lit(context.started_at.astimezone(UTC)).cast("timestamp")
    found = scores(results, rules).unionByName(counts_of(context.warehouse, sources, context.run_id, at))
    owner = sources.select(F.col("source").alias("subject"), F.lit("source").alias("level"), F.col("owner").alias("team"))
    named = found.join(F.broadcast(owner), on=["level", "subject"], how="left")
    return named.withColumn("owner", F.coalesce("owner", "team")).drop("team")


def _next(context: RunContext) -> DataFrame:
    warehouse, settings = context.warehouse, context.project.quality
    at = F.lit(context.started_at.astimezone(UTC)).cast("timestamp")
    kept = warehouse.read(METRIC)
    own = kept.where(F.col("run_id") == context.run_id)
    past = watched(last_of(kept.where(F.col("measured_at") <= at), "day"), settings.watch)
    series = watched(own, settings.watch).count()
    day = context.started_at.astimezone(UTC).date()
    found = alarms(findings(past, settings.watch, day, series), own)
    alarmed = found.unionByName(assertion_alarms(own, settings.assertions))
    return next_incidents(warehouse.read_or_empty(INCIDENT), alarmed, context.run_id, at)


def _failures(context: RunContext, opened: Sequence[Incident], still: Sequence[Incident]) -> tuple[IncidentError, ...]:
    """Return the error that ends the program with code 5 where the configuration wants it; assertions raise their own."""
    counted_ = {"stops": [], "incidents": opened, "open": still}[context.project.quality.alarms.fail_on]
    if not counted_:
        return ()
    owners = sorted({one.owner for one in counted_})
    what = f"{len(counted_)} incident{'s'[: len(counted_) != 1]}, of {', '.join(owners[:5])}{', ...'[: 5 * (len(owners) > 5)]}"
    return (IncidentError(what, hint="`onefold incidents` lists them; quality.yml, alarms.fail_on says when they fail a run"),)


def _sources_frame(context: RunContext) -> DataFrame:
    rows = [(s.source, s.owner.team) for s in context.project.sources if s.party is not None]
    return texts(context.spark, ("source", "owner"), rows)


def _rules_frame(context: RunContext) -> DataFrame:
    costs = context.project.quality.costs
    rows = [(r.id, r.action, costs.of(r.id, r.attribute, r.dimension)) for r in context.project.quality_rules]
    schema = pa.schema([("rule_id", pa.string()), ("action", pa.string()), ("unit_cost", pa.float64())])
    return small(context.spark, schema, rows)


def _targets_frame(context: RunContext) -> DataFrame:
    targets = context.project.quality.targets
    pairs = sorted({(r.attribute, d) for r in context.project.quality_rules for d in (r.dimension, "(all)")})
    schema = pa.schema([("attribute", pa.string()), ("dimension", pa.string()), ("target", pa.float64())])
    return small(context.spark, schema, [(a, d, targets.of(a, d)) for a, d in pairs])
