"""Opens what a command works with, for as long as it takes: the configuration, the session and the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import DataFrame

from onefold.cli.display import Display
from onefold.config import Project, load_project
from onefold.errors import MissingInputError
from onefold.run.conductor import new_context
from onefold.run.context import RunContext
from onefold.store import open_session

__all__ = ["opened", "read_truth_file", "require_truth_file"]


@contextmanager
def opened(conf: Path, warehouse: str, settings: list[str] | None, display: Display) -> Iterator[RunContext]:
    """Give the context of a command, its configuration checked before Spark starts, and stop the session after it."""
    project: Project = load_project(conf, settings or [])
    with display:
        display.progress("starting Spark")
        spark = open_session(project.spark)
        try:
            yield new_context(spark, warehouse, project, display.progress)
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
