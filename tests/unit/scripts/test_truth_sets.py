"""The benchmark on public sets of people: every configuration loads, FEBRL is written out as it should be."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from onefold.config import load_project

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts" / "bench"))

from truthsets.febrl import write_febrl  # noqa: E402

SETS = ("febrl3", "febrl4", "historical_50k", "fake_1000", "geco_japanese", "uganda", "uganda_without_ids")


@pytest.mark.parametrize("name", SETS)
def test_every_set_has_a_configuration_that_loads(name: str) -> None:
    project = load_project(ROOT / "conf" / "examples" / name, ["DATA=/nowhere"])
    assert project.blocking.person is not None
    assert project.comparisons.person
    declared = {key for source in project.sources if source.party for key in source.party.attributes}
    assert not declared & {"soc_sec_id", "cluster_id"}


def test_the_second_uganda_differs_in_its_numbers_only() -> None:
    with_ids, without = (load_project(ROOT / "conf" / "examples" / n, ["DATA=/nowhere"]) for n in SETS[-2:])
    named = [{c.name for c in p.comparisons.person or ()} for p in (with_ids, without)]
    assert named[0] - named[1] == {"national_number", "treatment_number"}
    assert named[1] < named[0]


def test_febrl_comes_with_its_truth(tmp_path: Path) -> None:
    truth = write_febrl(tmp_path / "raw", ("dataset3.csv",), tmp_path / "truth.csv")
    with truth.open(newline="") as lines:
        clusters = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(lines)}
    with (tmp_path / "raw" / "dataset3.csv").open(newline="") as lines:
        records = list(csv.DictReader(lines))
    assert len(records) == len(clusters) == 5_000
    assert all(value == value.strip() for record in records for value in record.values())
    assert {record["rec_id"] for record in records} == set(clusters)
