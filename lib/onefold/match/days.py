"""Dates as eight digits of four bits: what differs is found by a few operations on whole numbers, without any text."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["mistyped"]


def mistyped(left: Column, right: Column, swapped_left: Column) -> Column:
    """Return whether day and month are swapped, one digit is another, or two neighbouring digits changed places.

    Args:
        left: yyyymmdd as a long, four bits to a digit.
        right: the same of the other date.
        swapped_left: yyyyddmm of the left one.
    """
    bits = left.bitwiseXOR(right)
    for distance in (2, 1):  # the lowest bit of a digit tells whether any of its bits differ
        bits = bits.bitwiseOR(F.shiftright(bits, distance))
    differing = bits.bitwiseAND(F.lit(0x11111111))
    lowest = differing.bitwiseAND(-differing)
    digit = lowest * 15
    exchanged = (F.shiftright(left, 4).bitwiseXOR(right).bitwiseAND(digit) == 0) & (
        F.shiftright(right, 4).bitwiseXOR(left).bitwiseAND(digit) == 0
    )
    return (F.bit_count(differing) <= 1) | (swapped_left == right) | ((differing == lowest * 17) & exchanged)
