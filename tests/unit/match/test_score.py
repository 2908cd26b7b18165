from __future__ import annotations

import math

import pytest
from pyspark.sql import SparkSession

from onefold.match.model import ComparisonModel, LevelModel, Model
from onefold.match.score import score


def level(number: int, label: str, weight: float) -> LevelModel:
    return LevelModel(number, label, 0.5, 0.5, weight, "em")


NAME = ComparisonModel("name", (level(0, "exact", 6.0), level(1, "near", 3.0), level(2, "else", -4.0)), {0: 8.0}, 0.5)
STREET = ComparisonModel("street", (level(0, "exact", 4.0), level(1, "else", -2.0)), {}, 0.0, "address")
TOWN = ComparisonModel("town", (level(0, "exact", 2.0), level(1, "else", -1.0)), {}, 0.0, "address")
MODEL = Model("person", -5.0, (NAME, STREET, TOWN), 3, True, 0.5)


def test_weights_add_up_with_frequency_and_group_discount(spark: SparkSession) -> None:
    rows = [
        (1, 0, 0, 0, 3),  # a rare name: 2 others of a mean of 8
        (2, 0, 0, -1, 65),  # a common one
        (3, 1, 1, 1, 65),  # near: half the adjustment
        (4, 2, 0, 0, None),
        (5, -1, -1, -1, None),
    ]
    schema = "party_id_r bigint, g0 tinyint, g1 tinyint, g2 tinyint, t0 bigint"
    levelled = spark.createDataFrame(rows, schema).selectExpr(
        "bigint(0) party_id_l",
        "party_id_r",
        "'a' record_id_l",
        "'b' record_id_r",
        "0 rule_number",
        "bigint(5) rules",
        "g0",
        "g1",
        "g2",
        "t0",
    )
    scored = {r["party_id_r"]: r for r in score(levelled, MODEL, ("email",), -3.9).collect()}
    assert {k: r["match_weight"] for k, r in scored.items()} == pytest.approx({1: -5 + 6 + 2 + 4 + 2 - 1, 2: -5 + 6 - 3 + 4})
    assert scored[1]["match_probability"] == pytest.approx(1 / (1 + 2**-8))
    assert (scored[1]["rule"], scored[1]["rules"]) == ("email", 5)
    assert [tuple(c) for c in scored[2]["comparisons"]] == [
        ("name", "exact", 6.0, -3.0),
        ("street", "exact", 4.0, 0.0),
        ("town", "missing", 0.0, 0.0),
    ]
    everything = {r["party_id_r"]: r["match_weight"] for r in score(levelled, MODEL, ("email",), -math.inf).collect()}
    assert everything[3] == pytest.approx(-5 + 3 - 1.5 - 2 - 1 + 0.5)
    assert everything[5] == pytest.approx(-5.0)
