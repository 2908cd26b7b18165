from __future__ import annotations

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.errors import DataContractError
from onefold.match.evaluate import evaluate

MAP = [
    ("crm:1", "1", "person", "p1"),
    ("crm:2", "2", "person", "p1"),
    ("crm:3", "3", "person", "p1"),
    ("erp:4", "4", "person", "p2"),
    ("erp:5", "5", "company", "c1"),
    ("erp:6", "6", "company", "c1"),
    ("erp:1", "1", "person", "p3"),
]


@pytest.fixture(scope="module")
def entities(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(MAP, "record_id string, source_key string, entity_type string, customer_id string")


def clusters(spark: SparkSession, rows: list[tuple[str, str]]) -> DataFrame:
    return spark.createDataFrame([(*r, "x") for r in rows], "record_id string, cluster_id string, extra string")


def pairs(spark: SparkSession, rows: list[tuple[str, str]]) -> DataFrame:
    return spark.createDataFrame(rows, "left_id string, right_id string")


def test_a_truth_of_clusters(entities: DataFrame, spark: SparkSession) -> None:
    truth = [("crm:1", "a"), ("2", "a"), ("3", "b"), ("4", "b"), ("5", "c"), ("erp:6", "c"), ("nobody", "d")]
    result = evaluate(entities, clusters(spark, truth))
    assert (result.unmatched_truth, result.not_in_truth) == (1, 1)
    person = result.person
    assert person is not None
    assert person.pairwise.as_dict() == pytest.approx({"precision": 1 / 3, "recall": 1 / 2, "f1": 0.4})
    assert person.bcubed.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert person.bcubed.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert (person.records, person.entities) == (4, 2)
    assert result.company is not None
    assert result.company.pairwise.f1 == 1.0
    assert result.overall.pairwise.precision == pytest.approx(2 / 4)
    assert list(result.as_dict()) == ["overall", "person", "company"]
    assert list(result.as_dict()["overall"])[:4] == ["pairwise", "bcubed", "records", "entities"]
    assert set(result.as_dict()["overall"]["pairwise"]) == {"precision", "recall", "f1"}
    assert person.cluster_exact.as_dict() == pytest.approx({"precision": 0.0, "recall": 0.0, "f1": 0.0})
    assert result.overall.cluster_exact.as_dict() == pytest.approx({"precision": 1 / 3, "recall": 1 / 3, "f1": 1 / 3})
    assert (person.clusters, person.pairs["found"], person.pairs["predicted"], person.pairs["true"]) == (2, 1, 3, 2)
    for measures in (person.pairwise, person.bcubed, person.cluster_exact):
        for name, (low, high) in measures.intervals.items():
            assert 0.0 <= low <= getattr(measures, name) <= high <= 1.0
    assert "1 truth rows name a record" in result.text()


def test_a_truth_of_pairs(entities: DataFrame, spark: SparkSession) -> None:
    truth = [("crm:1", "2"), ("2", "crm:1"), ("2", "erp:4"), ("5", "6"), ("3", "nobody")]
    result = evaluate(entities, pairs(spark, truth))
    assert (result.unmatched_truth, result.not_in_truth) == (1, 0)
    assert result.overall.pairwise.as_dict() == pytest.approx({"precision": 2 / 4, "recall": 2 / 3, "f1": 4 / 7})
    assert result.person is not None
    assert result.person.pairwise.recall == pytest.approx(1 / 2)
    assert result.person.bcubed.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert result.overall.records == 7


def test_what_cannot_be_scored_is_an_error(entities: DataFrame, spark: SparkSession) -> None:
    with pytest.raises(DataContractError, match="more than one source"):
        evaluate(entities, clusters(spark, [("1", "a"), ("2", "a")]))
    with pytest.raises(DataContractError, match="more than one source"):
        evaluate(entities, pairs(spark, [("1", "2")]))
    with pytest.raises(DataContractError, match="in two clusters"):
        evaluate(entities, clusters(spark, [("2", "a"), ("crm:2", "b")]))
    with pytest.raises(DataContractError, match="record_id and cluster_id"):
        evaluate(entities, entities.select("customer_id"))
    with pytest.raises(DataContractError, match="no truth row joins"):
        evaluate(entities, clusters(spark, [("nobody", "a")]))
