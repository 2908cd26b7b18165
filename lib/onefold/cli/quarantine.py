"""The commands about what was set aside: `onefold quarantine list`, `show`, `release` and `retry`."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import Annotated

import typer

from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, Wait, WarehouseRoot
from onefold.cli.stages import execute
from onefold.errors import ConfigurationError
from onefold.logs import configure_logging
from onefold.run.quarantine import RETRIED, list_quarantine, show_record
from onefold.run.waivers import Release, release
from onefold.steward.requests import moment

__all__ = ["register"]

_HELP = """See what was set aside and why, let a record through, and match it.

Records that fail a blocking rule are withheld from matching: they stay in silver, and in no customer. They come back by
themselves once their source is right, at the next run. `release` lets one through as it is, with a reason that is kept.

Example: onefold quarantine list --conf conf/examples/demo --warehouse data/demo/warehouse
"""

Record = Annotated[str, typer.Argument(metavar="RECORD", help="A record (source:key).")]

quarantine = typer.Typer(name="quarantine", help=_HELP, no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(quarantine)


@quarantine.command("list", help="Count what is set aside: unreadable rows, rows that are no record, records withheld by a rule.")
def _list(
    conf: Conf,
    warehouse: WarehouseRoot,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        columns, rows = list_quarantine(context)
    display.rows("set aside", columns, rows)
    if not rows and not display.json:
        display.say("nothing is set aside")


@quarantine.command(
    "show", help="Show one record's verdict: the rules that it fails, what to do, and the file and row it came from."
)
def _show(
    record: Record,
    conf: Conf,
    warehouse: WarehouseRoot,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        sheet = show_record(context, record)
    if display.json:
        told = {name: value for name, value in asdict(sheet).items() if name != "rules"}
        display.rows("", tuple(told), [tuple(told.values())])
    else:
        display.say(sheet.text())


@quarantine.command("release", help="Let a withheld record through although it fails; in effect from the next run, or `retry`.")
def _release(
    record: Record,
    conf: Conf,
    warehouse: WarehouseRoot,
    why: Annotated[str, typer.Option("--why", help="Why, in a sentence; kept with the waiver.")],
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule is waived; default every blocking one.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="From this date (UTC) on it is withheld again: 2027-01-31.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who lets it through; default the login name.")] = None,
    wait: Wait = 0.0,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    ends = None if until is None else moment(until)
    if until is not None and ends is None:
        raise ConfigurationError("--until is no date", hint="write 2027-01-31, or 2027-01-31T18:00")
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display, wait=wait) as context:
        waiver = release(context, Release(record, why, by or getpass.getuser(), rule, ends))
    if display.json:
        display.rows("", ("waiver_id",), [(waiver,)])
    else:
        display.say(f"{waiver}  recorded; in effect from the next run, or now by `onefold quarantine retry`")


@quarantine.command("retry", help="Judge again and take in what may pass now: quality, match, resolve, publish and index.")
def _retry(
    conf: Conf,
    warehouse: WarehouseRoot,
    wait: Wait = 0.0,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> int:
    configure_logging(json_lines=log_format is LogFormat.JSON, verbose=verbose)
    return execute(conf, warehouse, RETRIED, settings or [], log_format, wait=wait)
