"""The commands that answer questions about the tables: audience, submit-args."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, Wait, WarehouseRoot
from onefold.config import load_project
from onefold.run.audience import run_audience
from onefold.run.conductor import record
from onefold.store import SparkSettings
from onefold.store.session import local_jars, session_properties

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("audience", help="Select a campaign audience; every exclusion has its reason.")(_audience)
    app.command("submit-args", help="Print the spark-submit options (jars and properties) that onefold's jobs need.")(
        _submit_args
    )


def _audience(
    name: Annotated[str, typer.Argument(help="Audience, as named under audiences/.")],
    conf: Conf,
    warehouse: WarehouseRoot,
    now: Annotated[
        datetime | None, typer.Option("--now", help="Moment to select for (UTC); default the audience's as_of, else now.")
    ] = None,
    wait: Wait = 0.0,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display, wait=wait) as context:
        report, waterfall = run_audience(context, name, now=now)
        record(context, [report])
    steps = [(step.reason, step.excluded, step.remaining) for step in waterfall]
    display.rows(f"audience {name}", ("reason", "excluded", "remaining"), steps)


def _submit_args(
    conf: Annotated[Path | None, typer.Option("--conf", help="Configuration folder, for its Spark settings.")] = None,
    settings: Settings = None,
) -> None:
    spark_settings = load_project(conf, settings or []).spark if conf else SparkSettings()
    properties = session_properties(spark_settings)
    jars = local_jars(spark_settings)
    arguments = ["--jars", ",".join(jars), "--driver-class-path", ":".join(jars)]
    for key in ("spark.jars.packages", "spark.jars.excludes"):
        if key in properties:
            arguments += [f"--{'packages' if key.endswith('packages') else 'exclude-packages'}", properties[key]]
    for key, value in properties.items():
        if key.startswith(("spark.sql.", "spark.databricks.")):
            arguments += ["--conf", f"{key}={value}"]
    typer.echo(" ".join(arguments))
