"""The configuration page is the models' own words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_says_what_the_models_say() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "describe_configuration.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
