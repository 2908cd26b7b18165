"""The rules that ship find the defects that are put into clean records, and little else; the truth stays apart."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
sys.path[:0] = [str(SCRIPTS), str(SCRIPTS / "bench")]

from seeded.clean import COLUMNS, clean_records  # noqa: E402
from seeded.defects import DEFECTS, SILVER, TARGETS, seed_defects  # noqa: E402
from seeded.judge import Score, failed_rules, scores, shipped_rules, silver  # noqa: E402

SIZE = 1_500


def test_records_and_defects_are_the_same_for_the_same_seed() -> None:
    one, two = (clean_records(SIZE, 3) for _ in range(2))
    assert one == two
    assert seed_defects(one, 0.01, 4) == seed_defects(two, 0.01, 4)
    assert one == two


def test_each_defect_is_in_its_share_of_the_records_and_in_no_other() -> None:
    clean, records = clean_records(SIZE, 3), clean_records(SIZE, 3)
    truth, later = seed_defects(records, 0.01, 4)
    changed = {new["id"] for old, new in zip(clean, records, strict=True) if old != new}
    raw = {key for key, (defect, _) in truth.items() if defect not in SILVER}
    assert changed == raw
    assert set(later) == truth.keys() - raw
    assert len(DEFECTS) + len(SILVER) >= 30
    counts = [sum(defect == d.name for defect, _ in truth.values()) for d in DEFECTS]
    assert all(count == round(0.01 * SIZE) for count in counts)
    assert not {"defect", "truth"} & set(COLUMNS)


@pytest.fixture(scope="module")
def judged(spark: SparkSession) -> list[Score]:
    records = clean_records(SIZE, 3)
    truth, later = seed_defects(records, 0.01, 4)
    rules = [rule for rule in shipped_rules() if rule.id in TARGETS]
    return scores(failed_rules(silver(spark, records, later), rules), truth, TARGETS)


def test_every_rule_finds_its_defects_and_nothing_else(judged: list[Score]) -> None:
    low = {s.rule: (s.recall, s.precision) for s in judged if s.recall < 0.99 or s.precision < 0.99}
    assert low == {}
    assert all(s.seeded > 0 for s in judged)
