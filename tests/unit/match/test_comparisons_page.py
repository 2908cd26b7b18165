"""The page of comparisons is the vocabulary's own words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from onefold.match.levels import KINDS

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_says_what_the_vocabulary_says() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "describe_comparisons.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_level_has_a_row() -> None:
    lines = (ROOT / "docs" / "comparisons.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("`")[1].partition(":")[0] for line in lines if line.startswith("| `")]
    assert rows == list(KINDS)
