from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.contracts.matching import LABEL
from onefold.match.judge.labels import Judgement, find_contradictions, labelled_pairs, settle

Row = tuple[str, str, str, str, int]


def labels(spark: SparkSession, rows: list[Row]) -> DataFrame:
    def row(left: str, right: str, answer: str, who: str, minute: int) -> tuple[Any, ...]:
        known = {
            "entity_type": "person",
            "party_id_l": ord(left[-1]),
            "party_id_r": ord(right[-1]),
            "record_id_l": left,
            "record_id_r": right,
            "answer": answer,
            "labelled_by": who,
            "labelled_at": datetime(2026, 1, 1, 12, minute, tzinfo=UTC),
        }
        return tuple(known.get(name) for name in LABEL.column_names)

    return spark.createDataFrame([row(*each) for each in rows], LABEL.schema)


def test_a_chain_of_matches_whose_ends_are_told_apart_contradicts() -> None:
    said = [Judgement("a", "b", True), Judgement("c", "b", True), Judgement("c", "d", True), Judgement("a", "d", False)]
    [found] = find_contradictions(said)
    assert found.records == ("a", "b", "c", "d")
    assert found.pairs == {("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")}
    assert "a = b = c = d" in found.text()
    assert find_contradictions(said[:3]) == ()
    assert find_contradictions([*said[:2], said[3]]) == ()


def test_every_way_around_is_found() -> None:
    square = [("a", "b"), ("b", "d"), ("a", "c"), ("c", "d")]
    found = find_contradictions([*(Judgement(*pair, True) for pair in square), Judgement("a", "d", False)])
    assert [c.records for c in found] == [("a", "b", "d"), ("a", "c", "d")]


def test_usable_answers_are_handed_to_training_and_the_others_named(
    spark: SparkSession, caplog: pytest.LogCaptureFixture
) -> None:
    rows: list[Row] = [
        ("crm:a", "crm:b", "match", "ann", 1),
        ("crm:b", "crm:c", "match", "ann", 2),
        ("crm:a", "crm:c", "no_match", "ann", 3),
        ("crm:d", "crm:e", "no_match", "ann", 4),
        ("crm:d", "crm:e", "match", "ann", 5),  # put right by the same person
        ("crm:f", "crm:g", "match", "ann", 6),
        ("crm:f", "crm:g", "no_match", "ben", 7),
        ("crm:h", "crm:i", "unsure", "ann", 8),
        ("crm:k", "crm:l", "no_match", "ann", 9),
        ("crm:k", "crm:l", "no_match", "ben", 9),
    ]
    with caplog.at_level(logging.WARNING):
        found = labelled_pairs(labels(spark, rows)).toPandas().sort_values("party_id_l")
    assert found.to_dict("list") == {
        "party_id_l": [ord("d"), ord("k")],
        "party_id_r": [ord("e"), ord("l")],
        "is_match": [True, False],
    }
    [record] = caplog.records
    said = record.getMessage()
    assert "2 contradictions" in said
    assert "4 pairs left out" in said
    assert "crm:f and crm:g were answered both ways" in said
    assert "crm:a = crm:b = crm:c" in said
    assert "--pair" in said


def test_no_answers_are_no_pairs(spark: SparkSession) -> None:
    assert settle(labels(spark, [])).warning() is None
    assert labelled_pairs(labels(spark, [])).count() == 0
