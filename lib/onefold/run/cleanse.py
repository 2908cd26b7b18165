"""Runs cleanse: the current rows of bronze into silver parties and interactions, with what was set aside.

Order of writes: silver/party, silver/interaction, then silver/quarantine, whose pass is left out for rows of which none was
set aside. Each replaces its table; a run killed in between is simply run again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from time import perf_counter

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold import cleanse
from onefold.cleanse import Before, Cleansed, Mapped, State
from onefold.config import Source
from onefold.contracts import TableContract
from onefold.contracts.bronze import INGEST_LOG, bronze_table
from onefold.contracts.silver import INTERACTION, PARTY, SILVER_QUARANTINE
from onefold.errors import DataContractError
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.store.scratch import Scratch, scratch_of

__all__ = ["run_cleanse"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Part:
    """Parties or interactions: rows that the ledger commits, those of the current state, and what becomes of these.

    `cleansed` is None when there are no rows.
    """

    table: TableContract
    committed: int
    current: int
    cleansed: Cleansed | None
    note: str | None


def run_cleanse(context: RunContext) -> StageReport:
    """Cleanse every source's current state and report rows in, out, quarantined and superseded of each silver table.

    Raises:
        StageOrderError: when nothing was ingested yet.
        DataContractError: when two record ids share one hash, or rows were lost or made on the way.
    """
    began = perf_counter()
    with scratch_of(context.warehouse, context.run_id, "cleanse") as scratch:
        parts = _parts(context, _before(context, scratch))
        written = tuple(_write(context, part) for part in parts)
        quarantine = _write_quarantine(context, parts, written)
    return StageReport("cleanse", (*written, quarantine), perf_counter() - began)


def _before(context: RunContext, scratch: Scratch) -> Before | None:
    """Return silver as the last run left it, None where everything is to be standardised."""
    if context.fresh != "increment" or not context.warehouse.exists(PARTY):
        return None
    silver = context.warehouse.read(PARTY)
    if "content_hash" not in silver.columns:  # written by an older version
        return None
    return Before(silver, scratch)


def _parts(context: RunContext, before: Before | None) -> tuple[_Part, _Part]:
    states = _states(context)
    standardise = context.project.standardise
    with_party = [s for s in context.project.sources if s.party is not None]
    with_interaction = [s for s in context.project.sources if s.interaction is not None]
    types = cleanse.attribute_types(s.party for s in with_party if s.party is not None)
    parties = {s.source: cleanse.map_party(b, s, standardise) for s, b in _current(context, with_party, states)}
    interactions = {s.source: cleanse.map_interaction(b, s, standardise) for s, b in _current(context, with_interaction, states)}
    return (
        _part(
            PARTY,
            with_party,
            states,
            parties,
            lambda f: cleanse.cleanse_parties(f, types, standardise, deletions=_any(with_party), before=before),
        ),
        _part(
            INTERACTION,
            with_interaction,
            states,
            interactions,
            lambda f: cleanse.cleanse_interactions(f, standardise, deletions=_any(with_interaction)),
        ),
    )


def _any(sources: Sequence[Source]) -> bool:
    """Tell whether any of the sources says which records are deleted."""
    return any(s.deleted is not None for s in sources)


def _states(context: RunContext) -> dict[str, State]:
    """Return the current state of each source from the ingest ledger (one row a file, so small)."""
    columns = ("source", "batch", F.unix_micros("as_of"), "rows_accepted")
    files = [tuple(row) for row in context.warehouse.read(INGEST_LOG).select(*columns).collect()]
    return {
        s.source: cleanse.newest_state((f[1:] for f in files if f[0] == s.source), snapshot=s.mode == "snapshot")
        for s in context.project.sources
    }


def _current(context: RunContext, sources: Sequence[Source], states: Mapping[str, State]) -> list[tuple[Source, DataFrame]]:
    """Return the current bronze rows of the sources that have any."""
    full = [s for s in sources if states[s.source].rows]
    return [(s, cleanse.current_rows(context.warehouse.read(bronze_table(s.source)), states[s.source])) for s in full]


def _part(
    table: TableContract,
    sources: Sequence[Source],
    states: Mapping[str, State],
    mapped: Mapping[str, Mapped],
    make: Callable[[Sequence[DataFrame]], Cleansed],
) -> _Part:
    absent = [f"{name} lacks {', '.join(m.absent)}" for name, m in mapped.items() if m.absent]
    for line in absent:
        logger.warning("mapped columns are not in bronze, so their values are null: %s", line, extra={"table": table.name})
    committed = sum(states[s.source].committed for s in sources)
    cleansed = make([m.frame for m in mapped.values()]) if mapped else None
    return _Part(table, committed, sum(states[s.source].rows for s in sources), cleansed, "; ".join(absent) or None)


def _write(context: RunContext, part: _Part) -> ItemReport:
    """Write one silver table and hold its rows against what was counted on the way."""
    began = perf_counter()
    context.progress(f"cleanse: {part.table.name}")
    if part.cleansed is None:
        written = context.warehouse.overwrite(part.table, context.spark.createDataFrame([], part.table.schema))
        counts = {"rows": 0, "accepted": 0, "quarantined": 0, "deleted": 0, "colliding": 0}
    else:
        written = context.warehouse.overwrite(part.table, part.cleansed.accepted)
        counts = part.cleansed.counts.get
    if counts["colliding"]:
        raise DataContractError(
            f"{counts['colliding']} records of {part.table.name} share a 64-bit hash with a record of another id",
            hint="rename one of their sources: the hash is made of source and key",
        )
    if written.rows != counts["accepted"] or part.current != counts["rows"]:
        raise DataContractError(
            f"counts of {part.table.name} do not add up: the ledger has {part.current} current rows, bronze {counts['rows']}; "
            f"{counts['accepted']} were accepted, {written.rows} written",
            hint="run cleanse again; if it stays so, a bronze table was changed outside ingest",
        )
    return ItemReport(
        part.table.name,
        rows_in=part.committed,
        rows_out=written.rows,
        rows_quarantined=counts["quarantined"],
        rows_superseded=part.committed - written.rows - counts["quarantined"],
        seconds=perf_counter() - began,
        table_version=written.version,
        note="; ".join(_told(part, counts)) or None,
    )


def _told(part: _Part, counts: Mapping[str, int]) -> Iterator[str]:
    """Give the remarks on one silver table."""
    if part.cleansed and part.cleansed.fresh is not None:
        yield f"new or changed, and so standardised: {part.cleansed.fresh.count():,}"
    if counts["deleted"]:
        yield f"deleted at the source: {counts['deleted']:,}"
    if part.note:
        yield part.note


def _write_quarantine(context: RunContext, parts: Sequence[_Part], reports: Sequence[ItemReport]) -> ItemReport:
    """Write what is set aside; parts of which nothing is are not read again."""
    began = perf_counter()
    context.progress(f"cleanse: {SILVER_QUARANTINE.name}")
    aside = [p.cleansed.quarantined for p, report in zip(parts, reports, strict=True) if p.cleansed and report.rows_quarantined]
    empty = context.spark.createDataFrame([], SILVER_QUARANTINE.schema)
    written = context.warehouse.overwrite(SILVER_QUARANTINE, reduce(DataFrame.unionByName, aside) if aside else empty)
    counted = sum(report.rows_quarantined or 0 for report in reports)
    if written.rows != counted:
        raise DataContractError(f"{written.table} got {written.rows} rows where {counted} were set aside")
    return ItemReport(written.table, rows_out=written.rows, seconds=perf_counter() - began, table_version=written.version)
