"""Shows what a run does and did: a spinner and tables for people, JSON lines for schedulers."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

import typer
from rich.console import Console
from rich.table import Table

from onefold.cli.options import LogFormat
from onefold.errors import OnefoldError
from onefold.run.context import StageReport

__all__ = ["Display"]

_LOG_WIDTH = 140


class Display:
    """Progress while the work goes on, and the closing table; results go to standard output, progress to standard error."""

    def __init__(self, log_format: LogFormat) -> None:
        self.json = log_format is LogFormat.JSON
        self._err = Console(stderr=True, highlight=False)
        # A log file has no width of its own; a table folded to 80 columns is no table.
        self._out = Console(highlight=False, width=None if sys.stdout.isatty() else _LOG_WIDTH)
        self._status = None if self.json or not self._err.is_terminal else self._err.status("starting Spark")
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._status:
            self._status.stop()

    def progress(self, message: str) -> None:
        """Say what is going on now."""
        seconds = time.monotonic() - self._started
        if self.json:
            typer.echo(json.dumps({"event": "progress", "step": message, "elapsed": round(seconds, 1)}), err=True)
        elif self._status:
            self._status.update(message)
            self._status.start()
        else:
            self._err.print(f"[{seconds:6.1f} s] {message}", markup=False)

    def pause(self) -> None:
        """Stop the spinner, so that somebody can be asked; the next progress starts it again."""
        if self._status:
            self._status.stop()

    def stages(self, run_id: str, reports: Sequence[StageReport], advice: Sequence[str] = ()) -> None:
        """Show what each stage did, the failures with their remedies, and what to do next."""
        if self.json:
            for report in reports:
                items = [asdict(i) for i in report.items]
                self._line(
                    {
                        "event": "stage",
                        "run_id": run_id,
                        "stage": report.stage,
                        "seconds": round(report.seconds, 2),
                        "items": items,
                    }
                )
            failures = [str(f) for r in reports for f in r.failures]
            self._line({"event": "run", "run_id": run_id, "seconds": self._elapsed(), "failures": failures})
            return
        self._out.print(_stage_table(run_id, reports))
        for item in (i for r in reports for i in r.items if i.note):
            self._out.print(f"{item.item}: {item.note}", markup=False, soft_wrap=True)
        for failure in (f for r in reports for f in r.failures):
            self._err.print(f"failed: {failure}", style="red", markup=False)
        for line in advice:
            self._out.print(line, markup=False, soft_wrap=True)

    def rows(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Show a table of results."""
        if self.json:
            for row in rows:
                self._line(dict(zip(columns, row, strict=True)))
            return
        table = Table(title=title, title_justify="left")
        for position, name in enumerate(columns):
            numeric = all(isinstance(r[position], int | float) or r[position] is None for r in rows)
            table.add_column(name, justify="right" if numeric else "left")
        for row in rows:
            table.add_row(*(_text(v) for v in row))
        self._out.print(table)

    def say(self, text: str) -> None:
        """Print a result for people as it is."""
        self._out.print(text, markup=False, soft_wrap=True)

    def error(self, error: OnefoldError) -> None:
        """Show an error and its remedy."""
        if self.json:
            typer.echo(json.dumps({"event": "error", "kind": type(error).__name__, "message": str(error)}), err=True)
        else:
            self._err.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
            for note in getattr(error, "__notes__", ()):
                self._err.print(note, style="red", markup=False, soft_wrap=True)

    def _line(self, value: dict[str, Any]) -> None:
        typer.echo(json.dumps(value, default=str))

    def _elapsed(self) -> float:
        return round(time.monotonic() - self._started, 2)


def _stage_table(run_id: str, reports: Sequence[StageReport]) -> Table:
    table = Table(title=f"run {run_id}", title_justify="left", show_footer=True)
    for name in ("stage", "table or source", "status"):
        table.add_column(name, no_wrap=True)
    for name in ("rows in", "rows out", "quarantined", "superseded", "seconds", "version"):
        table.add_column(name, justify="right", no_wrap=True)
    for report in reports:
        for item in report.items:
            counts = (item.rows_in, item.rows_out, item.rows_quarantined, item.rows_superseded)
            seconds = None if item.seconds is None else f"{item.seconds:.1f}"
            version = "" if item.table_version is None else str(item.table_version)
            table.add_row(report.stage, item.item, item.status, *(_text(c) for c in counts), _text(seconds), version)
        whole = (report.stage, "whole stage", "", "", "", "", "", f"{report.seconds:.1f}", "")
        table.add_row(*whole, end_section=True, style="bold")
    table.columns[0].footer = "total"
    table.columns[7].footer = f"{sum(r.seconds for r in reports):.1f}"
    return table


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1 else str(value)
