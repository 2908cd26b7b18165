"""The commands that show quality over time: incidents, gaps, dashboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, WarehouseRoot
from onefold.cli.pages import write_page
from onefold.quality.alarm import Incident
from onefold.quality.dashboard import GapLine, dashboard_page
from onefold.run.quality_dashboard import dashboard_of, gaps_of
from onefold.run.quality_history import incidents_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("incidents", help="List what broke: changes of quality beyond what their history explains, with their owners.")(
        _incidents
    )
    app.command("gaps", help="List each attribute's distance from its target, what it costs and what to do.")(_gaps)
    app.command("dashboard", help="Write the quality dashboard: one HTML file that opens anywhere, without a server.")(_dashboard)


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
OfOwner = Annotated[str | None, typer.Option("--owner", help="Only what this owner answers for.")]


def _incidents(
    conf: Conf,
    warehouse: WarehouseRoot,
    closed: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
    owner: OfOwner = None,
    as_json: AsJson = False,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        display.progress("reading the incidents")
        found = [one for one in incidents_of(context, closed=closed) if owner in (None, one.owner)]
    if as_json:
        display.say(json.dumps({"incidents": [one.as_dict() for one in found]}))
        return
    heads = ("incident", "kind", "severity", "owner", "opened (UTC)", "closed (UTC)", "what")
    display.rows("incidents" if closed else "open incidents", heads, [_incident_row(one) for one in found])
    if not found and not display.json:
        display.say("none: every measure is within what its history explains (judged from the seventh day on)")


def _incident_row(one: Incident) -> tuple[object, ...]:
    closed = "" if one.closed_at is None else f"{one.closed_at:%Y-%m-%d %H:%M}"
    return one.incident_id, one.kind, one.severity, one.owner, f"{one.opened_at:%Y-%m-%d %H:%M}", closed, one.message


def _gaps(
    conf: Conf,
    warehouse: WarehouseRoot,
    owner: OfOwner = None,
    dimensions: Annotated[bool, typer.Option("--dimensions", help="A row for each dimension of an attribute.")] = False,
    as_json: AsJson = False,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        display.progress("reading the gaps")
        found = [one for one in gaps_of(context, dimensions=dimensions) if owner in (None, one.owner)]
        currency = context.project.quality.costs.currency
    if as_json:
        display.say(json.dumps({"gaps": [vars(one) for one in found], "currency": currency}))
        return
    heads = ("attribute", "owner", "score", "target", "distance", "failures", f"cost, {currency}", "what to do first")
    display.rows("distance from the targets", heads, [_gap_row(one) for one in found])


def _gap_row(one: GapLine) -> tuple[object, ...]:
    share = ["" if value is None else f"{value:.2%}" for value in (one.score, one.target, one.distance)]
    cost = "" if one.cost is None else f"{one.cost:,.0f}"
    return one.attribute, one.owner, *share, one.failing, cost, one.actions[0] if one.actions else ""


def _dashboard(
    conf: Conf,
    warehouse: WarehouseRoot,
    html: Annotated[Path, typer.Option("--html", help="File to write.")],
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    display = shown(verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        display.progress("reading the measures")
        page = dashboard_page(dashboard_of(context))
    write_page(html, page, display)
