"""The command line: one program, a command for each stage and for each question that people ask."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

import typer

from onefold import __version__
from onefold.cli import (
    as_is,
    ask,
    blocking,
    customer_id,
    decide,
    judge,
    label,
    match_one,
    model,
    operations,
    profile,
    quality_history,
    quarantine,
    review,
    serve,
    stages,
)
from onefold.cli.display import Display
from onefold.cli.options import LogFormat
from onefold.errors import OnefoldError

__all__ = ["app", "main"]

logger = logging.getLogger(__name__)

app = typer.Typer(
    name="onefold",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Turn the raw customer exports of many systems into one trusted customer master on a lakehouse.\n\n"
    "Start with `onefold run --conf conf/examples/demo --warehouse data/demo/warehouse --set DATA=data/demo`.\n\n"
    "Exit codes: 0 done, 2 wrong configuration, 3 broken data contract, 4 another run works on the warehouse, 5 quality: an "
    "assertion does not hold, or incidents that are to fail the run, 1 anything else.",
)
stages.register(app)
judge.register(app)
label.register(app)
ask.register(app)
model.register(app)
blocking.register(app)
operations.register(app)
decide.register(app)
quarantine.register(app)
review.register(app)
customer_id.register(app)
serve.register(app)
match_one.register(app)
quality_history.register(app)
profile.register(app)
as_is.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version.")) -> None:
    """Carry the options that belong to no command."""


def main(argv: list[str] | None = None) -> None:
    """Run the program with the arguments (default: the command line's) and exit with its code.

    Raises:
        SystemExit: always; 0 done, 2 wrong configuration or usage, 3 broken data contract, 4 warehouse busy, 5 quality,
        1 anything else.
    """
    arguments = sys.argv[1:] if argv is None else argv
    try:
        code = app(args=arguments, prog_name="onefold", standalone_mode=False)
    except typer.TyperException as error:  # of typer's own copy of click, not of a click that happens to be installed
        typer.echo(f"error: {error.format_message()}\n  hint: add --help to see what there is", err=True)
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        code = 1
    except OnefoldError as error:
        wants_json = "json" in arguments or "--log-format=json" in arguments
        Display(LogFormat.JSON if wants_json else LogFormat.TEXT).error(error)
        code = error.exit_code
    except Exception as error:
        _unexpected(error, verbose="--verbose" in arguments)
        code = 1
    raise SystemExit(code or 0)


def _unexpected(error: Exception, *, verbose: bool) -> None:
    """Name the kind and the place of a failure; its message may hold customer values, so it is shown only on request."""
    if verbose:
        traceback.print_exception(error)
        return
    condition = getattr(error, "getCondition", lambda: None)()
    own = [f for f in traceback.extract_tb(error.__traceback__) if "onefold" in f.filename]
    place = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    kind = f"{type(error).__name__}{f' ({condition})' if condition else ''}"
    for note in getattr(error, "__notes__", ()):
        typer.echo(note, err=True)
    typer.echo(f"error: {kind}{place}\n  hint: run again with --verbose for the whole trace", err=True)


if __name__ == "__main__":
    main()
