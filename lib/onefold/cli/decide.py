"""The commands by which stewards decide: `onefold decide must-link`, `unmerge`, `override`, `revoke`, `list` and the others."""

from __future__ import annotations

import csv
import getpass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, WarehouseRoot
from onefold.errors import ConfigurationError, MissingInputError
from onefold.run.decide import list_decisions, listed, record_decisions
from onefold.steward.requests import Request, moment, read_requests

__all__ = ["register"]

_HELP = """Decide what the model cannot: who is one customer, who is not, which value is right.

Decisions are kept for good in steward/decision, take effect at the next run, survive rebuilds and win over the model. They
are checked together: one that contradicts others is refused and names them. Nothing is ever overwritten: `revoke` takes a
decision back, and is a decision too. An ID is a record id (source:key) or, where it makes sense, a customer id (its first
record then stands for it).

Many at once, all or none: onefold decide --from FILE.csv --conf ... --warehouse ..., with the columns kind, record_id,
other_record_id, with_records (joined by |), attribute, value, policy, reason, expires_at, revokes.

Example: onefold decide unmerge crm:4711 --reason "another Ms Meyer" --conf conf/examples/demo --warehouse data/demo/warehouse
"""

Reason = Annotated[str, typer.Option("--reason", help="Why, in a sentence; kept with the decision.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; default the login name.")]
Expires = Annotated[str | None, typer.Option("--expires", help="From this date (UTC) on it does nothing: 2027-01-31.")]
One = Annotated[str, typer.Argument(metavar="ID", help="A record (source:key) or a customer id.")]
OneRecord = Annotated[str, typer.Argument(metavar="RECORD", help="A record (source:key).")]


class Policy(StrEnum):
    """When an override holds."""

    ALWAYS = "always"
    UNTIL_SOURCE_CHANGES = "until_source_changes"
    IF_NULL = "if_null"


decide = typer.Typer(name="decide", help=_HELP, invoke_without_command=True, no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(decide)


@decide.callback()
def _many(
    context: typer.Context,
    file: Annotated[Path | None, typer.Option("--from", help="CSV of decisions, recorded all or not at all.")] = None,
    conf: Annotated[Path | None, typer.Option("--conf", help="Configuration folder (with --from).")] = None,
    warehouse: Annotated[str | None, typer.Option("--warehouse", help="Folder or URI of the tables (with --from).")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Reason of the lines that give none.")] = None,
    by: By = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    if file is None or conf is None or warehouse is None:
        raise ConfigurationError("--from needs a file, --conf and --warehouse", hint="`onefold decide --help` shows an example")
    if not file.is_file():
        raise MissingInputError(f"the file of decisions {file} is not there")
    with file.open(newline="", encoding="utf-8-sig") as lines:
        requests = read_requests(csv.DictReader(lines), by or getpass.getuser(), reason)
    _record(requests, Place(conf, warehouse, settings, log_format, verbose))


class Place:
    """Where a decision goes, and how what happens is shown."""

    def __init__(self, conf: Path, warehouse: str, settings: list[str] | None, log_format: LogFormat, verbose: bool) -> None:
        self.conf, self.warehouse, self.settings = conf, warehouse, settings
        self.log_format, self.verbose = log_format, verbose


def _record(requests: tuple[Request, ...], place: Place) -> None:
    display = shown(place.log_format, verbose=place.verbose)
    with opened(place.conf, place.warehouse, place.settings, display) as context:
        recorded = record_decisions(context, requests)
    if display.json:
        rows = [(d.decision_id, d.kind, d in recorded.new) for d in (*recorded.new, *recorded.standing)]
        display.rows("", ("decision_id", "kind", "recorded"), rows)
    else:
        display.say(recorded.text())


def _expiry(text: str | None) -> datetime | None:
    if text is None:
        return None
    if (found := moment(text)) is None:
        raise ConfigurationError("--expires is no date", hint="write 2027-01-31, or 2027-01-31T18:00")
    return found


@decide.command("must-link", help="Two records, or two customers, are one customer, whatever the model says.")
def _must_link(
    one: One,
    other: One,
    conf: Conf,
    warehouse: WarehouseRoot,
    reason: Reason,
    by: By = None,
    expires: Expires = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    asked = Request("must_link", reason, by or getpass.getuser(), one, other, expires_at=_expiry(expires))
    _record((asked,), Place(conf, warehouse, settings, log_format, verbose))


@decide.command("cannot-link", help="Two records, or two customers, are never one customer.")
def _cannot_link(
    one: One,
    other: One,
    conf: Conf,
    warehouse: WarehouseRoot,
    reason: Reason,
    by: By = None,
    expires: Expires = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    asked = Request("cannot_link", reason, by or getpass.getuser(), one, other, expires_at=_expiry(expires))
    _record((asked,), Place(conf, warehouse, settings, log_format, verbose))


@decide.command(
    "unmerge",
    help="A record leaves its customer for good: it is kept apart from every record that is in it now. Records merged with it "
    "stay behind unless --with names them.",
)
def _unmerge(
    record: OneRecord,
    conf: Conf,
    warehouse: WarehouseRoot,
    reason: Reason,
    with_records: Annotated[
        list[str] | None, typer.Option("--with", help="A record that leaves with it and stays with it; may be repeated.")
    ] = None,
    by: By = None,
    expires: Expires = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    others = tuple(with_records or ())
    asked = Request("unmerge", reason, by or getpass.getuser(), record, with_records=others, expires_at=_expiry(expires))
    _record((asked,), Place(conf, warehouse, settings, log_format, verbose))


@decide.command("reassign", help="A record leaves its customer and belongs to another: apart from its fellows, linked to --to.")
def _reassign(
    record: OneRecord,
    conf: Conf,
    warehouse: WarehouseRoot,
    reason: Reason,
    to: Annotated[str, typer.Option("--to", help="A record of its right customer, or that customer's id.")],
    by: By = None,
    expires: Expires = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    asked = Request("reassign", reason, by or getpass.getuser(), record, to, expires_at=_expiry(expires))
    _record((asked,), Place(conf, warehouse, settings, log_format, verbose))


@decide.command(
    "override",
    help="A golden attribute has this value, whatever the sources say. It is kept by a record: the customer that holds "
    "the record has the value, whatever its id becomes.",
)
def _override(
    one: One,
    conf: Conf,
    warehouse: WarehouseRoot,
    reason: Reason,
    attribute: Annotated[str, typer.Option("--attribute", help="A golden attribute: email, birth_date...")],
    value: Annotated[str, typer.Option("--value", help="Its value, in the form that gold/customer shows.")],
    policy: Annotated[
        Policy,
        typer.Option(
            "--policy", help="until_source_changes: not after its sources say anything else; if_null: only for no value."
        ),
    ] = Policy.ALWAYS,
    by: By = None,
    expires: Expires = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    asked = Request(
        *("override", reason, by or getpass.getuser(), one),
        attribute=attribute,
        value=value,
        policy=policy.value,
        expires_at=_expiry(expires),
    )
    _record((asked,), Place(conf, warehouse, settings, log_format, verbose))


@decide.command(
    "revoke", help="Take a decision back; the next run goes as if it had not been made. Revoking the revoke restores it."
)
def _revoke(
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="Decision id, as `onefold decide list` shows it.")],
    conf: Conf,
    warehouse: WarehouseRoot,
    reason: Reason,
    by: By = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    asked = Request("revoke", reason, by or getpass.getuser(), revokes=decision)
    _record((asked,), Place(conf, warehouse, settings, log_format, verbose))


@decide.command("list", help="Every decision with its state (in force, expired, revoked), the newest first; values are masked.")
def _list(
    conf: Conf,
    warehouse: WarehouseRoot,
    show_values: Annotated[bool, typer.Option("--show-values", help="Show the values of overrides.")] = False,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        columns, rows = list_decisions(context, show_values=show_values)
    if display.json:
        display.rows("decisions", columns, rows)
        return
    # Not a table: it would cut the ids, which are there to be copied.
    for row in rows:
        display.say(listed(dict(zip(columns, row, strict=True))))
    display.say(f"{len(rows)} decision{'s'[: len(rows) != 1]}")
