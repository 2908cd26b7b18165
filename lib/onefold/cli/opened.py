"""Opens what a command works with, for as long as it takes: the configuration, the session and the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onefold.cli.display import Display
from onefold.config import Project, load_project
from onefold.run.conductor import new_context
from onefold.run.context import RunContext
from onefold.store import open_session

__all__ = ["opened"]


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
