"""The command that works through the review queue: `onefold review`, one question, one key."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from onefold.cli.label import TerminalAsk
from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, Settings, Verbose, WarehouseRoot
from onefold.match.judge.asking import Answer, Sheet
from onefold.run.queue import Item
from onefold.run.review import run_review

__all__ = ["register"]

_HELP = """Work through the review queue: unsure pairs and suspicious customers, the most valuable answer first.

Every question shows two records side by side, the weight of their pair and why it is asked. y says that they are one
customer (must-link), n that they are not (cannot-link), u that you cannot tell, q stops. Answers are decisions: they take
effect at the next run, win over the model, and `onefold decide list` shows them. They are also labels to train from.

Example: onefold review --conf conf/examples/demo --warehouse data/demo/warehouse --n 10
"""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("review", help=_HELP)(_review)


def _review(
    conf: Conf,
    warehouse: WarehouseRoot,
    number: Annotated[int, typer.Option("--n", min=1, max=1000, help="Questions to ask in this session.")] = 20,
    by: Annotated[str | None, typer.Option("--by", help="Name to keep with the answers; default the login name.")] = None,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    display = shown(verbose=verbose)
    terminal = TerminalAsk(display)

    def ask(item: Item, sheet: Sheet) -> Answer | None:
        display.pause()
        display.say(told(item))
        return terminal(sheet)

    with opened(conf, warehouse, settings, display) as context:
        reviewed = run_review(context, ask, by or getpass.getuser(), number)
    display.say(reviewed.text())


def told(item: Item) -> str:
    """Return what is said of an item before its records: ids, weight and why it is asked."""
    question = item.question
    asked = f"{item.item_id} ({item.kind}, value {item.value:.2f}): {item.why}"
    weight = f"weight {question.match_weight:.1f}, probability {question.match_probability:.3f}"
    return f"\n{asked}\n{weight}; {' and '.join(item.customer_ids)}"
