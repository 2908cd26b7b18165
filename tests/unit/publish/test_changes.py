"""What changed between two states: every attribute that differs and nothing else, values as text."""

from __future__ import annotations

from pyspark.sql import SparkSession

from onefold.publish import change_counts, customer_changes

SCHEMA = "customer_id string, email string, record_count bigint, all_emails array<string>, run_id string"


def test_every_difference_and_nothing_else(spark: SparkSession) -> None:
    before = spark.createDataFrame(
        [
            ("same", "a", 1, ["a"], "r1"),
            ("moved", "b", 1, ["b"], "r1"),
            ("gone", None, 2, None, "r1"),
            ("lost", "x", 1, None, "r1"),
        ],
        SCHEMA,
    )
    after = spark.createDataFrame(
        [
            ("same", "a", 1, ["a"], "r2"),
            ("moved", "c", 1, ["b", "c"], "r2"),
            ("new", "n", 1, None, "r2"),
            ("lost", None, 1, None, "r2"),
        ],
        SCHEMA,
    )
    changes = customer_changes(before, after)
    assert {tuple(row) for row in changes.collect()} == {
        ("moved", "email", "changed", "b", "c"),
        ("moved", "all_emails", "changed", '["b"]', '["b","c"]'),
        ("gone", "record_count", "removed", "2", None),
        ("new", "email", "added", None, "n"),
        ("new", "record_count", "added", None, "1"),
        ("lost", "email", "removed", "x", None),
    }
    assert [tuple(row) for row in change_counts(changes).collect()] == [
        ("all_emails", 0, 0, 1), ("email", 1, 1, 1), ("record_count", 1, 1, 0),
    ]  # fmt: skip
    assert customer_changes(before, before).isEmpty()


def test_a_column_that_one_state_lacks_counts_as_null(spark: SparkSession) -> None:
    before = spark.createDataFrame([("c", 1)], "customer_id string, tier bigint")
    after = spark.createDataFrame([("c", "x")], "customer_id string, segment string")
    assert {tuple(row)[1:] for row in customer_changes(before, after).collect()} == {
        ("tier", "removed", "1", None), ("segment", "added", None, "x"),
    }  # fmt: skip
