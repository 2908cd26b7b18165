from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.errors import DataContractError
from onefold.match.labels import labelled_pairs

Row = tuple[str, str, str]
MakeParties = Callable[[list[dict[str, Any]]], DataFrame]


def labelled(spark: SparkSession, make_parties: MakeParties, rows: list[Row]) -> list[tuple[int, int, bool]]:
    parties = make_parties([{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "a", "source": "erp"}])
    labels = spark.createDataFrame(rows, "left_id string, right_id string, is_match string")
    found = labelled_pairs(parties, labels).orderBy("party_id_l", "party_id_r").collect()
    return [tuple(row) for row in found]


def test_labels_are_read_by_record_id_or_by_a_key_of_its_own(spark: SparkSession, make_parties: MakeParties) -> None:
    rows = [("crm:b", "crm:a", "true"), ("b", "crm:a", "1"), ("c", "erp:a", "No"), ("a", "b", "true"), ("nobody", "b", "true")]
    assert labelled(spark, make_parties, rows) == [(1, 2, True), (3, 4, False)]


def test_contradictions_are_refused(spark: SparkSession, make_parties: MakeParties) -> None:
    with pytest.raises(DataContractError, match="1 pairs are labelled both as a match and as none"):
        labelled(spark, make_parties, [("crm:a", "b", "true"), ("b", "crm:a", "false")])
    with pytest.raises(DataContractError, match="cannot be read"):
        labelled(spark, make_parties, [("crm:a", "b", "perhaps")])
    parties = make_parties([{"id": "a"}])
    with pytest.raises(DataContractError, match="lack is_match"):
        labelled_pairs(parties, spark.createDataFrame([("a", "b")], "left_id string, right_id string"))


def test_labels_that_contradict_by_way_of_others_are_told(
    spark: SparkSession, make_parties: MakeParties, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        labelled(spark, make_parties, [("crm:a", "b", "true"), ("b", "c", "true"), ("c", "crm:a", "false")])
    assert "1 pairs labelled as no match are joined by other labels" in caplog.text
