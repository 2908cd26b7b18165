"""Packs many yes-or-no columns into few whole numbers, and reads them back as names, without a loop over a row's rules.

A row's failures are bits of a few bigints: made in one projection, whatever their number, and cheap to write, to group by and
to count. Names come back by ten bits at a time, out of a table of 1,024 lists, which Spark keeps as one constant.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["BITS", "any_of_bits", "named", "packed", "words_for"]

BITS = 60
"""Bits of one bigint that are used: a multiple of the step, and none of them the sign."""
_STEP = 10


def words_for(count: int) -> int:
    """Return how many bigints so many bits need, at least one."""
    return max(1, -(-count // BITS))


def packed(flags: Mapping[int, Column], count: int) -> list[Column]:
    """Return bigints in which bit n is set where flag n holds (null does not); `count` is that of all bits."""
    words = []
    for word in range(words_for(count)):
        bits = [
            F.when(flags[n], F.lit(1 << n % BITS).cast("bigint")).otherwise(F.lit(0).cast("bigint"))
            for n in range(word * BITS, (word + 1) * BITS)
            if n in flags
        ]
        words.append(_together(bits))
    return words


def _together(bits: Sequence[Column]) -> Column:
    """Combine as a tree, so that no expression is deep."""
    if not bits:
        return F.lit(0).cast("bigint")
    while len(bits) > 1:
        bits = [bits[i].bitwiseOR(bits[i + 1]) if i + 1 < len(bits) else bits[i] for i in range(0, len(bits), 2)]
    return bits[0]


def any_of_bits(words: Sequence[Column], numbers: Collection[int]) -> Column:
    """Tell whether one of these bits is set."""
    found = F.lit(False)
    for at, word in enumerate(words):
        if mask := sum(1 << n % BITS for n in numbers if n // BITS == at):
            found = found | (word.bitwiseAND(F.lit(mask).cast("bigint")) != 0)
    return found


def named(words: Sequence[Column], names: Sequence[object], kind: str, only: Collection[int] | None = None) -> Column:
    """Return the names of the bits that are set, in the order of the bits; an empty list where none is.

    Args:
        words: what `packed` made.
        names: the name of each bit.
        kind: their Spark type, `string` or `int`.
        only: bits that count; default all.
    """
    parts = []
    for at, word in enumerate(words):
        for low in range(0, BITS, _STEP):
            first = at * BITS + low
            here = [n for n in range(first, min(first + _STEP, len(names))) if only is None or n in only]
            if not here:
                continue
            lists = [[names[n] for n in here if value >> (n - first) & 1] for value in range(1 << _STEP)]
            table = F.from_json(F.lit(json.dumps(lists)), f"array<array<{kind}>>")
            parts.append(F.get(table, F.shiftright(word, low).bitwiseAND(F.lit((1 << _STEP) - 1).cast("bigint")).cast("int")))
    return F.concat(*parts) if parts else F.array().cast(f"array<{kind}>")
