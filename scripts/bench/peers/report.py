"""What is printed after each run, and the page that keeps the figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["printed", "write_page"]

_NAMES = {"onefold": "onefold", "duckdb": "Splink on DuckDB", "spark": "Splink on Spark"}
_START, _END = "<!-- scripts/bench/peer writes from here -->", "<!-- to here -->"
_HEAD = """## Beside Splink on generated tables

Written by `scripts/bench/peer`: edit the harness, not these figures. onefold and Splink 5.0.0 read the same generated Parquet
table on the same machine, each in a process of its own, one after the other. Sizes are records; people have 2.2 records each
on average, companies 2.0. The tables come from `scripts/bench/peers/people.py` and `companies.py` (seeded: names in their real
frequencies, slips, gaps, moves, marriages, twins, households; groups of companies); their truth is in another file that only
the quality check reads.

**Counted**: from the start of the process (imports and the start of Spark included) to written clusters: reading the table,
training, all candidate pairs, scores, clusters. onefold's *load* writes the columns as silver/party, since they are
standardised already; cleansing is no part of it, as it is none of Splink's. **Peak** is the greatest sum of resident memory
over the process tree. **F1** is pairwise over clusters: *as run* at each engine's own threshold (onefold's configuration,
Splink at probability 0.95), *best* at the threshold that truth would choose, with connected components for both.

Splink runs its demonstrations' model for people (`peers/splink_run.py`): names with term frequencies, date of birth, e-mail,
telephone, postcode; nine blocking rules; u from five million random pairs, three EM sessions; predictions from weight -5.
"""


def printed(result: dict[str, Any]) -> str:
    """Return the result as one line for people."""
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in result["seconds"].items() if name != "total")
    quality = result["quality"]
    return (
        f"{result['kind']} {result['records']:,} {_NAMES[result['engine']]}: {result['seconds']['total']:.1f} s ({steps}), "
        f"peak {result['peak_mib'] / 1024:.1f} GiB, F1 {quality['chosen']['f1']:.4f} as run, {quality['best']['f1']:.4f} best "
        f"(weight {quality['best']['weight']:g})"
    )


def write_page(results: Path, page: Path) -> None:
    """Write every kept result between the page's two marks; what stands around them stays."""
    rows = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    rows = [r for r in rows if "engine" in r]  # others keep their figures beside
    parts = [_HEAD]
    for kind, records in dict.fromkeys((r["kind"], r["records"]) for r in rows):
        parts.append(_section([r for r in rows if (r["kind"], r["records"]) == (kind, records)]))
    written = f"{_START}\n" + "\n".join(parts) + f"{_END}\n"
    before, mark, rest = (page.read_text() if page.exists() else "# Benchmarks\n\n").partition(f"{_START}\n")
    after = rest.partition(f"{_END}\n")[2] if mark else ""
    page.write_text(before + written + after)


def _section(rows: list[dict[str, Any]]) -> str:
    own = next((r for r in rows if r["engine"] == "onefold"), None)
    lines = [
        f"### {rows[0]['records']:,} records of {rows[0]['kind']}",
        "",
        "| | seconds | onefold is faster by | peak GiB | CPU s | pairs stored | F1 as run | F1 best | P / R at best |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        ratio = "" if own is None or r is own else f"{r['seconds']['total'] / own['seconds']['total']:.2f}×"
        q, best = r["quality"], r["quality"]["best"]
        cells = [_NAMES[r["engine"]], f"{r['seconds']['total']:.1f}", ratio, f"{r['peak_mib'] / 1024:.1f}"]
        cells += [f"{r['cpu_seconds']:.0f}", f"{r['pairs']:,}", f"{q['chosen']['f1']:.4f}", f"{best['f1']:.4f}"]
        cells.append(f"{best['precision']:.3f} / {best['recall']:.3f}")
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Seconds of each step:", ""]
    for r in rows:
        steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in r["seconds"].items() if name != "total")
        lines.append(f"- {_NAMES[r['engine']]}: {steps} (`{r['command']}`, {r['date']}, {r['machine']})")
    return "\n".join([*lines, ""])
