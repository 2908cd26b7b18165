from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.contracts.gold import CUSTOMER_INTERACTION, CUSTOMER_XREF, MATCH_PAIR
from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.contracts.silver import INTERACTION
from onefold.publish import crosswalk, customer_interactions, match_pairs

Frames = Callable[..., DataFrame]


def party(record_id: str, **values: Any) -> dict[str, Any]:
    return {"record_id": record_id, **values}


@pytest.fixture(scope="module")
def mapped(spark: SparkSession) -> DataFrame:
    rows = [
        ("crm:1", 1, "person", "P1", 2, 9.5, 0.99, "web:1"),
        ("web:1", 2, "person", "P1", 2, 9.5, 0.99, "crm:1"),
        ("crm:2", 3, "person", "P2", 1, None, None, None),
    ]
    return spark.createDataFrame(rows, ENTITY_MAP.schema)


def test_every_record_is_in_the_crosswalk(parties: Frames, mapped: DataFrame) -> None:
    found = crosswalk(parties([party("crm:1"), party("web:1"), party("crm:2")]), mapped, run_id="r")

    assert found.columns == list(CUSTOMER_XREF.column_names)
    assert sorted(tuple(row) for row in found.collect()) == [
        ("crm:1", "crm", "1", "P1", "person", 9.5, 0.99, "web:1", "r"),
        ("crm:2", "crm", "2", "P2", "person", None, None, None, "r"),
        ("web:1", "web", "1", "P1", "person", 9.5, 0.99, "crm:1", "r"),
    ]


def test_pairs_tell_whether_they_ended_in_one_customer(spark: SparkSession, mapped: DataFrame) -> None:
    pairs = [
        ("person", 1, 2, "crm:1", "web:1", "email", 1, 9.5, 0.99, []),
        ("person", 1, 3, "crm:1", "crm:2", "name", 1, -2.0, 0.2, []),
    ]

    found = match_pairs(spark.createDataFrame(pairs, PAIR.schema), mapped, run_id="r")

    assert found.columns == list(MATCH_PAIR.column_names)
    assert {(r.customer_id_l, r.customer_id_r, r.same_customer) for r in found.collect()} == {
        ("P1", "P1", True),
        ("P1", "P2", False),
    }


def test_interactions_of_unknown_records_stay_without_a_customer(spark: SparkSession, mapped: DataFrame) -> None:
    when = datetime(2026, 1, 1)
    rows = [
        (f"mail:{n}", record, "mail", str(n), "email", "sent", "outbound", None, when, None, "b", "f", "h", n)
        for n, record in enumerate(["web:1", "gone:1"])
    ]

    found = customer_interactions(spark.createDataFrame(rows, INTERACTION.schema), mapped, run_id="r")

    assert found.columns == list(CUSTOMER_INTERACTION.column_names)
    assert {(r.interaction_id, r.customer_id) for r in found.collect()} == {("mail:0", "P1"), ("mail:1", None)}
