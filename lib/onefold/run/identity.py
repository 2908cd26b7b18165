"""Carries customer ids from run to run: who held which id, and the history of ids, written exactly once.

The history is appended before match/entity_map is replaced. Its note says which assignment the run went out from, so a run that
died in between is known by a history that went out from the assignment that is still there; its rows are removed and made again.
The first run of all has none to go out from: it writes the map before the history, and a map without a history is taken into one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from onefold.contracts.gold import CUSTOMER_XREF
from onefold.contracts.matching import CUSTOMER_ID_HISTORY, ENTITY_MAP
from onefold.resolve import Assignment, adopted, assign_customer_ids, entity_map, first_ids, held_by_founders, history_rows
from onefold.run.context import ItemReport, RunContext
from onefold.store import Warehouse, Written

__all__ = ["IdentityRun"]

logger = logging.getLogger(__name__)

_NOTHING = "nothing"
_CHANGES = ("created", "split", "revived", "merged", "redirected", "retired")


@dataclass(frozen=True)
class _Newest:
    """The newest change in the history: its run and its time in microseconds since 1970; none when there is no history."""

    run_id: str = ""
    at: int = -1


class IdentityRun:
    """The part of one resolve run that keeps customer ids: `previous`, then `assign`, then `write`."""

    def __init__(self, context: RunContext, parties: DataFrame) -> None:
        """Keep what the parts work with; nothing is read yet."""
        self._context = context
        self._warehouse: Warehouse = context.warehouse
        self._parties = parties
        self._origin = _NOTHING
        self._first = True
        self._newest = _Newest()

    def previous(self) -> DataFrame | None:
        """Return party_id, customer_id, entity_size of the last assignment, after removing what a killed run left.

        That is match/entity_map; if it is gone gold/customer_xref; if both are gone the founders of the ids in the history.
        """
        warehouse = self._warehouse
        self._origin = _origin(warehouse)
        self._discard_leftovers()
        self._newest = _newest(warehouse)
        previous = self._last_assignment()
        if previous is not None and self._newest.at < 0:  # ids that are older than the history
            self._append(adopted(previous))
        self._first = previous is None
        return previous

    def assign(self, laid: DataFrame, steward: DataFrame | None = None) -> Assignment:
        """Return the customer ids of all entities; `steward` holds the record_id of the records that decisions name."""
        if self._first:
            return first_ids(laid)
        return assign_customer_ids(laid, self._warehouse.read(CUSTOMER_ID_HISTORY), _next(self._newest, self._context), steward)

    def write(self, assignment: Assignment, note: dict[str, str]) -> tuple[ItemReport, Written]:
        """Write the history, and match/entity_map with the note; return the report of the ids and what the map got."""
        if self._first:
            written = self._write_map(assignment, note)
            return self._record(assignment), written
        return self._record(assignment), self._write_map(assignment, note)

    def _write_map(self, assignment: Assignment, note: dict[str, str]) -> Written:
        noted = note | {"history_run": self._newest.run_id}
        return self._warehouse.overwrite(ENTITY_MAP, entity_map(assignment.identified), note=noted)

    def _record(self, assignment: Assignment) -> ItemReport:
        """Append what became of the ids to the history, and report it."""
        version, rows = self._append(assignment.changes)
        counts = dict.fromkeys(_CHANGES, 0)
        if rows:
            made = self._warehouse.read(CUSTOMER_ID_HISTORY).where(F.col("run_id") == self._newest.run_id)
            counts |= {str(row["change"]): int(row["count"]) for row in made.groupBy("change").count().collect()}
        founders = assignment.identified.where(F.col("record_id") == F.col("founding_record")).count()
        kept = founders - counts["created"] - counts["split"] - counts["revived"]
        told = ", ".join(f"{n:,} {change}" for change, n in {"kept": kept, **counts}.items())
        return ItemReport(CUSTOMER_ID_HISTORY.name, rows_out=rows, table_version=version, note=f"customer ids: {told}")

    def _discard_leftovers(self) -> None:
        noted = self._warehouse.last_note(CUSTOMER_ID_HISTORY)
        if noted and noted.get("origin") == self._origin != _NOTHING:
            logger.warning("removing what a killed run left in %s", CUSTOMER_ID_HISTORY.name, extra={"run": noted["history_run"]})
            self._warehouse.delete(CUSTOMER_ID_HISTORY, f"run_id = {noted['history_run']!r}")

    def _last_assignment(self) -> DataFrame | None:
        warehouse = self._warehouse
        if warehouse.exists(ENTITY_MAP):
            return warehouse.read(ENTITY_MAP, version=warehouse.version(ENTITY_MAP))
        if warehouse.exists(CUSTOMER_XREF):
            logger.warning("%s is gone: customer ids are taken from %s", ENTITY_MAP.name, CUSTOMER_XREF.name)
            size = F.count("*").over(Window.partitionBy("customer_id")).alias("entity_size")
            held = warehouse.read(CUSTOMER_XREF).select("record_id", "customer_id", size)
            return held.join(self._parties.select("record_id", "party_id"), on="record_id", how="left")
        if self._newest.at >= 0:
            logger.warning("%s is gone: customer ids are taken from those that founded them", ENTITY_MAP.name)
            return held_by_founders(self._parties, warehouse.read(CUSTOMER_ID_HISTORY))
        return None

    def _append(self, changes: DataFrame) -> tuple[int, int]:
        """Append changes, later than all before; return the table's version and the rows."""
        run_id, at = _next(self._newest, self._context), max(_micros(self._context.started_at), self._newest.at + 1)
        rows = history_rows(changes, run_id, F.timestamp_micros(F.lit(at)))
        note = {"history_run": run_id, "origin": self._origin}
        written = self._warehouse.append(CUSTOMER_ID_HISTORY, rows, note=note)
        if written.rows:
            self._newest = _Newest(run_id, at)
        return written.version, written.rows


def _origin(warehouse: Warehouse) -> str:
    """Return what stands for the assignment that a run goes out from; it is another once a run with changes is committed."""
    for table in (ENTITY_MAP, CUSTOMER_XREF):
        if warehouse.exists(table):
            note = warehouse.last_note(table)
            return f"{table.name} {note.get('history_run', note.get('run_id', ''))}"
    return _NOTHING


def _newest(warehouse: Warehouse) -> _Newest:
    rows = warehouse.read_or_empty(CUSTOMER_ID_HISTORY).select(
        F.struct(F.unix_micros("changed_at").alias("at"), "run_id").alias("last")
    )
    last = rows.agg(F.max("last").alias("last")).first()
    return _Newest(last["last"]["run_id"], last["last"]["at"]) if last and last["last"] else _Newest()


def _next(newest: _Newest, context: RunContext) -> str:
    """Return the run's id for the history, unlike that of the newest change even when a run id is used again."""
    again = newest.run_id.rstrip("+") == context.run_id
    return f"{newest.run_id}+" if again else context.run_id


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
