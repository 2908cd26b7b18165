"""The command that resolves a customer id of whatever age."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.opened import opened_tables, shown
from onefold.cli.options import LogFormat, LogFormatOption, Settings, Verbose, WarehouseRoot
from onefold.run.customer_id import COLUMNS, find_customer_id

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("id", help="Say where a customer id of whatever age leads today, and what has become of it.")(_id)


def _id(
    customer_id: Annotated[str, typer.Argument(help="A customer id that was ever issued.", metavar="CUSTOMER_ID")],
    warehouse: WarehouseRoot,
    conf: Annotated[Path | None, typer.Option("--conf", help="Configuration folder, for its Spark settings.")] = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened_tables(conf, warehouse, settings, display) as tables:
        found = find_customer_id(tables, customer_id)
    if log_format is LogFormat.JSON:
        now = (found.customer_id, found.status, found.current_customer_id)
        display.rows("id", ("customer_id", "status", "current_customer_id"), [now])
    else:
        display.say(found.text())
    display.rows(f"history of {found.customer_id}", COLUMNS, found.changes)
