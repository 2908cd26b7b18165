"""The commands that run stages: `run` for all of them, and one for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.display import Display
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, Wait, WarehouseRoot
from onefold.config import load_project
from onefold.errors import OnefoldError
from onefold.logs import configure_logging
from onefold.run.conductor import STAGES, new_context, run_stages
from onefold.run.context import Fresh
from onefold.store import open_session

__all__ = ["execute", "register"]

_HELP = {
    "ingest": "Read new raw files into bronze, as they came, with lineage; malformed rows go to quarantine.",
    "cleanse": "Standardise bronze into silver: one canonical model of people and companies.",
    "quality": "Measure every rule, give every record its reasons and class, withhold what a blocking rule refuses.",
    "match": "Compare what the feed touched, by the model kept; at first, and when it is due, train it and compare everything.",
    "resolve": "Cluster the pairs above the threshold into entities, and split what joins too much.",
    "publish": "Make golden records, the crosswalk and the other gold tables.",
    "index": "Make the index by which `onefold match-one` finds the customers that a single prospect may be.",
}


Accept = Annotated[
    list[str] | None,
    typer.Option("--accept", help="Source whose snapshot is taken although it has shrunk a lot. May be repeated."),
]

Rebuild = Annotated[
    bool, typer.Option("--rebuild", help="Compare everything again, by the model kept, instead of what the feed touched.")
]
Train = Annotated[bool, typer.Option("--train", help="Train the model anew and compare everything by it.")]


@dataclass(frozen=True)
class _Wishes:
    """What the caller asks of the run beyond its stages."""

    wait: float = 0.0
    accept: tuple[str, ...] = ()
    fresh: Fresh = "increment"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("run", help="Run the pipeline on what is new: raw → bronze → silver → pairs → entities → gold.")(_run)
    for name, text in _HELP.items():
        app.command(name, help=text)(_stage_command(name))


def _run(
    conf: Conf,
    warehouse: WarehouseRoot,
    stages: str = typer.Option(",".join(STAGES), help="Stages to run, separated by commas; always in pipeline order."),
    accept: Accept = None,
    rebuild: Rebuild = False,
    train: Train = False,
    wait: Wait = 0.0,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> int:
    configure_logging(json_lines=log_format is LogFormat.JSON, verbose=verbose)
    named = [s.strip() for s in stages.split(",") if s.strip()]
    return execute(
        conf, warehouse, named, settings or [], log_format, wishes=_Wishes(wait, tuple(accept or ()), _fresh(rebuild, train))
    )


def _fresh(rebuild: bool, train: bool) -> Fresh:
    return "train" if train else "rebuild" if rebuild else "increment"


def _stage_command(name: str):  # type: ignore[no-untyped-def]
    def command(
        conf: Conf,
        warehouse: WarehouseRoot,
        accept: Accept = None,
        rebuild: Rebuild = False,
        train: Train = False,
        wait: Wait = 0.0,
        settings: Settings = None,
        log_format: LogFormatOption = LogFormat.TEXT,
        verbose: Verbose = False,
    ) -> int:
        configure_logging(json_lines=log_format is LogFormat.JSON, verbose=verbose)
        return execute(
            conf, warehouse, [name], settings or [], log_format, wishes=_Wishes(wait, tuple(accept or ()), _fresh(rebuild, train))
        )

    return command


def execute(
    conf: Path,
    warehouse: str,
    stages: Sequence[str],
    settings: Sequence[str],
    log_format: LogFormat,
    *,
    wishes: _Wishes | None = None,
    wait: float = 0.0,
) -> int:
    """Run stages and show what they did; return the exit code (that of the worst failure, 0 when all went well)."""
    wishes = wishes or _Wishes(wait)
    project = load_project(conf, settings)
    with Display(log_format) as display:
        display.progress("starting Spark")
        spark = open_session(project.spark)
        try:
            made = new_context(spark, warehouse, project, display.progress)
            context = replace(made, wait_seconds=wishes.wait, accept=frozenset(wishes.accept), fresh=wishes.fresh)
            reports = run_stages(context, stages)
        finally:
            display.progress("stopping Spark")
            spark.stop()
    failures = [f for r in reports for f in r.failures]
    advice = [] if failures or "publish" not in stages else _advice(conf, warehouse)
    display.stages(context.run_id, reports, advice)
    codes = [f.exit_code if isinstance(f, OnefoldError) else 1 for f in failures]
    return max(codes, default=0)


def _advice(conf: Path, warehouse: str) -> list[str]:
    where = f"--conf {conf} --warehouse {warehouse}"
    return [
        "What next:",
        f"  how right is it?       onefold evaluate {where} --truth FILE",
        f"  why are two the same?  onefold explain ID ID {where}",
        f"  what broke, and whose? onefold dashboard {where} --html FILE",
        f"  a campaign:            onefold audience NAME {where}",
        f"  SQL over gold:         scripts/serve-sql --warehouse {warehouse}",
    ]
