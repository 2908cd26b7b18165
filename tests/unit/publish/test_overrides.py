"""A decided value replaces the survivor's, in its type, and provenance says so."""

from __future__ import annotations

from datetime import date

from pyspark.sql import SparkSession

from onefold.publish.overrides import with_overrides


def test_values_are_laid_over_and_traced(spark: SparkSession) -> None:
    origin = {"email": ("crm:1", "crm", "most_recent"), "city": ("crm:1", "crm", "longest")}
    golden = spark.createDataFrame(
        [("P1", "old@x", None, "Bonn", origin), ("P2", None, date(1970, 1, 1), "Köln", {})],
        "customer_id string, email string, birth_date date, city string, "
        "provenance map<string,struct<record_id:string,source:string,rule:string>>",
    )
    said = [
        ("P1", "email", "new@x", False, "web:1"),
        ("P1", "birth_date", "1980-02-03", True, "web:1"),
        ("P2", "birth_date", "1990-01-01", True, "crm:2"),  # only where there is none, and there is one
        ("P2", "email", "two@x", False, "crm:2"),
        ("P9", "email", "none@x", False, "crm:9"),
    ]
    overrides = spark.createDataFrame(
        said, "customer_id string, attribute string, value string, if_null boolean, record_id string"
    )

    laid = with_overrides(golden, overrides, ["birth_date", "email"])

    assert laid.columns == golden.columns
    rows = {row.customer_id: row for row in laid.collect()}
    assert set(rows) == {"P1", "P2"}
    one, two = rows["P1"], rows["P2"]
    assert (one.email, one.birth_date, one.city) == ("new@x", date(1980, 2, 3), "Bonn")
    assert {name: tuple(entry) for name, entry in one.provenance.items()} == {
        "email": ("web:1", "steward", "steward"),
        "birth_date": ("web:1", "steward", "steward"),
        "city": ("crm:1", "crm", "longest"),
    }
    assert (two.email, two.birth_date, {k: tuple(v) for k, v in two.provenance.items()}) == (
        "two@x", date(1970, 1, 1), {"email": ("crm:2", "steward", "steward")},
    )  # fmt: skip


def test_a_value_that_is_no_longer_of_the_type_does_not_apply(spark: SparkSession) -> None:
    golden = spark.createDataFrame([("P1", 5)], "customer_id string, visits int").selectExpr(
        "*", "cast(map() as map<string,struct<record_id:string,source:string,rule:string>>) provenance"
    )
    overrides = spark.createDataFrame(
        [("P1", "visits", "many", False, "crm:1")],
        "customer_id string, attribute string, value string, if_null boolean, record_id string",
    )
    (row,) = with_overrides(golden, overrides, ["visits"]).collect()
    assert (row.visits, row.provenance) == (5, {})
