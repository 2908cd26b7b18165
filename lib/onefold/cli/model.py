"""The command that writes the trained model down as a file that people can read and a later run can use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.display import Display
from onefold.cli.options import Conf, LogFormat, Settings, Verbose, WarehouseRoot
from onefold.config import load_project
from onefold.logs import configure_logging
from onefold.run.conductor import new_context
from onefold.run.knowledge import export_model
from onefold.store import open_session

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("model", help="Show the trained model as YAML, or write it to a file that training.model can name.")(_model)


def _model(
    conf: Conf,
    warehouse: WarehouseRoot,
    export: Annotated[Path | None, typer.Option("--export", help="File to write; without it the model is printed.")] = None,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    configure_logging(json_lines=False, verbose=verbose)
    project = load_project(conf, settings or [])
    display = Display(LogFormat.TEXT)
    with display:
        display.progress("starting Spark")
        spark = open_session(project.spark)
        try:
            text = export_model(new_context(spark, warehouse, project, display.progress))
        finally:
            spark.stop()
    if export is None:
        display.say(text)
    else:
        export.write_text(text, encoding="utf-8")
        display.say(f"wrote {export}")
