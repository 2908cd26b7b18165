"""Evaluating, estimating, labelling and explaining over the tables of one small run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.config import Project
from onefold.contracts.matching import ENTITY_MAP, LABEL, PAIR
from onefold.contracts.quality import RECORD_QUALITY
from onefold.contracts.silver import PARTY
from onefold.match.judge.asking import Sheet
from onefold.match.judge.choose import Wish
from onefold.match.settings import BlockingSettings, ComparisonSettings
from onefold.resolve.settings import ClusteringSettings
from onefold.run.context import RunContext
from onefold.run.judge import explain_entity, explain_records, run_estimate, run_evaluate
from onefold.run.label import run_label
from onefold.run.match import run_match
from onefold.run.parties import WITHHELD
from onefold.run.resolve import run_resolve
from onefold.store import Warehouse

BASE = Path(__file__).resolve().parents[2] / "conf" / "base"
FAMILIES = ("lovelace", "hopper", "turing", "noether", "curie", "meitner", "franklin", "germain")
GIVEN = ("ada", "grace", "alan", "emmy", "marie", "lise", "rosalind", "sophie", "kurt", "paul", "john", "max")


def parties(spark: SparkSession, people: int) -> DataFrame:
    """Every person in two sources, each third with another family name, each seventh without an e-mail."""
    rows = []
    for number in range(people):
        given, family = GIVEN[number % len(GIVEN)], f"{FAMILIES[number % len(FAMILIES)]}{number // 96}"
        for source in ("crm", "erp"):
            changed = source == "erp" and number % 3 == 0
            email = None if source == "erp" and number % 7 == 0 else f"{given}{number}@mail.org"
            one: dict[str, Any] = {
                "record_id": f"{source}:{number}",
                "party_id": 2 * number + (source == "erp"),
                "source": source,
                "source_key": str(number),
                "entity_type": "person",
                "given_name_key": given,
                "family_name_key": family[:-1] if changed else family,
                "full_name": f"{given} {family}",
                "birth_date": date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
                "emails": [(email, "mail.org", "free", email)] if email else [],
                "email": email,
                "batch": "b",
                "file": "f",
                "file_hash": "h",
                "row_number": number,
                "as_of": datetime(2026, 1, 1, tzinfo=UTC),
            }
            one["full_name_key"] = f"{given} {one['family_name_key']}"
            rows.append(tuple(one.get(name) for name in PARTY.column_names))
    return spark.createDataFrame(rows, PARTY.schema)


@pytest.fixture(scope="module")
def context(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    def base(name: str) -> Any:
        return yaml.safe_load((BASE / name).read_text())

    project = Project.model_construct(
        blocking=BlockingSettings.model_validate({"person": base("blocking.yml")["person"]}),
        comparisons=ComparisonSettings.model_validate(base("comparisons.yml")),
        clustering=ClusteringSettings.model_validate(base("clustering.yml")),
    )
    warehouse = Warehouse(spark, str(tmp_path_factory.mktemp("judge") / "warehouse"))
    warehouse.overwrite(PARTY, parties(spark, 150))
    made = RunContext(spark, warehouse, project, "r1", datetime(2026, 1, 1, tzinfo=UTC))
    run_match(made)
    run_resolve(made)
    return made


def test_evaluation_against_a_truth(context: RunContext) -> None:
    records = [row["record_id"] for row in context.warehouse.read(PARTY).select("record_id").collect()]
    truth = context.spark.createDataFrame([(r, r.partition(":")[2]) for r in records], "record_id string, cluster_id string")
    report = run_evaluate(context, truth.coalesce(1))
    person = report.evaluation.person
    assert person is not None
    assert person.pairwise.f1 > 0.9
    assert person.cluster_exact.f1 > 0.9
    assert report.errors is not None
    missed = person.pairs["true"] - person.pairs["found"]
    counts = report.errors.counts["person"]
    assert sum(counts[e] for e in ("missed_by_blocking", "missed_by_score", "missed_by_split")) == missed
    assert counts["false_edge"] + counts["false_bridge"] == person.pairs["predicted"] - person.pairs["right"]
    curve = report.curves["person"]
    assert curve.chosen.recall <= curve.ceiling <= 1.0
    assert "recall" in report.text()


def test_estimates_without_a_truth_then_labels_of_two_sessions(context: RunContext) -> None:
    estimate = run_estimate(context, 0.05)
    assert 0.5 < estimate.expected["person"].precision <= 1.0
    assert estimate.from_labels == {}
    assert sum(a.labels for a in estimate.plan["person"]) > 0

    def ask(sheet: Sheet) -> Any:
        if sheet.number > 14:
            return None
        question = sheet.question
        return "match" if question.record_id_l.partition(":")[2] == question.record_id_r.partition(":")[2] else "no_match"

    first = run_label(context, ask, "ann", Wish(wanted=24))
    given = sum(first.answers.values())
    assert given == min(14, first.asked) > 5
    second = run_label(context, ask, "ann", Wish(wanted=12))
    labels = context.warehouse.read(LABEL)
    stored = labels.count()
    assert stored == given + sum(second.answers.values())
    assert labels.dropDuplicates(["party_id_l", "party_id_r"]).count() == stored
    found = run_estimate(context, 0.05).from_labels["person"]
    assert 0 < found.labels <= stored
    low, high = found.intervals["precision"]
    assert low <= found.precision <= high

    left, right = (row["record_id_l"], row["record_id_r"]) if (row := labels.where("answer = 'match'").first()) else ("", "")
    again = run_label(context, lambda _: "no_match", "ben", Wish(), pair=(left, right))
    assert again.warning is not None
    assert left in again.warning
    assert f"warning: {again.warning}" in run_estimate(context, 0.05).text()


def test_explanations_as_text_and_as_pages(context: RunContext) -> None:
    pair = context.warehouse.read(PAIR).orderBy("match_weight", ascending=False).first()
    assert pair is not None
    text, page = explain_records(context, (pair["record_id_l"], pair["record_id_r"]), page=True)
    assert "match weight" in text
    assert page is not None
    assert "<svg" in page
    entity = context.warehouse.read(ENTITY_MAP).where("entity_size > 1").orderBy("customer_id").first()
    assert entity is not None
    text, page = explain_entity(context, entity["customer_id"], page=True)
    assert entity["record_id"] in text
    assert page is not None
    assert "@mail.org" in page
    assert "@mail.org" not in text
    assert explain_entity(context, entity["record_id"], page=False) == (text, None)


def test_whom_quality_withholds_is_missed_not_forgotten(context: RunContext) -> None:
    everybody = parties(context.spark, 151)
    truth = everybody.select("record_id", F.substring_index("record_id", ":", -1).alias("cluster_id")).coalesce(1)
    before = run_evaluate(context, truth).evaluation
    assert before.unmatched_truth == 2
    context.warehouse.overwrite(PARTY, everybody)
    rows = [
        ("r1", f"{source}:150", number, source, "(none)", [], ["rule"], None, [])
        for number, source in ((300, "crm"), (301, "erp"))
    ]
    context.warehouse.overwrite(RECORD_QUALITY, context.spark.createDataFrame(rows, RECORD_QUALITY.schema), note={WITHHELD: "2"})
    after = run_evaluate(context, truth).evaluation
    assert before.person is not None
    assert after.person is not None
    assert after.unmatched_truth == 0
    assert after.person.pairs["true"] == before.person.pairs["true"] + 1
    assert after.person.pairs["found"] == before.person.pairs["found"]
