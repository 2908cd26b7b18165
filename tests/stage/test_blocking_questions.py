"""The questions about blocking over a warehouse: figures, estimate, truth, page, and suggested rules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from tests.stage.test_match import parties_of, people

from onefold.config import Project
from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError, StageOrderError
from onefold.match.blocking import block
from onefold.match.blocking_page import blocking_page
from onefold.match.matching import keep_in_memory
from onefold.match.recall import estimated_recall
from onefold.match.settings import BlockingSettings
from onefold.run.blocking import run_blocking, run_suggest_blocking
from onefold.run.context import RunContext
from onefold.store import Warehouse

RULES: list[dict[str, Any]] = [
    {"name": "email", "keys": ["emails.value"]},
    {"name": "birth_date", "keys": ["birth_date"]},
    {"name": "names", "keys": ["given_name_key", "family_name_key"], "max_block_size": 6, "then": ["postcode"]},
    {"name": "city", "keys": ["city_key"]},
]


def context_of(spark: SparkSession, warehouse: Warehouse, rules: list[dict[str, Any]]) -> RunContext:
    blocking = BlockingSettings.model_validate({"person": {"max_block_size": 50, "rules": rules}})
    return RunContext(spark, warehouse, Project.model_construct(blocking=blocking), "r1", datetime(2026, 1, 1, tzinfo=UTC))


def test_what_rules_do_and_miss(spark: SparkSession, warehouse: Warehouse) -> None:
    warehouse.overwrite(PARTY, parties_of(spark, people(240)))
    context = context_of(spark, warehouse, RULES)
    (before,) = run_blocking(context, None, None, budget=100)
    assert 0 < before.figures.share < 1
    assert before.estimate is None
    assert "run match first" in (before.why_no_estimate or "")

    parties = warehouse.read(PARTY).where("entity_type = 'person'").persist()
    settings = context.project.blocking.person
    assert settings is not None
    write_run(warehouse, parties, block(parties, settings, keep_in_memory).pairs)
    truth = parties.selectExpr("record_id", "source_key as cluster_id")
    (answer,) = run_blocking(context, "person", truth, budget=10**6)
    figures, counted, estimate = answer.figures, answer.truth, answer.estimate
    assert (figures.entity_type, figures.records, figures.share) == ("person", 360, 1.0)
    email, birth, names, city = figures.rules
    assert (email.report.pairs, email.new, email.largest[0][1]) == (60, 60, 2)
    assert names.report.split_blocks > 0
    assert (city.report.pairs, city.report.dropped_blocks, city.report.dropped_records) == (0, 1, 360)
    assert sum(rule.new for rule in figures.rules) == figures.candidates
    assert sum(pairs for _, _, pairs in birth.spread) == birth.report.pairs
    assert counted is not None
    assert (counted.pairs, counted.by_rule[0], counted.found) == (120, 60, 120)
    assert estimate is not None
    assert estimate.recall > 0.95
    page = blocking_page("demo", [(figures, estimate, None, counted)])
    assert page.count("<svg") == 3
    assert "<script" not in page
    assert "berlin" not in page
    assert not list(Path(warehouse.root).glob("_scratch/*"))
    suggested = run_suggest_blocking(context, "person", 5_000)
    assert suggested.covered > 0.95
    assert suggested.pairs <= 5_000
    changed = context_of(spark, warehouse, [RULES[1], RULES[0]]).project.blocking.person
    assert changed is not None
    with pytest.raises(StageOrderError, match="other blocking rules"):
        estimated_recall(warehouse.read(PAIR), None, changed)
    with pytest.raises(ConfigurationError, match="no company rules"):
        run_blocking(context, "company", None, budget=1)


def write_run(warehouse: Warehouse, parties: DataFrame, pairs: DataFrame) -> None:
    """Write match/pair and match/entity_map as a run would that is always right."""
    named = parties.select("party_id", "record_id", "source_key")
    left, right = (named.toDF(*(f"{c}_{side}" for c in named.columns)) for side in "lr")
    joined = pairs.join(left, "party_id_l").join(right, "party_id_r")
    sure = F.when(F.col("source_key_l") == F.col("source_key_r"), 0.999).otherwise(0.001)
    rule = F.element_at(F.array(*(F.lit(r["name"]) for r in RULES)), F.col("rule_number") + 1)
    constant = {"entity_type": F.lit("person"), "match_weight": F.lit(1.0), "match_probability": sure, "rule": rule}
    constant["comparisons"] = F.array().cast(PAIR.schema["comparisons"].dataType)
    warehouse.overwrite(PAIR, joined.withColumns(constant))
    size = F.count("*").over(Window.partitionBy("source_key"))
    entities = named.select(
        "record_id", "party_id", F.lit("person").alias("entity_type"), F.col("source_key").alias("customer_id")
    )
    entities = named.select("*", size.alias("entity_size")).drop("source_key").join(entities, ["record_id", "party_id"])
    missing = {name: F.lit(None) for name in ("match_weight", "match_probability", "linked_record_id")}
    warehouse.overwrite(ENTITY_MAP, entities.withColumns(missing))
