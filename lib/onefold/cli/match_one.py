"""The command that holds one prospect against all customers: `onefold match-one`, without a Spark session."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from onefold.catch import Answer, CatchIndex, ProspectError
from onefold.cli.display import Display
from onefold.cli.options import LogFormat, LogFormatOption, Settings, Verbose, WarehouseRoot
from onefold.config import load_project
from onefold.errors import MissingInputError
from onefold.logs import configure_logging

__all__ = ["register"]

_HELP = """Tell which customers a prospect may be, in milliseconds: by the index that each run makes, without Spark.

The prospect is a JSON object of canonical attributes: full_name, or given_name and family_name; birth_date; email or emails;
phone or phones; street, house_number, postcode, city or full (a whole address), country; company_name, duns, vat,
registration_number; entity_type.

Example: echo '{"full_name": "Anna Bauer", "email": "anna@bauer.de"}' |
onefold match-one --warehouse data/demo/warehouse --prospect -
"""
_BAR = 24


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("match-one", help=_HELP)(_match_one)


def _match_one(
    warehouse: WarehouseRoot,
    prospect: Annotated[str, typer.Option("--prospect", help="JSON file of the prospect; - reads standard input.")],
    conf: Annotated[
        Path | None, typer.Option("--conf", help="Configuration folder, where catch.folder names another place.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="Most customers to show.")] = 5,
    least: Annotated[float, typer.Option("--least", min=0, max=1, help="Least match probability.")] = 0.1,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    configure_logging(json_lines=log_format is LogFormat.JSON, verbose=verbose)
    folder = load_project(conf, settings or []).catch.folder if conf else None
    asked = _read(prospect)
    index = CatchIndex.open(warehouse, folder=folder)
    answers = index.match(asked, top=top, least=least)
    if log_format is LogFormat.JSON:
        for answer in answers:
            typer.echo(json.dumps({"event": "answer", **answer.to_dict()}))
        typer.echo(json.dumps({"event": "match_one", "customers": len(answers), "run_id": index.run_id}))
        return
    _show(Display(log_format), index, answers, least)


def _read(place: str) -> Any:
    """Return the JSON of a file or of standard input.

    Raises:
        MissingInputError: when the file is not there.
        ProspectError: when it is no JSON; its text is not repeated.
    """
    if place != "-" and not Path(place).is_file():
        raise MissingInputError(f"the prospect file {place} is not there", hint="give a JSON file, or - for standard input")
    text = sys.stdin.read() if place == "-" else Path(place).read_text(encoding="utf-8")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ProspectError(f"the prospect is not JSON ({where})", hint='e.g. {"full_name": "...", "email": "..."}') from None


def _show(display: Display, index: CatchIndex, answers: list[Answer], least: float) -> None:
    if not answers:
        display.say(f"No customer of run {index.run_id} is this prospect with a probability of {least:g} or more.")
    else:
        columns = ("customer", "nearest record", "weight", "probability", "says", "records", "found by")
        rows = [
            (
                a.customer_id,
                a.record_id,
                round(a.match_weight, 2),
                round(a.match_probability, 4),
                _says(a),
                a.records,
                ", ".join(a.rules),
            )
            for a in answers
        ]
        display.rows(f"customers of run {index.run_id} that the prospect may be", columns, rows)
        display.say(_waterfall(answers[0]))
    for kind, names in index.not_compared.items():
        display.say(f"Not compared here ({kind}), and so without weight: {', '.join(names)}")


def _says(answer: Answer) -> str:
    return "is" if answer.match_probability >= 0.99 else "may be" if answer.match_probability >= 0.5 else "hardly"


def _waterfall(answer: Answer) -> str:
    """Return the comparisons of an answer with their weights as bars, and what they come to."""
    parts = [(c.name, c.level, c.weight + c.tf_weight) for c in answer.comparisons]
    widest = max(len(name) for name, _, _ in parts)
    longest = max(len(level) for _, level, _ in parts)
    scale = _BAR / max(1.0, *(abs(weight) for _, _, weight in parts))
    lines = [f"Why {answer.record_id}: weights of the comparisons (log2), the rarity of the values included"]
    for name, level, weight in parts:
        bar = ("+" if weight >= 0 else "-") * round(abs(weight) * scale)
        lines.append(f"  {name:<{widest}}  {level:<{longest}}  {weight:>7.2f}  {bar}")
    rest = answer.match_weight - sum(weight for _, _, weight in parts)
    lines.append(f"  {'prior, groups, kinship':<{widest + longest + 2}}  {rest:>7.2f}")
    lines.append(f"  {'match weight':<{widest + longest + 2}}  {answer.match_weight:>7.2f}")
    return "\n".join(lines)
