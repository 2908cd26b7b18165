"""How commands write a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.display import Display

__all__ = ["Html", "write_page"]

Html = Annotated[Path | None, typer.Option("--html", help="Write a page to this file, complete in itself, for any browser.")]


def write_page(path: Path, text: str, display: Display) -> None:
    """Write a page that only its owner can read: it may hold personal data."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    display.progress(f"page written to {path}")
