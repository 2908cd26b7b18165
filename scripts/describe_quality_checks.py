"""Writes the catalogue of checks into docs/quality-rules.md from the code, so that the page cannot fall behind it.

Usage: python scripts/describe_quality_checks.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

from onefold.quality.catalogue import CHECKS, Check

PAGE = Path(__file__).resolve().parent.parent / "docs" / "quality-rules.md"
BEGIN, END = "<!-- checks: written by scripts/describe_quality_checks.py -->\n", "<!-- end of checks -->\n"


def page() -> str:
    """Return the whole page with the catalogue in its place."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    lines = ["| check | level | passes where | missing value | parameters |", "|---|---|---|---|---|"]
    return before + BEGIN + "\n".join([*lines, *(row(check) for check in CHECKS.values())]) + "\n" + END + after


def row(check: Check) -> str:
    """Return a check's line of the table."""
    parameters = "; ".join(
        f"`{name}`: {field.description}" if field.is_required() else f"[`{name}`]: {field.description}"
        for name, field in check.params.model_fields.items()
    )
    cells = (f"`{check.name}`", check.level, check.about, check.null, parameters)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == page() else f"{PAGE.name} is out of date; run without --check")
    PAGE.write_text(page(), encoding="utf-8")
