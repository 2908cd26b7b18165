"""Tidies text for people to read and folds it for machines to compare, at column speed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["LONGEST", "fold", "fold_text", "has_foreign", "is_sentinel", "proper_case", "squeeze", "unless_sentinel"]

LONGEST = 1000
"""Characters; a longer single value is refused with the reason `too_long` (its raw text is kept)."""

# Spark carries ICU on every executor; these two static methods are the native way to Unicode normal forms.
_ICU = "com.ibm.icu.text.Normalizer"
_INVISIBLE = r"[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]"
_APOSTROPHES = r"['’‘ʼ`´]"
_LATIN_MARKS = r"(?<=\p{IsLatin})[\u0300-\u036F]+"
# Latin letters that have no decomposition; ü folds to u (as in the other umlauts), so Mueller stays one edit from Muller.
_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_SINGLE_FROM, _SINGLE_TO = "øłđðıħŧŋ", "olddihtn"


def has_foreign(text: Column) -> Column:
    """Tell whether the text holds a character outside ASCII, without looking at each character."""
    return F.octet_length(text) != F.length(text)


def squeeze(text: Column) -> Column:
    """Return the text in Unicode NFC, without control or invisible characters, spaces squeezed and trimmed.

    Combining marks are composed, never dropped; joiners inside emoji and Persian words stay. Text longer than `LONGEST`
    becomes null. Source: Unicode Standard Annex 15.
    """
    short = F.when(F.length(text) <= LONGEST, text)
    composed = F.reflect(F.lit(_ICU), F.lit("compose"), F.regexp_replace(short, _INVISIBLE, ""), F.lit(False))
    plain = F.when(has_foreign(short), composed).otherwise(short)
    return F.trim(F.regexp_replace(plain, r"[\s\p{Z}\p{Cc}]+", " "))


def is_sentinel(text: Column, sentinels: Iterable[str]) -> Column:
    """Tell whether the text is empty or one of the values that mean nothing, without regard to case and outer spaces."""
    words = sorted({s.strip() for s in sentinels if s.strip()})
    quoted = "|".join(f"\\Q{word}\\E" for word in words)
    return text.rlike(rf"(?iu)^\s*(?:{quoted})?\s*\z")


def unless_sentinel(text: Column, sentinels: Iterable[str]) -> Column:
    """Return the squeezed text, or null where it is empty or one of the values that mean nothing."""
    return F.when(~is_sentinel(text, sentinels), text)


def fold(text: Column) -> Column:
    """Return the text in lower case with Latin accents and punctuation gone; other scripts keep their letters.

    Apostrophes vanish (O'Brien: obrien), any other punctuation becomes one space (Anne-Marie: anne marie). What is left
    outside ASCII is written in Latin letters later, in one pass, by `transliterate.to_ascii`. Null when nothing is left.
    """
    bare = F.regexp_replace(F.lower(text), _APOSTROPHES, "")
    letters = F.when(has_foreign(bare), _without_accents(bare)).otherwise(bare)
    spaced = F.trim(F.regexp_replace(letters, r"[^\p{L}\p{N}\p{M}]+", " "))
    return F.nullif(spaced, F.lit(""))


def _without_accents(text: Column) -> Column:
    apart = F.reflect(F.lit(_ICU), F.lit("decompose"), text, F.lit(True))
    whole = F.reflect(F.lit(_ICU), F.lit("compose"), F.regexp_replace(apart, _LATIN_MARKS, ""), F.lit(False))
    singles = F.translate(F.lower(whole), _SINGLE_FROM, _SINGLE_TO)
    for letter, spelled in _LETTERS.items():
        singles = F.replace(singles, F.lit(letter), F.lit(spelled))
    return singles


def fold_text(text: str) -> str:
    """Return what `fold` makes of one value; for reference tables built on the driver.

    >>> fold_text("Łódź, Straße d'Été")
    'lodz strasse dete'
    """
    bare = re.sub(_APOSTROPHES, "", text.lower())
    if not bare.isascii():
        apart = re.sub(r"(?<=[a-z\u00df-\u024f])[\u0300-\u036f]+", "", unicodedata.normalize("NFKD", bare))
        bare = unicodedata.normalize("NFC", apart).lower().translate(str.maketrans(_SINGLE_FROM, _SINGLE_TO))
        for letter, spelled in _LETTERS.items():
            bare = bare.replace(letter, spelled)
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] in "LNM" else " " for c in bare).split())


def proper_case(text: Column) -> Column:
    """Return the text in title case where it was all capitals or all small letters, else as it is.

    A letter after a hyphen or an apostrophe is a first letter too: O'BRIEN-SMITH becomes O'Brien-Smith.
    """
    # U+0001 cannot be in squeezed text; with a space after it, initcap sees a new word.
    apart = F.regexp_replace(text, r"(?<=\p{L})(['’-])(?=\p{L}{2})", "$1\u0001 ")
    joined = F.replace(F.initcap(apart), F.lit("\u0001 "), F.lit(""))
    single_case = (text == F.upper(text)) | (text == F.lower(text))
    return F.when(single_case, joined).otherwise(text)
