"""Whether a record still says what it said: a hash of all that matching reads of it."""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.match.keys import Key, parse_key
from onefold.match.settings import EntityBlocking

__all__ = ["content_hash", "with_content"]


def with_content(parties: DataFrame, settings: EntityBlocking, compared: Iterable[str]) -> DataFrame:
    """Return the parties with `content`: a hash of what the blocking rules and these compared keys read of them."""
    return parties.withColumn("content", content_hash((*settings.key_texts, *compared)))


def content_hash(texts: Iterable[str]) -> Column:
    """Return a 64-bit hash of the source and of every column, or field of a list, that these keys start from.

    Each value is preceded by its number: a hash passes over nulls, so that a value which moved to the next column would
    otherwise go unseen.
    """
    starts = sorted({_start(parse_key(text)) for text in texts})
    numbered = [part for at, start in enumerate(starts, start=1) for part in (F.lit(at), F.col(start))]
    return F.xxhash64("source", "record_id", *numbered)


def _start(key: Key) -> str:
    return f"`{key.column}`.`{key.field}`" if key.field else f"`{key.column}`"
