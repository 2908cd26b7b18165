"""A value in one long, from which two values are known to be unlike without a look at their letters.

Jaro (1989) counts matching letters: a letter that only one of two values has matches nothing. From the sets of letters and the
lengths follows how many can match at most, hence how similar the values can be at most. Most pairs of different names end there,
for a few operations on whole numbers, and never reach the function itself.
"""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["jaro_winkler", "signature", "unlike"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_SET = (1 << len(_LETTERS)) - 1
_LENGTH_AT, _FIRST_AT, _BYTE = 40, 48, 0xFF
_WINKLER_FROM = 0.7
"""From this Jaro similarity on, a common beginning adds to it (Winkler 1990, as Apache Commons Text does)."""


def signature(value: Column) -> Column:
    """Return the letters and digits that a text has (a bit each), its length and a hash of its first letter, as a long.

    Null for an empty text and for one of more than 255 letters, of which nothing is then known. Letters that have no bit of their
    own, those of other scripts, only make the bound less sharp.
    """
    letters = reduce(
        lambda found, at: found.bitwiseOR(
            F.when(value.contains(_LETTERS[at]), F.lit(1 << at)).otherwise(F.lit(0).cast("bigint"))
        ),
        range(len(_LETTERS)),
        F.lit(0).cast("bigint"),
    )
    length = F.length(value)
    first = F.pmod(F.hash(F.substring(value, 1, 1)), F.lit(_BYTE)).cast("bigint")
    packed = letters + F.shiftleft(length.cast("bigint"), _LENGTH_AT) + F.shiftleft(first, _FIRST_AT)
    return F.when(length.between(1, _BYTE), packed)


def unlike(left: Column, right: Column, least: float) -> Column:
    """Return whether the Jaro-Winkler similarity of two values is surely less than `least`, from their signatures.

    False where it may not be, and where a signature is missing.
    """
    ours, theirs = left.bitwiseAND(F.lit(_SET)), right.bitwiseAND(F.lit(_SET))
    length, other = (F.shiftright(side, _LENGTH_AT).bitwiseAND(F.lit(_BYTE)) for side in (left, right))
    matching = F.least(
        length - F.bit_count(ours.bitwiseAND(F.bitwise_not(theirs))), other - F.bit_count(theirs.bitwiseAND(F.bitwise_not(ours)))
    )
    same_first = F.shiftright(left, _FIRST_AT) == F.shiftright(right, _FIRST_AT)
    bound = F.when(same_first, F.lit(min(least, _WINKLER_FROM))).otherwise(F.lit(least))
    # jaro <= (matching / length + matching / other + 1) / 3, multiplied out; a hair's breadth for the rounding of both sides
    return F.coalesce(matching * (length + other) < (bound * 3.0 - 1.0 - 1e-9) * (length * other), F.lit(False))


def jaro_winkler(left: Column, right: Column, signatures: tuple[Column, Column], least: float) -> Column:
    """Return the Jaro-Winkler similarity of two values, nought where their signatures tell that it is less than `least`."""
    return F.when(unlike(*signatures, least), F.lit(0.0)).otherwise(F.call_function("jaro_winkler", left, right))
