"""The commands about blocking: what the rules do and miss, and which rules to use."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from onefold.cli.display import Display
from onefold.cli.opened import opened, read_truth_file, require_truth_file, shown
from onefold.cli.options import Conf, Settings, Verbose, WarehouseRoot
from onefold.cli.pages import Html, write_page
from onefold.match.blocking_page import blocking_page
from onefold.run.blocking import BlockingAnswer, run_blocking, run_suggest_blocking

__all__ = ["register"]


class EntityType(StrEnum):
    """What is matched."""

    PERSON = "person"
    COMPANY = "company"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "blocking", help="Show what each blocking rule makes, drops and alone finds, and estimate what all of them miss."
    )(_blocking)
    app.command("suggest-blocking", help="Propose blocking rules from the data within a budget of pairs, ready to paste.")(
        _suggest
    )


def _blocking(
    conf: Conf,
    warehouse: WarehouseRoot,
    entity_type: Annotated[EntityType | None, typer.Option("--type", help="Only this entity type.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    html: Html = None,
    truth: Annotated[
        Path | None, typer.Option("--truth", help="CSV with record_id,cluster_id or left_id,right_id: counts the real recall.")
    ] = None,
    budget: Annotated[int, typer.Option("--budget", min=1, help="Pairs made to count overlaps; above it by sample.")] = 2_000_000,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    display = shown(verbose=verbose)
    require_truth_file(truth)
    with opened(conf, warehouse, settings, display) as context:
        frame = None if truth is None else read_truth_file(context, truth)
        answers = run_blocking(context, entity_type and entity_type.value, frame, budget=budget)
    if html is not None:
        told = [(a.figures, a.estimate, a.why_no_estimate, a.truth) for a in answers]
        write_page(html, blocking_page(conf.resolve().name, told), display)
    if as_json:
        display.say(json.dumps({a.figures.entity_type: _as_dict(a) for a in answers}))
        return
    for answer in answers:
        _show(display, answer)


def _suggest(
    conf: Conf,
    warehouse: WarehouseRoot,
    entity_type: Annotated[EntityType, typer.Option("--type", help="person or company.")] = EntityType.PERSON,
    budget: Annotated[int, typer.Option("--budget", min=1_000, help="Pairs that all rules together may make.")] = 5_000_000,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the YAML alone, for a file.")] = False,
    settings: Settings = None,
    verbose: Verbose = False,
) -> None:
    display = shown(verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        found = run_suggest_blocking(context, entity_type.value, budget)
    if not as_yaml:
        rows = [
            (rule.name, report.pairs, f"{chosen.found:.1%}", f"{chosen.gain:.2%}", report.dropped_blocks)
            for rule, chosen, report in found.rules
        ]
        display.rows("suggested rules", ("rule", "pairs", "finds", "new", "dropped blocks"), rows)
    display.say(found.yaml())


def _show(display: Display, answer: BlockingAnswer) -> None:
    figures, estimate = answer.figures, answer.estimate
    about = " (estimated)" if figures.share < 1 else ""
    columns = (
        "rule",
        "pairs",
        f"new{about}",
        f"only it{about}",
        "blocks",
        "largest",
        "records",
        "split",
        "dropped",
        "in dropped",
    )
    rows = [
        (
            *(r.report.rule, r.report.pairs, r.new, r.only, r.report.blocks, r.report.largest_block, r.records),
            *(r.report.split_blocks, r.report.dropped_blocks, r.report.dropped_records),
        )
        for r in figures.rules
    ]
    display.rows(f"blocking of {figures.entity_type}", columns, rows)
    alone = f"{figures.in_no_block:,} ({figures.in_no_block / max(figures.records, 1):.1%})"
    display.say(
        f"{figures.records:,} records, {figures.candidates:,} candidate pairs{about}; in no block at all: {alone} records"
    )
    for rule in (r for r in figures.rules if r.report.dropped_blocks):
        worst = ", ".join(f"{token} with {size:,} records" for token, size in rule.largest if size > rule.cap)
        display.say(f"  {rule.report.rule} drops blocks over {rule.cap}: {worst or 'see dropped'} (keys {', '.join(rule.keys)})")
    if estimate is not None:
        low, high = estimate.interval
        display.say(
            f"blocking recall, estimated without labels: {estimate.recall:.2%} ({low:.2%} to {high:.2%} by method and sampling); "
            f"about {estimate.missed:,.0f} matches missed beside {estimate.found:,.0f} found. Too high where gaps hide a match "
            "from all rules."
        )
        for method in estimate.methods:
            display.say(f"  {method.name}: {method.recall:.2%} ± {1.96 * method.error:.2%} ({method.basis})")
    elif answer.why_no_estimate:
        display.say(answer.why_no_estimate)
    if answer.truth is not None:
        display.say(f"real blocking recall: {answer.truth.recall:.2%} of {answer.truth.pairs:,} true pairs")


def _as_dict(answer: BlockingAnswer) -> dict[str, Any]:
    found: dict[str, Any] = asdict(answer.figures)
    if answer.estimate is not None:
        low, high = answer.estimate.interval
        found["recall_estimate"] = {
            "recall": answer.estimate.recall,
            "low": low,
            "high": high,
            "missed": answer.estimate.missed,
            "methods": [asdict(method) for method in answer.estimate.methods],
        }
    found["why_no_estimate"] = answer.why_no_estimate
    found["truth"] = None if answer.truth is None else {**asdict(answer.truth), "recall": answer.truth.recall}
    return found
