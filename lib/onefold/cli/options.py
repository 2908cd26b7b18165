"""The options that every command shares."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Conf", "LogFormat", "LogFormatOption", "Settings", "Verbose", "Wait", "WarehouseRoot"]


class LogFormat(StrEnum):
    """Who reads the output."""

    TEXT = "text"
    JSON = "json"


Conf = Annotated[Path, typer.Option("--conf", help="Configuration folder: sources/*.yml and the section files.")]
WarehouseRoot = Annotated[str, typer.Option("--warehouse", help="Folder or URI that holds the Delta tables.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="NAME=value fills ${NAME} in the YAML; section.key=value replaces one value. May be repeated."),
]
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for another run that works on the warehouse.")]
LogFormatOption = Annotated[
    LogFormat, typer.Option("--log-format", help="text: progress and a closing table; json: JSON lines for a scheduler.")
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Log more; on an unexpected failure show the whole trace.")]
