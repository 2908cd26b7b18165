"""The notebooks run from top to bottom over a small warehouse, and are committed without their outputs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXECUTE = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": sys.argv[3]}}).execute()
nbformat.write(notebook, sys.argv[2])
"""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_committed_without_outputs(path: Path) -> None:
    cells = [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code"]
    assert cells
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in cells)


@pytest.mark.slow
def test_first_look_runs(demo: Any, tmp_path: Path, run_command: Callable[..., Any]) -> None:
    executed = tmp_path / "executed.ipynb"
    path = ROOT / "notebooks" / "01_first_look.ipynb"
    environment = {"ONEFOLD_WAREHOUSE": str(demo.warehouse), "PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON", sys.executable)}
    run_command(sys.executable, "-c", EXECUTE, str(path), str(executed), str(tmp_path), env=environment)
    outputs = [o for c in json.loads(executed.read_text())["cells"] if c["cell_type"] == "code" for o in c["outputs"]]
    kinds = [kind for o in outputs for kind in o.get("data", {})]
    assert sum(kind == "image/svg+xml" for kind in kinds) == 3
    assert sum(kind == "text/html" for kind in kinds) >= 3
    text = "".join("".join(o.get("text", [])) for o in outputs)
    assert "prior" in text


@pytest.mark.slow
def test_label_and_evaluate_runs(demo: Any, tmp_path: Path, run_command: Callable[..., Any]) -> None:
    executed = tmp_path / "executed.ipynb"
    path = ROOT / "notebooks" / "02_label_and_evaluate.ipynb"
    environment = {
        "ONEFOLD_WAREHOUSE": str(demo.warehouse),
        "ONEFOLD_TRUTH": str(demo.data / "truth" / "truth.csv"),
        "PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON", sys.executable),
    }
    run_command(sys.executable, "-c", EXECUTE, str(path), str(executed), str(tmp_path), env=environment)
    outputs = [o for c in json.loads(executed.read_text())["cells"] if c["cell_type"] == "code" for o in c["outputs"]]
    kinds = [kind for o in outputs for kind in o.get("data", {})]
    assert sum(kind == "image/svg+xml" for kind in kinds) == 2
    text = "".join("".join(o.get("text", [])) for o in outputs)
    assert "calibrated" in text
    assert "cluster-exact" in text
    assert "joining link" in text
