"""The command that writes the trained model down as a file that people can read and a later run can use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, Settings, Verbose, WarehouseRoot
from onefold.run.knowledge import export_model

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
    display = shown(verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        text = export_model(context)
    if export is None:
        display.say(text)
    else:
        export.write_text(text, encoding="utf-8")
        display.say(f"wrote {export}")
