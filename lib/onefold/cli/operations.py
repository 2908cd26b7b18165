"""The commands that look after a warehouse: releases, rollback, changes, maintain."""

from __future__ import annotations

from typing import Annotated

import typer

from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, Wait, WarehouseRoot
from onefold.publish import change_counts
from onefold.run.maintain import run_maintain
from onefold.run.releases import changes_between, keep_changes, roll_back
from onefold.store.release import releases

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("releases", help="List what was published, newest last, and what readers see now.")(_releases)
    app.command("rollback", help="Make the gold tables of an earlier run what readers see again.")(_rollback)
    app.command("changes", help="Count what changed in gold/customer between the releases of two runs.")(_changes)
    app.command("maintain", help="Join small files and delete those that the promised history does not need.")(_maintain)


def _releases(
    conf: Conf,
    warehouse: WarehouseRoot,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        known = releases(context.warehouse)
    rows = [
        (
            f"{r.released_at:%Y-%m-%d %H:%M:%S}",
            r.kind,
            r.content_run,
            r.run_id,
            len(r.gold),
            r.note or "",
            "now" * (r is known[-1]),
        )
        for r in known
    ]
    display.rows("releases", ("released at (UTC)", "kind", "shows run", "made by", "tables", "note", "readers see"), rows)


def _rollback(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Run to go back to, as `onefold releases` lists it.")],
    conf: Conf,
    warehouse: WarehouseRoot,
    note: Annotated[str | None, typer.Option("--note", help="Why; kept with the release. No customer values.")] = None,
    wait: Wait = 0.0,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display, wait=wait) as context:
        release = roll_back(context, run_id, note=note)
    display.rows("gold now", ("table", "version"), sorted(release.gold.items()))
    display.say(f"readers see run {release.content_run} again; the next publish makes gold anew from match/entity_map")


def _changes(
    from_run: Annotated[str, typer.Argument(metavar="RUN", help="Run of the earlier release.")],
    to_run: Annotated[str, typer.Argument(metavar="RUN", help="Run of the later release.")],
    conf: Conf,
    warehouse: WarehouseRoot,
    keep: Annotated[bool, typer.Option("--keep", help="Put the rows, with values, into gold/customer_change.")] = False,
    wait: Wait = 0.0,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display, wait=wait) as context:
        kept = keep_changes(context, from_run, to_run) if keep else None
        counts = change_counts(changes_between(context, from_run, to_run))
        # bounded: a row for each attribute
        rows = [tuple(row) for row in counts.collect()]
    display.rows(f"changes from {from_run} to {to_run}", counts.columns, rows)
    if kept is not None:
        display.say(f"{kept:,} rows in gold/customer_change")


def _maintain(
    conf: Conf,
    warehouse: WarehouseRoot,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    wait: Wait = 0.0,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display, wait=wait) as context:
        done = run_maintain(context, dry_run=dry_run)
    columns = ("table", "files", "files after", "bytes with history", "bytes after", "old files deleted")
    rows = [(u.table, u.files_before, u.files_after, u.bytes_before, u.bytes_after, u.deleted) for u in done]
    display.rows("would be tended" if dry_run else "tended", columns, rows)
