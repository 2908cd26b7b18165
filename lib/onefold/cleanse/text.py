"""Tidies text for people to read and folds it for machines to compare, at column speed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = [
    "LONGEST",
    "MARK",
    "MARK_OF_LISTS",
    "at",
    "fold",
    "fold_text",
    "has_foreign",
    "is_sentinel",
    "proper_case",
    "squeeze",
    "together",
    "unless_sentinel",
]

LONGEST = 1000
"""Characters; a longer single value is refused with the reason `too_long` (its raw text is kept)."""

MARK, MARK_OF_LISTS = "\u0001", "\u0002"
"""Between texts that are worked on together, and between lists of such texts."""
_MARKS = r"\u0001\u0002"

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


def together(texts: Iterable[Column]) -> Column:
    """Return several texts as one with `MARK` between them, so that each pattern runs once a row instead of once a text.

    Null becomes empty, and so does a text longer than `LONGEST`. `squeeze`, `unless_sentinel` and `fold` keep the marks.
    """
    short = [F.when(F.length(t) <= LONGEST, F.translate(t, MARK + MARK_OF_LISTS, "  ")) for t in texts]
    return F.concat_ws(MARK, *[F.coalesce(t, F.lit("")) for t in short])


def at(parts: Column, position: Column | int) -> Column:
    """Return one of the texts that were together, null when it is empty; `parts` is the joined text split at `MARK`."""
    return F.nullif(F.get(parts, F.lit(position) if isinstance(position, int) else position), F.lit(""))


def squeeze(text: Column) -> Column:
    """Return the text in Unicode NFC, without control or invisible characters, spaces squeezed and trimmed.

    Combining marks are composed, never dropped; joiners inside emoji and Persian words stay.
    Source: Unicode Standard Annex 15.
    """
    composed = F.reflect(F.lit(_ICU), F.lit("compose"), F.regexp_replace(text, _INVISIBLE, ""), F.lit(False))
    plain = F.when(has_foreign(text), composed).otherwise(text)
    return _trimmed(F.regexp_replace(plain, rf"[\s\p{{Z}}\p{{Cc}}&&[^{_MARKS}]]+", " "))


def _trimmed(text: Column) -> Column:
    return F.trim(F.regexp_replace(text, rf" ?([{_MARKS}]) ?", "$1"))


def is_sentinel(text: Column, sentinels: Iterable[str]) -> Column:
    """Tell whether the text is empty or one of the values that mean nothing, without regard to case and outer spaces."""
    return text.rlike(rf"(?iu)^\s*(?:{_alternatives(sentinels)})?\s*\z")


def unless_sentinel(text: Column, sentinels: Iterable[str]) -> Column:
    """Return the squeezed text, emptied where it is one of the values that mean nothing."""
    return F.regexp_replace(text, rf"(?iu)(?<![^{_MARKS}])(?:{_alternatives(sentinels)})(?![^{_MARKS}])", "")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(f"\\Q{word}\\E" for word in sorted({w.strip() for w in words if w.strip()})) or "(?!)"


def fold(text: Column) -> Column:
    """Return the text in lower case with Latin accents and punctuation gone; other scripts keep their letters.

    Apostrophes vanish (O'Brien: obrien), any other punctuation becomes one space (Anne-Marie: anne marie). What is left
    outside ASCII is written in Latin letters later, in one pass, by `transliterate.to_ascii`. Empty when nothing is left.
    """
    bare = F.regexp_replace(F.lower(text), _APOSTROPHES, "")
    letters = F.when(has_foreign(text), _without_accents(bare)).otherwise(bare)
    return _trimmed(F.regexp_replace(letters, rf"[^\p{{L}}\p{{N}}\p{{M}}{_MARKS}]+", " "))


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
        apart = re.sub(r"(?<=[a-z\u00df-\u02af])[\u0300-\u036f]+", "", unicodedata.normalize("NFKD", bare))
        bare = unicodedata.normalize("NFC", apart).lower().translate(str.maketrans(_SINGLE_FROM, _SINGLE_TO))
        for letter, spelled in _LETTERS.items():
            bare = bare.replace(letter, spelled)
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] in "LNM" else " " for c in bare).split())


def proper_case(text: Column) -> Column:
    """Return the text in title case where it was all capitals or all small letters, else as it is.

    A letter after a hyphen, an apostrophe or Mc is a first letter too: O'BRIEN-MCKAY becomes O'Brien-McKay.
    """
    # The mark cannot be in a single text; with a space after it, initcap sees a new word.
    apart = F.regexp_replace(text, r"((?<=\p{L})['’-]|(?<!\p{L})[Mm][Cc])(?=\p{L}{2})", f"$1{MARK} ")
    joined = F.replace(F.initcap(apart), F.lit(f"{MARK} "), F.lit(""))
    single_case = (text == F.upper(text)) | (text == F.lower(text))
    return F.when(single_case, joined).otherwise(text)
