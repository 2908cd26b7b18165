"""Writes folded text of any script in ASCII letters, digits and single spaces."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii
from pyspark.sql import Column

from onefold.cleanse.arrays import arrow_text, over_distinct
from onefold.cleanse.text import MARK

__all__ = ["ascii_array", "ascii_text", "to_ascii"]


def ascii_text(text: str) -> str | None:
    """Return the text in lower-case ASCII letters, digits and single spaces; null when nothing is left.

    >>> ascii_text("андрей 田中")
    'andrey tianzhong'
    """
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"['`]", "", anyascii(text)).lower()).strip() or None


def to_ascii(folded: Column) -> Column:
    """Return folded texts that are together with those of other scripts transliterated (anyascii's tables, ISC licence)."""
    # Python, because no native function transliterates; a batch whose values are all ASCII is handed back untouched.
    return arrow_text(ascii_array, folded)


def ascii_array(flat: pa.Array) -> pa.Array:
    """Return an array of texts that are together with those of other scripts transliterated."""
    foreign = pc.fill_null(pc.invert(pc.string_is_ascii(flat)), False)
    if not pc.any(foreign).as_py():
        return flat
    changed = over_distinct(flat.filter(foreign).to_pylist(), _each)
    return pc.replace_with_mask(flat, foreign, pa.array(changed, flat.type))


def _each(joined: str) -> str:
    return MARK.join(text if text.isascii() else ascii_text(text) or "" for text in joined.split(MARK))
