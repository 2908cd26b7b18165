"""Opens what a command works with, for as long as it takes: the configuration, the session and the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from onefold.cli.display import Display
from onefold.cli.options import LogFormat
from onefold.config import Project, load_project
from onefold.errors import MissingInputError
from onefold.logs import configure_logging
from onefold.run.conductor import new_context
from onefold.run.context import RunContext
from onefold.store import SparkSettings, Warehouse, open_session

__all__ = ["opened", "opened_tables", "read_truth_file", "require_truth_file", "shown"]


def shown(log_format: LogFormat = LogFormat.TEXT, *, verbose: bool) -> Display:
    """Return the display of a command, its log set up for the same readers."""
    configure_logging(json_lines=log_format is LogFormat.JSON, verbose=verbose)
    return Display(log_format)


@contextmanager
def opened(
    conf: Path, warehouse: str, settings: list[str] | None, display: Display, *, wait: float = 0.0
) -> Iterator[RunContext]:
    """Give the context of a command, its configuration checked before Spark starts, and stop the session after it.

    `wait` is how long the command waits for another that works on the warehouse, in seconds.
    """
    project: Project = load_project(conf, settings or [])
    with _session(project.spark, display) as spark:
        yield replace(new_context(spark, warehouse, project, display.progress), wait_seconds=wait)


@contextmanager
def opened_tables(conf: Path | None, warehouse: str, settings: list[str] | None, display: Display) -> Iterator[Warehouse]:
    """Give the tables of a command that needs no configuration but, where one is named, its Spark settings."""
    spark_settings = load_project(conf, settings or []).spark if conf else SparkSettings()
    with _session(spark_settings, display) as spark:
        yield Warehouse(spark, warehouse)


@contextmanager
def _session(settings: SparkSettings, display: Display) -> Iterator[SparkSession]:
    with display:
        display.progress("starting Spark")
        spark = open_session(settings)
        try:
            yield spark
        finally:
            spark.stop()


def require_truth_file(truth: Path | None) -> None:
    """Stop before Spark starts when a truth is named and not there.

    Raises:
        MissingInputError: when the file is not there.
    """
    if truth is not None and not truth.is_file():
        raise MissingInputError(f"the truth file {truth} is not there")


def read_truth_file(context: RunContext, truth: Path) -> DataFrame:
    """Return the rows of a truth file, all of them text."""
    return context.spark.read.option("header", True).csv(truth.resolve().as_uri())
