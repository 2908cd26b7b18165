"""The command that resolves a customer id of whatever age."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.display import Display
from onefold.cli.options import LogFormat, LogFormatOption, Settings, Verbose, WarehouseRoot
from onefold.config import load_project
from onefold.logs import configure_logging
from onefold.run.customer_id import COLUMNS, find_customer_id
from onefold.store import SparkSettings, Warehouse, open_session

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
    configure_logging(json_lines=log_format is LogFormat.JSON, verbose=verbose)
    spark_settings = load_project(conf, settings or []).spark if conf else SparkSettings()
    with Display(log_format) as display:
        display.progress("starting Spark")
        spark = open_session(spark_settings)
        try:
            found = find_customer_id(Warehouse(spark, warehouse), customer_id)
        finally:
            spark.stop()
    if log_format is LogFormat.JSON:
        now = (found.customer_id, found.status, found.current_customer_id)
        display.rows("id", ("customer_id", "status", "current_customer_id"), [now])
    else:
        display.say(found.text())
    display.rows(f"history of {found.customer_id}", COLUMNS, found.changes)
