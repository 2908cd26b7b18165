"""The rarest of a record's words or q-grams, by how many records have them: what tells one company from the others.

Words that a single record has are left out, because nothing can meet there: a mistyped word must not take the place of the
rarest word that is right.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.match.known import RAREST, Known, known_entries, word_hash

__all__ = ["keep_rarest", "rarest_entries"]


def keep_rarest(
    valued: DataFrame, wanted: Mapping[str, int], known: Known | None = None, names: Mapping[str, str] | None = None
) -> DataFrame:
    """Return the frame with each named array cut to its rarest values; records are told apart by `party_id`.

    Args:
        valued: `party_id` and arrays of distinct texts.
        wanted: column name -> how many values to keep; ties go to the first in alphabetical order.
        known: how many records have a value, as training counted them; counted among these records when not given. A value
            that training did not meet, or only once, is kept by no record until the next training.
        names: column name -> what its values are known by.
    """
    for name, number in wanted.items():
        words = valued.select("party_id", F.explode(name).alias("word"))
        if known is None:
            counts = _counts(words)
        else:
            words = words.withColumn("hash", word_hash(F.col("word")))
            counts = known.of(RAREST, (names or {}).get(name, name)).withColumnRenamed("number", "records")
        ranked = words.join(counts, on="word" if known is None else "hash", how="inner").groupBy("party_id")
        first = F.slice(F.array_sort(F.collect_list(F.struct("records", "word"))), 1, number)
        chosen = ranked.agg(F.transform(first, lambda one: one["word"]).alias(name))
        valued = valued.drop(name).join(chosen, on="party_id", how="left")
    return valued


def rarest_entries(valued: DataFrame, wanted: Mapping[str, int], names: Mapping[str, str]) -> list[DataFrame]:
    """Return what `keep_rarest` counts among these records, to be known later."""
    found = []
    for name in wanted:
        counts = _counts(valued.select("party_id", F.explode(name).alias("word")))
        numbered = counts.select(word_hash(F.col("word")).alias("hash"), F.col("records").alias("number"))
        found.append(known_entries(RAREST, names[name], numbered))
    return found


def _counts(words: DataFrame) -> DataFrame:
    return words.groupBy("word").agg(F.count("*").alias("records")).where(F.col("records") > 1)
