"""How rare the words of a name are among all records: the inverse document frequency behind the company similarity."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from onefold.match.known import RARITY, Known, known_entries, word_hash

__all__ = ["rarity_entries", "with_rarity"]

_LEAST = 0.25
_RARE = 0.001
"""Share of the records that may hold a word before it begins to say less."""
_IMAGINED = 500
"""Imagined records beside the real ones, so that in few records a repeated name is not taken for a common word."""


def with_rarity(frame: DataFrame, value: str, name: str, known: Known | None = None) -> DataFrame:
    """Add the weight of each word of the value in order, 1 for a rare word down to 0.25 for one that every record has.

    Args:
        frame: prepared records with `party_id`.
        value: column of the folded text.
        name: column to add.
        known: the weights that training found; worked out among these records when not given.
    """
    words = frame.select("party_id", F.posexplode(F.split(value, " ")).alias("at", "word"))
    if known is None:
        records = frame.agg(F.count("*").alias("records"))
        counted = words.withColumn("holders", F.count("*").over(Window.partitionBy("word"))).crossJoin(F.broadcast(records))
        weight = _weight(F.col("holders"), F.col("records"))
    else:
        counted = words.withColumn("hash", word_hash(F.col("word"))).join(known.of(RARITY, value), on="hash", how="left")
        weight = F.coalesce("number", F.lit(1.0))
    weighed = counted.select("party_id", F.struct("at", weight.alias("weight")).alias("w"))
    lists = weighed.groupBy("party_id").agg(F.array_sort(F.collect_list("w"))["weight"].alias(name))
    return frame.join(lists, on="party_id", how="left")


def rarity_entries(frame: DataFrame, value: str, name: str) -> DataFrame:
    """Return the weights that `with_rarity` added, to be known later; words of full weight need not be."""
    zipped = F.explode(F.arrays_zip(F.split(value, " ").alias("word"), F.col(name).alias("number"))).alias("of")
    weighed = frame.where(F.col(name).isNotNull()).select(zipped)
    each = weighed.select(word_hash(F.col("of.word")).alias("hash"), "of.number")
    return known_entries(RARITY, value, each.where(F.col("number") < 1.0))


def _weight(holders: Column, records: Column) -> Column:
    """Return log(share) by log(one in a thousand), kept within the bounds; the holder itself does not count."""
    share = (holders - 1.0) / (records + F.lit(float(_IMAGINED)))
    inverse = F.log(F.greatest(share, F.lit(_RARE))) / F.log(F.lit(_RARE))
    return F.greatest(F.least(inverse, F.lit(1.0)), F.lit(_LEAST))
