"""What training found out about how values repeat, kept: a record that comes later is prepared as if it had been there.

Counts that moved with every new record would move the weights of pairs that nobody touched. So they stand still between
two trainings, as the model does, and a pair's weight depends on its two records and on nothing that came since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

__all__ = ["COUNT", "RAREST", "RARITY", "Known", "known_entries", "united", "word_hash"]

COUNT = "count"
"""How many records have a value, of values that more than one has."""
RARITY = "rarity"
"""The weight of a word, of words that weigh less than 1."""
RAREST = "rarest"
"""How many records have a value of a blocking key that keeps the rarest, of values that more than one has."""


@dataclass(frozen=True)
class Known:
    """Rows of `kind`, `name` (the key or comparison column concerned), `hash` of a value and its `number`."""

    entries: DataFrame

    def of(self, kind: str, name: str = "") -> DataFrame:
        """Return `hash` and `number` of one kind and name."""
        chosen = self.entries.where((F.col("kind") == kind) & (F.col("name") == name))
        return chosen.select("hash", "number")


def known_entries(kind: str, name: str, numbered: DataFrame) -> DataFrame:
    """Return entries of one kind and name; of a repeated hash the largest number.

    Args:
        kind: one of the kinds above.
        name: the key or column concerned, empty where there is but one.
        numbered: `hash` and `number`.
    """
    each = numbered.groupBy("hash").agg(F.max(F.col("number").cast("double")).alias("number"))
    return each.select(F.lit(kind).alias("kind"), F.lit(name).alias("name"), "hash", "number")


def united(frames: Sequence[DataFrame]) -> DataFrame | None:
    """Return all entries together, None when there are none."""
    return reduce(DataFrame.unionByName, frames) if frames else None


def word_hash(word: Column) -> Column:
    """Return the hash that a word is known by."""
    return F.xxhash64(word)
