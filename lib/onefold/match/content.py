"""Whether a record still says what it said: a hash of all that matching reads of it."""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.match.keys import Key, parse_key
from onefold.match.settings import EntityBlocking

__all__ = ["content_hash", "rule_keys"]


def rule_keys(settings: EntityBlocking) -> tuple[str, ...]:
    """Return the keys that the blocking rules name."""
    return tuple(dict.fromkeys(text for rule in settings.rules for text in (*rule.keys, *rule.then)))


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
