from __future__ import annotations

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.errors import DataContractError
from onefold.match.labelled_truth import evaluate_labelled, is_labelled

MAP = [
    ("a:1", "1", "person", "p1"),
    ("b:2", "2", "person", "p1"),
    ("a:3", "3", "person", "p2"),
    ("b:4", "4", "person", "p3"),
    ("a:5", "5", "company", "c1"),
    ("b:6", "6", "company", "c1"),
    ("b:1", "1", "company", "c1"),
]


@pytest.fixture(scope="module")
def entities(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(MAP, "record_id string, source_key string, entity_type string, customer_id string")


def labelled(spark: SparkSession, rows: list[tuple[str, str, str]]) -> DataFrame:
    return spark.createDataFrame(rows, "left_id string, right_id string, label string")


def test_only_labelled_pairs_are_judged(entities: DataFrame, spark: SparkSession) -> None:
    truth = [("a:1", "2", "1"), ("3", "4", "yes"), ("4", "3", "true"), ("a:1", "4", "0"), ("5", "6", "no"), ("5", "x", "1")]
    assert is_labelled(labelled(spark, truth))
    result = evaluate_labelled(entities, labelled(spark, truth))
    assert result.unmatched_truth == 1
    scores = result.as_dict()
    assert scores["overall"]["labelled_pairs"] == {"right": 1, "wrong": 1, "missed": 1, "refused": 1}
    assert scores["overall"]["pairwise"] == pytest.approx({"precision": 0.5, "recall": 0.5, "f1": 0.5})
    assert scores["overall"]["bcubed"] is None
    assert scores["person"]["pairwise"]["precision"] == 1.0
    assert (scores["person"]["records"], scores["person"]["entities"]) == (4, 3)
    assert "0.5000" in result.text()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("3", "4", "maybe")], "neither yes nor no"),
        ([("1", "4", "1")], "more than one source"),
        ([("3", "4", "1"), ("4", "3", "0")], "both ways"),
        ([("x", "y", "1")], "no truth row joins"),
    ],
)
def test_labels_that_cannot_be_used_are_refused(
    entities: DataFrame, spark: SparkSession, rows: list[tuple[str, str, str]], says: str
) -> None:
    with pytest.raises(DataContractError, match=says):
        evaluate_labelled(entities, labelled(spark, rows))
