from __future__ import annotations

from itertools import combinations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.match.salting import ROWS_PER_PART, join_blocks


def test_a_large_block_is_spread_and_each_pair_made_once(spark: SparkSession) -> None:
    size = ROWS_PER_PART + 200
    large = spark.range(size).select("id", F.lit(7).alias("key"), F.lit(size).cast("bigint").alias("size"))
    small = spark.range(size, size + 3).select("id", F.lit(8).alias("key"), F.lit(3).cast("bigint").alias("size"))
    rows = large.unionByName(small).persist()
    left, right = rows.withColumnRenamed("id", "party_id_l"), rows.withColumnRenamed("id", "party_id_r")
    salted = join_blocks(left, right, size)
    pairs = salted.where(F.col("party_id_l") < F.col("party_id_r"))
    counted = pairs.agg(F.count("*"), F.count_distinct("party_id_l", "party_id_r")).first()
    assert counted is not None
    assert set(counted) == {size * (size - 1) // 2 + 3}
    plain = join_blocks(left, right, ROWS_PER_PART).where("key = 8 and party_id_l < party_id_r")
    assert {(r["party_id_l"], r["party_id_r"]) for r in plain.collect()} == set(combinations(range(size, size + 3), 2))
    assert salted.columns == plain.columns == ["key", "party_id_l", "party_id_r"]
