"""The command that draws the as-is map."""

from __future__ import annotations

from typing import Annotated

import typer

from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, WarehouseRoot
from onefold.cli.pages import Html, write_page
from onefold.contracts.silver import PARTY
from onefold.profile.as_is import AsIs
from onefold.profile.as_is_page import as_is_page
from onefold.run.as_is import keep_as_is, run_as_is
from onefold.run.profile import party_overlaps

__all__ = ["register"]

_COLUMNS = ("attribute", "system", "made from", "filled", "golden", "differ", "most with", "owner", "used by")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "as-is",
        help="Map which system holds which attribute: how full, how fresh, whose, who uses it, where systems disagree.",
    )(_as_is)


def _as_is(
    conf: Conf,
    warehouse: WarehouseRoot,
    html: Html = None,
    keep: Annotated[bool, typer.Option("--keep/--no-keep", help="Whether the map is kept in quality/as_is.")] = True,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        rows = run_as_is(context)
        if keep:
            keep_as_is(context, rows)
        overlaps = party_overlaps(context) if html is not None and context.warehouse.exists(PARTY) else []
    by_attribute = sorted(rows, key=lambda row: (row.attribute, row.source))
    display.rows("as-is map", _COLUMNS, [_line(row) for row in by_attribute])
    if html is not None:
        write_page(html, as_is_page(rows, overlaps), display)


def _line(row: AsIs) -> tuple[object, ...]:
    conflict = row.conflict
    differ = "" if conflict is None or not conflict.compared else f"{conflict.conflicting / conflict.compared:.1%}"
    return (
        row.attribute,
        row.source,
        ", ".join(row.raw_columns) or "derived",
        "" if row.filled_share is None else f"{row.filled_share:.1%}",
        "" if row.golden_share is None else f"{row.golden_share:.1%}",
        differ,
        (conflict.most_with or "") if conflict and conflict.conflicting else "",
        row.owner,
        len(row.uses),
    )
