"""The commands that judge the matching: evaluate and explain."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.opened import opened, read_truth_file, require_truth_file, shown
from onefold.cli.options import Conf, Settings, Verbose, WarehouseRoot
from onefold.cli.pages import Html, write_page
from onefold.errors import ConfigurationError
from onefold.match.judge.evaluation_page import estimate_page, evaluation_page
from onefold.match.judge.report import Report
from onefold.run.judge import explain_entity, explain_records, run_estimate, run_evaluate

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "evaluate",
        help="Measure the entities against a truth file that the pipeline never reads; without one, estimate from the model and "
        "from labels, and plan a review.",
    )(_evaluate)
    app.command(
        "explain",
        help="Show why two source records (source:key) were matched, or not; of one customer id or record id, who hangs on whom.",
    )(_explain)


def _evaluate(
    conf: Conf,
    warehouse: WarehouseRoot,
    truth: Annotated[
        Path | None,
        typer.Option("--truth", help="CSV with record_id,cluster_id or left_id,right_id(,label); without it, estimates."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    html: Html = None,
    errors: Annotated[
        Path | None, typer.Option("--errors", help="Write a sample of the errors, as record ids by type, to this CSV file.")
    ] = None,
    margin: Annotated[
        float, typer.Option("--margin", min=0.001, max=0.5, help="Half the width of the intervals that the review plan aims at.")
    ] = 0.03,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    display = shown(verbose=verbose)
    require_truth_file(truth)
    if errors is not None and truth is None:
        raise ConfigurationError("--errors needs a truth to find errors by", hint="add --truth FILE")
    with opened(conf, warehouse, settings, display) as context:
        if truth is None:
            estimate = run_estimate(context, margin)
            said, found = estimate.text(), estimate.as_dict()
            page: str | None = estimate_page(estimate)
        else:
            frame = read_truth_file(context, truth)
            report = run_evaluate(context, frame)
            said, found = report.text(), report.as_dict()
            page = evaluation_page(report) if isinstance(report, Report) else None
            if page is None and (html is not None or errors is not None):
                raise ConfigurationError(
                    "labelled pairs have no curve and no errors by type", hint="leave out --html and --errors"
                )
            if errors is not None and isinstance(report, Report):
                _write_errors(report, errors)
    if html is not None and page is not None:
        write_page(html, page, display)
    display.say(json.dumps(found) if as_json else said)


def _explain(
    first: Annotated[str, typer.Argument(help="A source record (source:key), or a customer id.", metavar="ID")],
    conf: Conf,
    warehouse: WarehouseRoot,
    second: Annotated[str | None, typer.Argument(help="Another source record, to explain the pair.", metavar="[ID]")] = None,
    html: Html = None,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    display = shown(verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        display.progress("looking it up")
        if second is None:
            said, page = explain_entity(context, first, page=html is not None)
        else:
            said, page = explain_records(context, (first, second), page=html is not None)
    if html is not None and page is not None:
        write_page(html, page, display)
    display.say(said)


def _write_errors(report: Report, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("entity_type", "error", "record_id_l", "record_id_r", "match_weight"))
        for e in report.errors.sample if report.errors else ():
            writer.writerow(
                (e.entity_type, e.error, e.record_id_l, e.record_id_r, "" if e.match_weight is None else e.match_weight)
            )
