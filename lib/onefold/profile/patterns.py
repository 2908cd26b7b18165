"""The pattern of a text: letters and digits by their class, all else as it stands."""

from __future__ import annotations

import string

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["LONGEST", "pattern", "shape"]

LONGEST = 80
"""Characters of a text that its pattern speaks of; a longer one's pattern ends in an ellipsis."""

_ASCII = string.ascii_uppercase + string.ascii_lowercase + string.digits
_CLASS = "A" * 26 + "a" * 26 + "9" * 10
# The class letters are letters themselves, so each class is first a mark that no text keeps.
_CLASSES = ((r"[\p{Lu}\p{Lt}]", "\u0001"), (r"\p{Ll}", "\u0002"), (r"[\p{L}\p{M}]", "\u0003"), (r"\p{Nd}", "\u0004"))
_MARKS, _LETTERS = "\u0001\u0002\u0003\u0004", "AaL9"
_SPACES = r"[\p{Cc}\p{Cf}\p{Z}&&[^ ]]"


def pattern(text: Column) -> Column:
    """Return the pattern: A capital, a small letter, L another letter, 9 digit, _ other space or control character.

    `SW1A 2AA` has the pattern `AA9A 9AA`, `Müller-Lüdenscheidt` `Aaaaaa-Aaaaaaaaaaaa`.
    """
    cut = F.substring(text, 1, LONGEST)
    plain = F.regexp_replace(cut, r"[\x00-\x1f\x7f]", "_")
    every = F.regexp_replace(cut, _SPACES, "_")
    for class_, mark in _CLASSES:
        every = F.regexp_replace(every, class_, mark)
    ascii_only = F.octet_length(cut) == F.length(cut)
    # What is outside ASCII needs the classes of Unicode; all else goes letter by letter.
    made = F.when(ascii_only, F.translate(plain, _ASCII, _CLASS)).otherwise(F.translate(every, _MARKS, _LETTERS))
    return F.when(F.length(text) > LONGEST, F.concat(made, F.lit("…"))).otherwise(made)


def shape(pattern_: Column) -> Column:
    """Return the pattern with runs of one class as one letter and a plus: `Aa+-Aa+` for any double name."""
    return F.regexp_replace(pattern_, r"([Aa9L])\1+", r"$1+")
