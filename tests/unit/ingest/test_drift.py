"""New, missing and re-typed columns; bronze names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.contracts.bronze import bronze_column, bronze_columns, locate
from onefold.errors import DataContractError
from onefold.ingest import fit_types, mapped_columns, missing_columns, new_columns


def test_names_survive_what_tables_refuse() -> None:
    header = ("id", "First Name", "first name", "", "_id", "a.b", "Größe (cm)", "Gro\u0308ße (cm)", "x=y;{z}\n", "`")
    assert bronze_columns(header) == (
        *("id", "First_Name", "first_name_2", "column_4", "raw_id", "a_b", "Größe_cm_", "Größe_cm__2", "x_y_z_", "raw_"),
    )
    assert bronze_column("\ufeffid ") == "id"
    assert locate("User.address.City", ["user", "at"]) == ("user", ("address", "City"))
    assert locate("a.b.c", ["a", "a_b"]) == ("a_b", ("c",))
    assert locate("nothing", ["a"]) is None


def test_new_and_missing_columns(make_source: Callable[..., Any]) -> None:
    source = make_source(Path("x"), format="csv", key=["user.id"], ignore=["Old Code"])
    columns = ("user", "E-Mail", "old code", "shoe", "geo")
    assert new_columns(source, columns, {"e-mail", "geo[0].city"}) == ("shoe",)
    assert missing_columns(columns, {"E-Mail", "geo[0].city", "phone"}) == ("phone",)


def test_mapped_columns_are_found_at_any_depth() -> None:
    mapping = {"one": {"column": "a"}, "many": ({"column": "b.c"}, {"column": None}), "named": {"x": {"column": "d"}}, "y": 1}
    assert mapped_columns(mapping) == {"a", "b.c", "d"}


def test_types_fit_the_table_or_stop_the_source(spark: SparkSession) -> None:
    frame = spark.range(1).select(
        F.lit(1).alias("n"), F.lit(2).alias("text"), F.lit(1.5).alias("d"), F.struct(F.lit(1).alias("a")).alias("json"), "id"
    )
    table = spark.range(0).selectExpr("1L as n", "'' as text", "'' as json", "id").schema
    fitted = fit_types(frame, table, "s")
    assert {f.name: f.dataType.simpleString() for f in fitted.schema.fields} == (
        {"n": "bigint", "text": "string", "d": "double", "json": "string", "id": "bigint"}
    )
    assert fitted.collect()[0]["json"] == '{"a":1}'
    narrower = spark.range(0).selectExpr("cast(1 as int) as id").schema
    with pytest.raises(DataContractError, match=r"id \(was int, now bigint\)"):
        fit_types(frame, narrower, "s")
