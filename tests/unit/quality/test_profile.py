"""A profile counts what is filled, distinct and how long, and shows no value."""

from __future__ import annotations

from pyspark.sql import SparkSession

from onefold.quality import profile


def test_each_column_is_counted_in_one_pass(spark: SparkSession) -> None:
    frame = spark.createDataFrame(
        [("a", None, [], None), ("bbb", 1, ["x"], None), (" ", 1, ["x", "y"], None)],
        "name string, number int, tags array<string>, empty string",
    )
    rows = {r["column"]: tuple(r)[2:] for r in profile(frame).collect()}
    assert rows == {
        "name": (3, 2, 0.6667, 3, 1, 3),
        "number": (3, 2, 0.6667, 1, None, None),
        "tags": (3, 2, 0.6667, 3, None, None),
        "empty": (3, 0, 0.0, 0, None, None),
    }


def test_a_table_without_rows_has_a_profile(spark: SparkSession) -> None:
    (row,) = profile(spark.createDataFrame([], "name string")).collect()
    assert (row["rows"], row["filled_share"]) == (0, 0.0)
