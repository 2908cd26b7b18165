"""A small run of the whole product, made once by its own commands and read by every journey."""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONF = ROOT / "conf" / "examples" / "demo"
RECORDS = 1500


@dataclass(frozen=True)
class Demo:
    """Where the small run's files are."""

    data: Path
    warehouse: Path

    def arguments(self, warehouse: Path | None = None) -> list[str]:
        """Return the options that every command of the demo takes."""
        place = ["--conf", str(CONF), "--warehouse", str(warehouse or self.warehouse), "--set", f"DATA={self.data}"]
        return [*place, "--set", "spark.generated_code=false"]


def command(
    *words: str, timeout: int = 600, env: dict[str, str] | None = None, given: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in the checkout, with what is given as its input; fail with what it said when it does not end well."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"} | (env or {})
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False, env=environment, input=given
    )
    assert done.returncode == 0, f"{' '.join(words)} ended with {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done


def _free_port() -> int:
    """Return a port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def run_command() -> Callable[..., subprocess.CompletedProcess[str]]:
    return command


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    return _free_port


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Generate a small demo and run all of it, as scripts/demo does."""
    folder = tmp_path_factory.mktemp("demo")
    made = Demo(folder / "data", folder / "warehouse")
    command(sys.executable, "scripts/generate", "--records", str(RECORDS), "--seed", "11", "--out", str(made.data))
    command("onefold", "run", *made.arguments(), "--set", "spark.generated_code=true")  # as on data of any size
    return made


@pytest.fixture(scope="session")
def truth(demo: Demo) -> dict[str, str]:
    """The generator's truth: source key to cluster."""
    with (demo.data / "truth" / "truth.csv").open(newline="") as lines:
        return {row["record_id"]: row["cluster_id"] for row in csv.DictReader(lines)}
