"""The commands that answer questions: evaluate, explain, profile, audience, submit-args."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.cli.display import Display
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, WarehouseRoot
from onefold.config import Project, load_project
from onefold.contracts.gold import CUSTOMER
from onefold.contracts.matching import ENTITY_MAP, MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import MissingInputError
from onefold.logs import configure_logging
from onefold.match import evaluate, explain
from onefold.quality import profile
from onefold.run.audience import run_audience
from onefold.run.conductor import new_context, record
from onefold.run.context import RunContext
from onefold.store import SparkSettings, Warehouse, open_session
from onefold.store.session import local_jars, session_properties

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("evaluate", help="Measure the entities against a truth file that the pipeline never reads.")(_evaluate)
    app.command("explain", help="Show why two source records (source:key) were matched, or not: the weights, step by step.")(
        _explain
    )
    app.command("profile", help="Profile a table: how full, how various and how long each column is.")(_profile)
    app.command("audience", help="Select a campaign audience; every exclusion has its reason.")(_audience)
    app.command("submit-args", help="Print the spark-submit options (jars and properties) that onefold's jobs need.")(
        _submit_args
    )


@contextmanager
def _opened(conf: Path, warehouse: str, settings: list[str] | None, display: Display) -> Iterator[RunContext]:
    project: Project = load_project(conf, settings or [])
    with display:
        display.progress("starting Spark")
        spark = open_session(project.spark)
        try:
            yield new_context(spark, warehouse, project, display.progress)
        finally:
            spark.stop()


def _evaluate(
    conf: Conf,
    warehouse: WarehouseRoot,
    truth: Annotated[Path, typer.Option("--truth", help="CSV with record_id,cluster_id or left_id,right_id(,label).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    configure_logging(json_lines=False, verbose=verbose)
    if not truth.is_file():
        raise MissingInputError(f"the truth file {truth} is not there")
    display = Display(LogFormat.TEXT)
    with _opened(conf, warehouse, settings, display) as context:
        display.progress("comparing the entities with the truth")
        frame = context.spark.read.option("header", True).csv(truth.resolve().as_uri())
        # A record id is source:key, and a source's name holds no colon.
        key = F.expr("substring(record_id, instr(record_id, ':') + 1)").alias("source_key")
        result = evaluate(context.warehouse.read(ENTITY_MAP).select("*", key), frame)
    display.say(json.dumps(result.as_dict()) if as_json else result.text())


def _explain(
    left: Annotated[str, typer.Argument(help="A source record, source:key.", metavar="ID")],
    right: Annotated[str, typer.Argument(help="Another source record, source:key.", metavar="ID")],
    conf: Conf,
    warehouse: WarehouseRoot,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    configure_logging(json_lines=False, verbose=verbose)
    display = Display(LogFormat.TEXT)
    with _opened(conf, warehouse, settings, display) as context:
        display.progress("looking the pair up")
        store = context.warehouse
        rules = context.project.blocking
        explanation = explain(store.read(PAIR), store.read(PARTY), store.read(MODEL), left, right, blocking=rules)
    display.say(explanation.text())


def _profile(
    warehouse: WarehouseRoot,
    table: Annotated[str, typer.Argument(help="Table by layer and name, e.g. bronze/crm or gold/customer.")] = CUSTOMER.name,
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
            frame: DataFrame = profile(Warehouse(spark, warehouse).read(table))
            rows = [tuple(row) for row in frame.collect()]
        finally:
            spark.stop()
    display.rows(f"profile of {table}", frame.columns, rows)


def _audience(
    name: Annotated[str, typer.Argument(help="Audience, as named under audiences/.")],
    conf: Conf,
    warehouse: WarehouseRoot,
    now: Annotated[
        datetime | None, typer.Option("--now", help="Moment to select for (UTC); default the audience's as_of, else now.")
    ] = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    configure_logging(json_lines=log_format is LogFormat.JSON, verbose=verbose)
    display = Display(log_format)
    with _opened(conf, warehouse, settings, display) as context:
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
