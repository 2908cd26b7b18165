"""What is published: one row names the version of every gold table, and appending it is the switch."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts import TableContract
from onefold.contracts.gold import RELEASE
from onefold.errors import DataContractError, MissingInputError, StageOrderError
from onefold.store.warehouse import Warehouse

__all__ = [
    "AsOf",
    "Release",
    "find_release",
    "go_back",
    "newest_release",
    "read_released",
    "recover",
    "releases",
    "restore_all",
    "switch",
]

logger = logging.getLogger(__name__)

AsOf = str | date | datetime
"""A run id, a day (its end counts) or a moment (UTC unless it says otherwise)."""


@dataclass(frozen=True)
class Release:
    """One row of gold/release."""

    run_id: str
    content_run: str
    kind: str
    tables: Mapping[str, int]
    released_at: datetime
    note: str | None = None

    @property
    def gold(self) -> dict[str, int]:
        """The versions of the gold tables only."""
        return {name: version for name, version in self.tables.items() if name.startswith("gold/")}


def releases(warehouse: Warehouse) -> tuple[Release, ...]:
    """Return every release, the newest last; none when nothing was published yet."""
    if not warehouse.exists(RELEASE):
        return ()
    columns = ("run_id", "content_run", "kind", "tables", F.unix_micros("released_at").alias("micros"), "note")
    # bounded: a row for each publication, about one a day
    rows = sorted(warehouse.read(RELEASE).select(*columns).collect(), key=lambda row: row["micros"])
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return tuple(
        Release(r["run_id"], r["content_run"], r["kind"], r["tables"], epoch + timedelta(microseconds=r["micros"]), r["note"])
        for r in rows
    )


def newest_release(warehouse: Warehouse) -> Release | None:
    """Return what readers see; None when nothing was published yet."""
    return next(reversed(releases(warehouse)), None)


def find_release(warehouse: Warehouse, as_of: AsOf | None = None) -> Release:
    """Return the release that readers see, that shows a run, or that was seen at a time.

    Raises:
        StageOrderError: when nothing was published yet.
        MissingInputError: when no release shows that run, or none was there yet at that time.
    """
    return _fitting(warehouse, as_of)[-1]


def _fitting(warehouse: Warehouse, as_of: AsOf | None) -> list[Release]:
    """Return the releases that show the run, or all up to the time, the newest last."""
    known = releases(warehouse)
    if not known:
        raise StageOrderError("nothing has been published yet", hint="run publish first, or `onefold run`")
    if as_of is None:
        return list(known)
    if isinstance(as_of, str):
        fitting = [r for r in known if as_of in (r.content_run, r.run_id)]
        fitting = [r for r in fitting if r.content_run == as_of] or fitting
    else:
        fitting = [r for r in known if r.released_at <= _moment(as_of)]
    if not fitting:
        last = ", ".join(r.content_run for r in known[-5:])
        raise MissingInputError(f"no release of {as_of}", hint=f"`onefold releases` lists them; the last are {last}")
    return fitting


def read_released(warehouse: Warehouse, table: TableContract | str, as_of: AsOf | None = None) -> DataFrame:
    """Return a table's rows as published: now, or as of a run or a time; all tables of one release fit together.

    A table that no release names (gold/audience, gold/run_log) is read at its newest version, or at that of the time; the time
    of a run is that of its first release.

    Raises:
        StageOrderError: when nothing was published yet.
        MissingInputError: when there is no such release, or the table was not there then.
    """
    name = table if isinstance(table, str) else table.name
    fitting = _fitting(warehouse, as_of)
    version = fitting[-1].tables.get(name)
    if version is None and as_of is not None:
        version = warehouse.version_at(name, fitting[0].released_at if isinstance(as_of, str) else _moment(as_of))
        if version is None:
            raise MissingInputError(f"table {name} was not there as of {as_of}")
    return warehouse.read(name, version=version)


def switch(warehouse: Warehouse, release: Release) -> Release:
    """Append the release: from this commit on readers see its versions, and not one moment earlier or in part.

    Its time is moved behind the last one's where clocks disagree, so that the order of releases is that of their times.

    Raises:
        WarehouseBusyError: when the lock was lost to another run.
    """
    if warehouse.fence is not None:
        warehouse.fence()
    last = newest_release(warehouse)
    if last is not None and last.released_at >= release.released_at:
        release = replace(release, released_at=last.released_at + timedelta(milliseconds=1))
    values = (release.run_id, release.content_run, release.released_at, release.kind, dict(release.tables), release.note)
    row = warehouse.spark.createDataFrame([values], RELEASE.schema).coalesce(1)
    warehouse.append(RELEASE, row, note={"run_id": release.run_id})
    return release


def restore_all(warehouse: Warehouse, versions: Mapping[str, int]) -> tuple[str, ...]:
    """Bring the tables back to these versions where their newest rows are others; return which were brought back."""
    moved = [name for name, version in versions.items() if warehouse.exists(name) and not warehouse.stands_at(name, version)]
    for name in moved:
        warehouse.restore(name, versions[name])
    return tuple(moved)


def recover(warehouse: Warehouse) -> tuple[str, ...]:
    """Bring gold back to what is released, where a run that died has written tables without releasing them; return which."""
    release = newest_release(warehouse)
    moved = restore_all(warehouse, release.gold) if release else ()
    if moved:
        logger.warning("brought back to the last release what a run that died had written: %s", ", ".join(moved))
    return moved


def go_back(warehouse: Warehouse, run_id: str, to: str, *, at: datetime, note: str | None = None) -> Release:
    """Make the gold of an earlier release what readers see again: every table restored, then the switch.

    Raises:
        MissingInputError: when no release shows that run.
        DataContractError: when files of that release are gone; gold then stays as it was.
    """
    target = find_release(warehouse, to)
    try:
        restored = {name: warehouse.restore(name, version) for name, version in target.gold.items()}
    except (PySparkException, Py4JJavaError) as error:
        recover(warehouse)
        raise DataContractError(
            f"the release of run {to} can no longer be read: files or log entries of its gold tables are gone",
            hint="they are kept for warehouse.history_days; `onefold releases` says how old each is. Gold stays as it was",
        ) from error
    others = {name: version for name, version in target.tables.items() if name not in restored}
    return switch(warehouse, Release(run_id, target.content_run, "rollback", others | restored, at, note))


def _moment(as_of: date | datetime) -> datetime:
    if isinstance(as_of, datetime):
        return as_of.replace(tzinfo=UTC) if as_of.tzinfo is None else as_of.astimezone(UTC)
    return datetime.combine(as_of, time.max, tzinfo=UTC)
