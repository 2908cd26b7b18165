"""The rarest of a record's words or q-grams, by how many records have them: what tells one company from the others.

Words that a single record has are left out, because nothing can meet there: a mistyped word must not take the place of the
rarest word that is right.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

__all__ = ["keep_rarest"]


def keep_rarest(valued: DataFrame, wanted: Mapping[str, int]) -> DataFrame:
    """Return the frame with each named array cut to its rarest values; records are told apart by `party_id`.

    Args:
        valued: `party_id` and arrays of distinct texts.
        wanted: column name -> how many values to keep; ties go to the first in alphabetical order.
    """
    for name, number in wanted.items():
        words = valued.select("party_id", F.explode(name).alias("word"))
        counts = words.groupBy("word").agg(F.count("*").alias("records")).where(F.col("records") > 1)
        ranked = words.join(counts, on="word", how="inner").groupBy("party_id")
        first = F.slice(F.array_sort(F.collect_list(F.struct("records", "word"))), 1, number)
        chosen = ranked.agg(F.transform(first, lambda one: one["word"]).alias(name))
        valued = valued.drop(name).join(chosen, on="party_id", how="left")
    return valued
