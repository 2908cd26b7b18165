"""The command line of the generator."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from generator.plan import Request
from generator.produce import produce

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, produce the exports, print what was written; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="generate", description="Write sample exports of eight systems, with the truth beside them."
    )
    parser.add_argument("--records", type=int, default=60_000, help="party records in total, default 60000")
    parser.add_argument("--seed", type=int, default=7, help="same seed, same output; default 7")
    parser.add_argument("--out", type=Path, required=True, help="folder to write raw/ and truth/ into")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, default=date(2026, 11, 20), help="day of the exports, default 2026-11-20"
    )
    given = parser.parse_args(arguments)
    if given.records < 100:
        parser.error(f"--records must be at least 100, found {given.records}")
    started = time.perf_counter()
    try:
        summary = produce(Request(given.out, given.records, given.seed, given.as_of))
    except FileExistsError as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    for source, rows in summary["rows"].items():
        print(f"{source:20} {rows:>10,} rows")
    print(f"written to {given.out} in {time.perf_counter() - started:.1f} s")
    return 0
