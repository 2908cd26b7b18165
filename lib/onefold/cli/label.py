"""The command that asks a person: `onefold label`, two records side by side and one key an answer."""

from __future__ import annotations

import getpass
import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from onefold.cli.display import Display
from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, Settings, Verbose, WarehouseRoot
from onefold.match.judge.asking import Answer, Sheet
from onefold.match.judge.choose import Wish
from onefold.match.judge.sides import MARKS, Line, segments
from onefold.run.label import run_label

__all__ = ["TerminalAsk", "register"]

_KEYS: dict[str, Answer | None] = {"y": "match", "n": "no_match", "u": "unsure", "q": None}
_HELP = "one customer?  y yes   n no   u unsure   q stop: "
_STYLES = {"same": "green", "close": "yellow", "differs": "red", "one side": "dim"}


class EntityType(StrEnum):
    """What is asked about."""

    PERSON = "person"
    COMPANY = "company"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("label", help="Ask a person about the pairs that tell most, and keep the answers for estimates and training.")(
        _label
    )


def _label(
    conf: Conf,
    warehouse: WarehouseRoot,
    type_: Annotated[EntityType | None, typer.Option("--type", help="Ask about people or companies only.")] = None,
    number: Annotated[int, typer.Option("--n", min=1, max=1000, help="Pairs to ask about in this session.")] = 20,
    who: Annotated[str | None, typer.Option("--who", help="Name to keep with the answers; default the login name.")] = None,
    pair: Annotated[
        tuple[str, str] | None, typer.Option("--pair", help="Ask about this pair of record ids, answered before or not.")
    ] = None,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    display = shown(verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        wish = Wish(wanted=number, entity_type=type_.value if type_ else None)
        session = run_label(context, TerminalAsk(display), who or getpass.getuser(), wish, pair=pair)
    display.say(session.text())


class TerminalAsk:
    """Puts a pair before the person at the terminal, and reads one key; from a pipe, one line."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._console = Console(highlight=False)

    def __call__(self, sheet: Sheet) -> Answer | None:
        """Show the sheet and return the answer; the end of the input, or Ctrl-C, ends the session."""
        self._display.pause()
        self._console.print(_table(sheet))
        while True:
            self._console.print(_HELP, end="")
            try:
                key = typer.getchar() if sys.stdin.isatty() else sys.stdin.readline()
            except (KeyboardInterrupt, EOFError):
                key = ""
            said = key.strip().lower()[:1]
            self._console.print(said if sys.stdin.isatty() else "", markup=False)
            if not key or said in ("\x03", "\x04"):
                return None
            if said in _KEYS:
                return _KEYS[said]
            self._console.print(f"keys: {', '.join(_KEYS)}", markup=False)


def _table(sheet: Sheet) -> Table:
    question = sheet.question
    table = Table(title=f"{sheet.number} of {sheet.of}: {question.entity_type}", title_justify="left", show_lines=True)
    table.add_column("")
    table.add_column(question.record_id_l, overflow="fold")
    table.add_column("", justify="center")
    table.add_column(question.record_id_r, overflow="fold")
    for line in sheet.lines:
        left, right = _sides(line)
        table.add_row(line.attribute, left, Text(MARKS[line.mark], style=_STYLES[line.mark]), right)
    return table


def _sides(line: Line) -> tuple[Text, Text]:
    """Return both values; where they are close, what differs is underlined, so that colour alone says nothing."""
    if line.mark != "close":
        return Text(line.left), Text(line.right)
    left, right = segments(line.left, line.right)
    return _text(left), _text(right)


def _text(pieces: list[tuple[str, bool]]) -> Text:
    return Text.assemble(*((piece, "bold underline" if differs else "") for piece, differs in pieces))
