from __future__ import annotations

import random

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.match.signature import signature, unlike

ALPHABETS = ("abcde", "abcdefghijklmnopqrstuvwxyz", "абвгдеё", "ab ё0123-")


def words(rng: random.Random) -> list[str]:
    made = ["".join(rng.choice(rng.choice(ALPHABETS)) for _ in range(rng.randint(1, 12))) for _ in range(120)]
    near = [word[:at] + rng.choice("abcxyz") + word[at + 1 :] for word in made for at in [rng.randrange(len(word))]]
    return [*made, *near, "a" * 300, "a" * 255 + "b"]


@pytest.mark.parametrize("least", [0.6, 0.8, 0.88, 0.92, 1.0])
def test_what_is_called_unlike_is_less_similar_than_the_bound(spark: SparkSession, least: float) -> None:
    values = spark.createDataFrame([(word,) for word in words(random.Random(7))], "value string")
    signed = values.select("value", signature(F.col("value")).alias("s"))
    pairs = signed.crossJoin(signed.withColumnsRenamed({"value": "other", "s": "t"}))
    compared = pairs.select(
        unlike(F.col("s"), F.col("t"), least).alias("unlike"),
        F.call_function("jaro_winkler", "value", "other").alias("similarity"),
    )
    counted = compared.agg(
        F.count_if(F.col("unlike") & (F.col("similarity") >= least)).alias("wrong"),
        F.count_if("unlike").alias("unlike"),
        F.count_if(F.col("similarity") < least).alias("less"),
    ).first()
    assert counted is not None
    assert counted["wrong"] == 0
    assert counted["unlike"] > 0.4 * counted["less"]


def test_nothing_is_known_of_missing_empty_and_very_long_values(spark: SparkSession) -> None:
    values = spark.createDataFrame([(None,), ("",), ("x" * 256,)], "value string").select(signature(F.col("value")).alias("s"))
    assert [row["s"] for row in values.collect()] == [None, None, None]
    told = spark.range(1).select(unlike(F.lit(None).cast("bigint"), F.lit(5).cast("bigint"), 0.9).alias("unlike")).first()
    assert told is not None
    assert told["unlike"] is False
