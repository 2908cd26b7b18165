"""The peer benchmark's tables are the same every time and hold what they say; its quality figures are right on small graphs."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
sys.path[:0] = [str(SCRIPTS), str(SCRIPTS / "bench")]

from peers.companies import write_companies  # noqa: E402
from peers.memory import resident_mib  # noqa: E402
from peers.people import write_people  # noqa: E402
from peers.quality import best_threshold, of_clusters, of_pairs  # noqa: E402
from peers.report import printed, write_page  # noqa: E402


@pytest.mark.parametrize("write", [write_people, write_companies])
def test_tables_are_exact_repeatable_and_their_truth_is_apart(write: object, tmp_path: Path) -> None:
    assert callable(write)
    for name in ("one", "two"):
        write(3_000, tmp_path / name, 5)
    one, two = (pq.read_table(tmp_path / name / "records.parquet") for name in ("one", "two"))
    truth = pq.read_table(tmp_path / "one" / "truth.parquet")
    assert one.equals(two)
    assert one.num_rows == truth.num_rows == 3_000
    assert "entity_id" not in one.column_names
    entities = len(set(truth["entity_id"].to_pylist()))
    assert 1_000 < entities < 2_000
    assert all(0 <= column.null_count < 0.9 * len(column) for column in one.columns)


def test_birth_dates_are_dates(tmp_path: Path) -> None:
    write_people(2_000, tmp_path, 5)
    born = [b for b in pq.read_table(tmp_path / "records.parquet")["birth_date"].to_pylist() if b]
    assert np.array(born, dtype="datetime64[D]").min() > np.datetime64("1900-01-01")


def test_quality_of_pairs_and_clusters() -> None:
    truth = np.array([0, 0, 0, 1, 1, 2])
    pairs = pa.table({"unique_id_l": [0, 1, 2, 3], "unique_id_r": [1, 2, 3, 4], "match_weight": [9.0, 9.0, 2.0, 8.0]})
    assert of_pairs(pairs, 5.0, truth) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert of_pairs(pairs, 0.0, truth) == {"precision": 0.4, "recall": 1.0, "f1": 0.5714}
    assert best_threshold(pairs, truth)["f1"] == 1.0
    assert of_clusters(pa.table({"unique_id": [0, 1], "cluster_id": [7, 7]}), truth) == {
        "precision": 1.0,
        "recall": 0.25,
        "f1": 0.4,
    }


def test_the_page_gives_the_ratio_to_onefold(tmp_path: Path) -> None:
    figures = {"precision": 1.0, "recall": 1.0, "f1": 1.0, "weight": 4.0}
    common = {"kind": "people", "records": 1000, "seed": 7, "command": "peer", "date": "2026-01-01", "machine": "m"}
    rest = {"peak_mib": 2048, "cpu_seconds": 5.0, "pairs": 3, "quality": {"chosen": figures, "best": figures}}
    rows = [
        {**common, **rest, "engine": e, "seconds": {"load": 1.0, "total": t}} for e, t in (("onefold", 10.0), ("spark", 25.0))
    ]
    results = tmp_path / "results.jsonl"
    results.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "page.md").write_text("# Benchmarks\n\nOther figures.\n")
    for _ in range(2):
        write_page(results, tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text().count("Other figures.") == 1
    assert (tmp_path / "page.md").read_text().count("1,000 records of people") == 1
    assert "| Splink on Spark | 25.0 | 2.50× | 2.0 |" in (tmp_path / "page.md").read_text()
    assert "10.0 s (load 1.0)" in printed(rows[0])


def test_memory_of_this_process_is_seen() -> None:
    mib, cpu = resident_mib(os.getpid())
    assert mib > 10
    assert cpu > 0
