"""The pattern of a text: letters and digits by their class, all else as it stands."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["LONGEST", "pattern", "shape"]

LONGEST = 60
"""Characters of a text that its pattern speaks of; a longer one's pattern ends in an ellipsis."""

# In this order: the class letters are letters themselves, so each class is first a mark that no text keeps.
_CLASSES = ((r"[\p{Lu}\p{Lt}]", "\u0001"), (r"\p{Ll}", "\u0002"), (r"[\p{L}\p{M}]", "\u0003"), (r"\p{Nd}", "\u0004"))
_MARKS, _LETTERS = "\u0001\u0002\u0003\u0004", "AaL9"


def pattern(text: Column) -> Column:
    """Return the pattern: A capital, a small letter, L another letter, 9 digit, _ other space or control character.

    `SW1A 2AA` has the pattern `AA9A 9AA`, `Müller-Lüdenscheidt` `Aaaaaa-Aaaaaaaaaaaaa`.
    """
    cut = F.regexp_replace(F.substring(text, 1, LONGEST), r"[\p{Cc}\p{Cf}\p{Z}&&[^ ]]", "_")
    for class_, mark in _CLASSES:
        cut = F.regexp_replace(cut, class_, mark)
    made = F.translate(cut, _MARKS, _LETTERS)
    return F.when(F.length(text) > LONGEST, F.concat(made, F.lit("…"))).otherwise(made)


def shape(pattern_: Column) -> Column:
    """Return the pattern with runs of one class as one letter and a plus: `Aa+-Aa+` for any double name."""
    return F.regexp_replace(pattern_, r"([Aa9L])\1+", r"$1+")
