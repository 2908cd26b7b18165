"""Runs ingest: raw files into bronze, several sources at a time, committed together by the ledger.

Order of writes: bronze/<source> of each source, then bronze/quarantine once, then bronze/ingest_log once. The ledger
commits: what a run killed before it left behind is ignored by readers and removed by the next run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from time import perf_counter

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from onefold import ingest
from onefold.contracts import TableContract
from onefold.contracts.bronze import INGEST_LOG, QUARANTINE, bronze_table
from onefold.errors import ConfigurationError, DataContractError, OnefoldError
from onefold.ingest import Entry, IngestSource, Past, RawFile, Survey, hadoop, mapped_columns
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.store import Warehouse, Written

__all__ = ["ingest_sources", "run_ingest"]

logger = logging.getLogger(__name__)

# Small sources cost scheduling, not work: a few at a time keep the cores busy.
_AT_A_TIME = 3


@dataclass(frozen=True)
class _Run:
    """What all sources of one ingest share."""

    warehouse: Warehouse
    run_id: str
    started_at: datetime
    past: Past
    known: Mapping[str, frozenset[str]]
    progress: Callable[[str], None]
    accept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Landing:
    """What became of one source: the files taken, the rows written, and what remains to be quarantined."""

    source: str
    batch: str
    surveys: tuple[Survey, ...] = ()
    repeated: tuple[RawFile, ...] = ()
    written: Written | None = None
    refused: DataFrame | None = None
    new: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    seconds: float = 0.0
    error: OnefoldError | None = None


def run_ingest(context: RunContext, *, only: Sequence[str] = ()) -> StageReport:
    """Take the new files of every source (or of those named in `only`) into bronze and report each source.

    Raises:
        ConfigurationError: when `only`, or what the run accepts, names a source that is not configured.
    """
    sources = context.project.sources
    unknown = sorted({*only, *context.accept} - {s.source for s in sources})
    if unknown:
        raise ConfigurationError(
            f"no source is called {', '.join(unknown)}", hint=f"sources are: {', '.join(sorted(s.source for s in sources))}"
        )
    chosen = [s for s in sources if not only or s.source in only]
    known = {s.source: mapped_columns(s.model_dump()) for s in chosen}
    return ingest_sources(
        context.warehouse,
        chosen,
        context.run_id,
        context.started_at,
        known=known,
        progress=context.progress,
        accept=context.accept,
    )


def ingest_sources(
    warehouse: Warehouse,
    sources: Sequence[IngestSource],
    run_id: str,
    started_at: datetime,
    *,
    known: Mapping[str, frozenset[str]] | None = None,
    progress: Callable[[str], None] = logger.debug,
    accept: frozenset[str] = frozenset(),
) -> StageReport:
    """Take the new files of the sources into bronze; `started_at` is in UTC, `known` the mapped columns per source.

    Of the sources in `accept` a snapshot is taken however much it has shrunk.

    A source that breaks its contract is reported as failed and the others go on; anything else stops the run.
    """
    began = perf_counter()
    run = _Run(warehouse, run_id, started_at, _past(warehouse), known or {}, progress, accept)
    _discard_leftovers(run, QUARANTINE)
    with ThreadPoolExecutor(max_workers=_AT_A_TIME, thread_name_prefix="ingest") as pool:
        landings = list(pool.map(lambda source: _attempt(run, source), sources))
    entries = _commit(run, landings)
    failures = tuple(landing.error for landing in landings if landing.error is not None)
    return StageReport("ingest", tuple(_report(t, entries) for t in landings), perf_counter() - began, failures)


def _past(warehouse: Warehouse) -> Past:
    if not warehouse.exists(INGEST_LOG):
        return Past()
    times = (F.unix_millis("file_modified_at"), "batch", F.unix_micros("as_of"), "rows_accepted")
    columns = ("source", "file", "file_hash", "file_bytes", *times)
    return ingest.past_of(tuple(row) for row in warehouse.read(INGEST_LOG).select(*columns).collect())


def _discard_leftovers(run: _Run, table: TableContract) -> None:
    """Remove the rows of the table's newest write if no ledger entry commits its batches."""
    noted = run.warehouse.last_note(table).get("batches", "")
    left = sorted(set(noted.split(",")) - run.past.batches - {""})
    if left:
        logger.warning("removing what a killed run left in %s", table.name, extra={"table": table.name, "batches": left})
        run.warehouse.delete(table, f"_batch IN ({', '.join(repr(batch) for batch in left)})")


def _attempt(run: _Run, source: IngestSource) -> _Landing:
    began = perf_counter()
    batch = f"{run.run_id}-{source.source}"
    while batch in run.past.batches:  # a run id used again must not pass for the batch that is committed
        batch += "+"
    landing = _Landing(source.source, batch)
    try:
        landing = _land(run, source, landing)
    except OnefoldError as error:
        landing = replace(landing, error=error)
    except hadoop.JAVA_ERRORS as error:
        failure = OnefoldError(f"source {source.source}: Spark could not read or write it: {hadoop.error_name(error)}")
        failure.__cause__ = error
        landing = replace(landing, error=failure)
    return replace(landing, seconds=perf_counter() - began)


def _land(run: _Run, source: IngestSource, landing: _Landing) -> _Landing:
    """Take the source's new files into its bronze table."""
    spark = run.warehouse.spark
    files, repeated = ingest.find_new_files(spark, source, run.past, run.started_at)
    landing = replace(landing, repeated=tuple(repeated))
    if not files:
        return landing
    surveys = ingest.READERS[source.format].survey(spark, source, files)
    ingest.check_key(source, surveys, run.known.get(source.source))
    columns = tuple(dict.fromkeys(name for survey in surveys for name in survey.columns))
    known = run.known.get(source.source, frozenset(columns))
    landing = replace(
        landing,
        new={s.file.hash: ingest.new_columns(source, s.columns, known) for s in surveys},
        missing=ingest.missing_columns(columns, known) if columns else (),
    )
    _discard_leftovers(run, bronze_table(source.source))
    try:
        landed = _write(run, source, surveys, landing)
    except hadoop.JAVA_ERRORS:
        sound = [ingest.unpackable(spark, survey) for survey in surveys]
        if sound == surveys:
            raise
        landed = _write(run, source, sound, landing)
    return _unless_shrunk(run, source, landed)


def _unless_shrunk(run: _Run, source: IngestSource, landed: _Landing) -> _Landing:
    """Return the landing, or take its rows out again where they are a snapshot that has shrunk too much."""
    before = run.past.newest.get(source.source)
    as_of = max(int(s.file.as_of.timestamp() * 1_000_000) for s in landed.surveys)
    if source.source in run.accept or before is None or not ingest.may_have_shrunk(source, before, as_of):
        return landed
    table = bronze_table(source.source)
    rows = landed.written.rows if landed.written else 0
    if len(landed.surveys) > 1:  # several days may have come together
        own = run.warehouse.read(table).where(F.col("_batch") == landed.batch)
        rows = own.where(F.unix_micros("_as_of") == as_of).count()
    try:
        ingest.check_shrinkage(source, before, (as_of, rows))
    except DataContractError:
        run.warehouse.delete(table, f"_batch = '{landed.batch}'")
        raise
    return landed


def _write(run: _Run, source: IngestSource, surveys: Sequence[Survey], landing: _Landing) -> _Landing:
    """Write the accepted records; the refused ones, if there are any, are kept as a frame to be written with the others'."""
    table = bronze_table(source.source)
    spark, at = run.warehouse.spark, run.started_at
    sound = [s for s in surveys if s.unreadable is None and s.file.size and (s.columns or source.format == "json_lines")]
    broken = [s for s in surveys if s.unreadable is not None]
    refused: list[DataFrame] = []
    if sound:
        records = ingest.judge_key(ingest.READERS[source.format].read(spark, source, sound), source.key)
        stamped = ingest.stamp(records, [s.file for s in sound], source.source, batch=landing.batch, at=at)
        if run.warehouse.exists(table):
            stamped = ingest.fit_types(stamped, run.warehouse.read(table).schema, source.source)
        counted = Observation()
        watched = stamped.observe(counted, F.count_if(F.col("_reason").isNotNull()).alias("refused"))
        written = run.warehouse.append(table, ingest.accepted(watched), note={"batches": landing.batch})
        # A stage that Spark repeats may count twice, so the count is only asked whether it is more than none.
        refused += [ingest.quarantined(stamped)] if counted.get["refused"] else []
    else:
        written = run.warehouse.append(table, spark.createDataFrame([], table.schema))
    if broken:
        whole = ingest.unreadable(spark, broken)
        lineage = ingest.stamp(whole, [s.file for s in broken], source.source, batch=landing.batch, at=at)
        refused.append(ingest.quarantined(lineage))
    run.progress(f"ingest {source.source}: {written.rows:,} records from {len(surveys)} files")
    together = reduce(DataFrame.unionByName, refused) if refused else None
    return replace(landing, surveys=tuple(surveys), written=written, refused=together)


def _commit(run: _Run, landings: Sequence[_Landing]) -> list[Entry]:
    """Write the refused records of all sources, then the ledger: from then on the batches count."""
    taken = [landing for landing in landings if landing.written is not None]
    if not taken:
        return []
    refused = [landing.refused for landing in taken if landing.refused is not None]
    if refused:
        batches = ",".join(landing.batch for landing in taken if landing.refused is not None)
        run.warehouse.append(QUARANTINE, reduce(DataFrame.unionByName, refused), note={"batches": batches})
    accepted, quarantined = _counts(run, taken)
    entries = []
    for landing, survey in ((t, survey) for t in taken for survey in t.surveys):
        place = (landing.batch, survey.file.hash)
        counts = (accepted.get(place, 0), quarantined.get(place, 0))
        entries.append(Entry(landing.source, survey.file, landing.batch, run.started_at, *counts, landing.new[survey.file.hash]))
    run.warehouse.append(INGEST_LOG, ingest.entries_frame(run.warehouse.spark, entries), note={"run": run.run_id})
    return entries


def _counts(run: _Run, taken: Sequence[_Landing]) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Return records per batch and file hash as the tables hold them: accepted, and quarantined."""
    # A batch of one file needs no counting: Delta has said how many rows it wrote.
    accepted = {(t.batch, t.surveys[0].file.hash): t.written.rows for t in taken if t.written and len(t.surveys) == 1}
    several = [t for t in taken if len(t.surveys) > 1]
    refused = [t.batch for t in taken if t.refused is not None]
    written = [run.warehouse.read(bronze_table(t.source)).where(F.col("_batch") == t.batch) for t in several]
    frames = [frame.select("_batch", "_file_hash", F.lit(True).alias("_accepted")) for frame in written]
    if refused:
        quarantine = run.warehouse.read(QUARANTINE).where(F.col("_batch").isin(refused))
        frames.append(quarantine.select("_batch", "_file_hash", F.lit(False).alias("_accepted")))
    if not frames:
        return accepted, {}
    counted = reduce(DataFrame.unionAll, frames).groupBy("_batch", "_file_hash", "_accepted").count().collect()
    accepted |= {(r["_batch"], r["_file_hash"]): r["count"] for r in counted if r["_accepted"]}
    return accepted, {(r["_batch"], r["_file_hash"]): r["count"] for r in counted if not r["_accepted"]}


def _report(landing: _Landing, entries: Sequence[Entry]) -> ItemReport:
    own = [entry for entry in entries if entry.batch == landing.batch]
    new = sorted({name for entry in own for name in entry.new_columns})
    notes = [
        f"already ingested: {len(landing.repeated)} files" if landing.repeated else "",
        f"new columns kept: {', '.join(new[:20])}" if new else "",
        f"mapped but not in the files: {', '.join(landing.missing[:20])}" if landing.missing else "",
        str(landing.error.message) if landing.error is not None else "",
        *(f"unreadable file: {s.file.label}" for s in landing.surveys if s.unreadable is not None),
    ]
    return ItemReport(
        landing.source,
        status="failed" if landing.error is not None else "ok" if landing.written is not None else "skipped",
        rows_in=sum(e.accepted + e.quarantined for e in own),
        rows_out=sum(e.accepted for e in own),
        rows_quarantined=sum(e.quarantined for e in own),
        seconds=landing.seconds,
        table_version=landing.written.version if landing.written is not None else None,
        note="; ".join(note for note in notes if note) or None,
    )
