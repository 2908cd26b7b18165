from __future__ import annotations

from itertools import combinations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.match.salting import ROWS_PER_PART, dealt_part, every_part


def test_a_large_block_is_spread_and_each_pair_made_once(spark: SparkSession) -> None:
    size = ROWS_PER_PART + 200
    block = spark.range(size).select(F.col("id"), F.lit(7).alias("key"), F.lit(size).alias("size"))
    small = spark.range(size, size + 3).select(F.col("id"), F.lit(8).alias("key"), F.lit(3).alias("size"))
    rows = block.unionByName(small)
    left = rows.select(F.col("id").alias("l"), "key", dealt_part(F.col("size"), F.col("id")).alias("part"))
    right = rows.select(F.col("id").alias("r"), "key", F.explode(every_part(F.col("size"))).alias("part"))
    pairs = left.join(right, on=["key", "part"], how="inner").where(F.col("l") < F.col("r"))
    made = [(row["l"], row["r"]) for row in pairs.select("l", "r").collect()]
    assert len(made) == len(set(made)) == size * (size - 1) // 2 + 3
    assert set(combinations(range(size, size + 3), 2)) <= set(made)
    assert left.groupBy("key", "part").count().count() == 3  # two parts of the large block, one of the small
