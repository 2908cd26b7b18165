"""Conducts the upkeep of a warehouse: every table tended, and readers moved to the tended files."""

from __future__ import annotations

from datetime import UTC, datetime

from onefold.run.context import RunContext
from onefold.store.lock import holding
from onefold.store.release import Release, newest_release, recover, switch
from onefold.store.upkeep import Upkeep, tables_of, tend

__all__ = ["run_maintain"]


def run_maintain(context: RunContext, *, dry_run: bool = False) -> tuple[Upkeep, ...]:
    """Tend every table, alone on the warehouse, then release the same rows in their new files.

    Without that last step readers would go on reading the small files; and a release that is older than the history names a
    version that could be gone.

    Raises:
        WarehouseBusyError: when another run works on the warehouse.
    """
    warehouse = context.warehouse
    with holding(warehouse, context.run_id, "maintain", wait=context.wait_seconds):
        if not dry_run:
            recover(warehouse)
        done = []
        for table in tables_of(warehouse):
            context.progress(f"{'looking at' if dry_run else 'tending'} {table}")
            done.append(tend(warehouse, table, dry_run=dry_run))
        if not dry_run:
            _move_readers(context)
    return tuple(done)


def _move_readers(context: RunContext) -> None:
    warehouse = context.warehouse
    release = newest_release(warehouse)
    if release is None:
        return
    tended = {name: warehouse.version(name) for name, version in release.tables.items() if warehouse.stands_at(name, version)}
    tables = {**release.tables, **tended}
    if tables != dict(release.tables):
        switch(warehouse, Release(context.run_id, release.content_run, "maintained", tables, datetime.now(UTC)))
