"""The numbers that a name holds, whether written in digits, as ordinals, in words or in Roman numerals."""

from __future__ import annotations

import json

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.match.words import number_words, roman_number

__all__ = ["numbers_in"]

_ROMANS = """i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii xxiv xxv"""


def numbers_in(text: Column) -> Column:
    """Return the numbers of a folded name as a sorted array of texts, null when it holds none.

    The first word is no Roman numeral, and a single letter only at the end: V Holding is a name, Fund V a number.
    """
    words = F.split(text, " ")
    spelled = F.from_json(F.lit(json.dumps({w: str(n) for w, n in number_words().items()})), "map<string,string>")
    roman = F.from_json(F.lit(json.dumps({w: str(roman_number(w)) for w in _ROMANS.split()})), "map<string,string>")

    def number(word: Column, at: Column) -> Column:
        digits = F.nullif(F.regexp_extract(word, r"^0*(\d+)(?:st|nd|rd|th)?$", 1), F.lit(""))
        return F.coalesce(
            digits, spelled[word], F.when((at > 0) & ((F.length(word) > 1) | (at == F.size(words) - 1)), roman[word])
        )

    found = F.array_sort(F.array_compact(F.transform(words, number)))
    return F.when(F.size(found) > 0, found)
