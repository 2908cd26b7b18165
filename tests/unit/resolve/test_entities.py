from __future__ import annotations

import hashlib

import pytest
from pyspark.sql import DataFrame, Row, SparkSession

from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.resolve import ClusteringSettings, choose_thresholds, entity_map, first_ids, joining_pairs, lay_entities
from onefold.resolve.identity import assign_ids

SETTINGS = ClusteringSettings.model_validate(
    {"person": {"threshold": 0.5}, "company": {"threshold_weight": 8.0}, "splitting": {"enabled": False}}
)

PAIRS = [  # entity_type, l, r, weight
    ("person", 1, 2, 5.0),
    ("person", 2, 3, 5.0),  # as heavy as the one before: the smaller record id is the link of 2
    ("person", 3, 4, 0.0),  # exactly on the threshold
    ("person", 4, 5, -0.1),
    ("company", 6, 7, 7.9),
    ("company", 7, 8, 8.0),
]


def _id(letter: str, founder: str) -> str:
    return letter + hashlib.sha256(founder.encode()).hexdigest()[:16]


@pytest.fixture(scope="module")
def edges(spark: SparkSession) -> DataFrame:
    rows = [(t, left, right, f"s:{left}", f"s:{right}", "rule", 1, w, 0.9, []) for t, left, right, w in PAIRS]
    scored = spark.createDataFrame(rows, PAIR.schema)
    return joining_pairs(scored, choose_thresholds(scored, SETTINGS))


@pytest.fixture(scope="module")
def found(spark: SparkSession, edges: DataFrame) -> dict[str, Row]:
    kinds = {n: "person" if n < 6 else "company" for n in range(1, 9)}
    parties = spark.createDataFrame(
        [(f"s:{n}", n, kind) for n, kind in kinds.items()], "record_id string, party_id bigint, entity_type string"
    )
    # entity numbers say nothing: ids come from the founding record
    entities = [(1, 4), (2, 4), (3, 4), (4, 4), (7, -5), (8, -5)]
    members = spark.createDataFrame(
        [(n, f"s:{n}", kinds[n], entity) for n, entity in entities],
        "party_id bigint, record_id string, entity_type string, entity bigint",
    )
    mapped = entity_map(first_ids(lay_entities(parties, assign_ids(members), edges, None)).identified)
    assert mapped.columns == list(ENTITY_MAP.column_names)
    return {row.record_id: row for row in mapped.collect()}


def test_thresholds_are_per_entity_type_and_inclusive(edges: DataFrame) -> None:
    assert {(row.party_id_l, row.party_id_r) for row in edges.collect()} == {(1, 2), (2, 3), (3, 4), (7, 8)}


def test_id_comes_from_the_smallest_record(found: dict[str, Row]) -> None:
    assert len(found) == 8
    assert {found[f"s:{n}"].customer_id for n in (1, 2, 3, 4)} == {_id("P", "s:1")}
    assert {found[f"s:{n}"].customer_id for n in (7, 8)} == {_id("C", "s:7")}


def test_record_without_link_stands_alone(found: dict[str, Row]) -> None:
    row = found["s:6"]

    assert (row.customer_id, row.entity_size, row.match_weight, row.linked_record_id) == (_id("C", "s:6"), 1, None, None)


def test_an_entity_has_one_type(spark: SparkSession) -> None:
    rows = [("s:1", "person", 1), ("s:2", "company", 1), ("s:3", "company", 1)]
    members = assign_ids(spark.createDataFrame(rows, "record_id string, entity_type string, entity bigint"))

    assert {(r.record_id, r.founding_record, r.entity_size) for r in members.collect()} == {
        ("s:1", "s:1", 1), ("s:2", "s:2", 2), ("s:3", "s:2", 2),
    }  # fmt: skip


def test_strongest_link_is_kept(found: dict[str, Row]) -> None:
    assert (found["s:2"].linked_record_id, found["s:2"].match_weight, found["s:2"].entity_size) == ("s:1", 5.0, 4)
    assert (found["s:4"].linked_record_id, found["s:4"].match_weight) == ("s:3", 0.0)
