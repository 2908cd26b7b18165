"""Dates as eight digits of four bits: what differs is found by a few operations on whole numbers, without any text."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["day_digits", "mistyped", "swapped_digits"]


def day_digits(text: Column, *, is_date: bool) -> Column:
    """Return yyyymmdd of a date's text as a long, four bits to a digit; null for a year that does not have four digits.

    Args:
        text: of a date; null where it is none.
        is_date: whether it is the text of a date column (2026-01-31), which need not be parsed.
    """
    day = F.date_format(text.cast("date"), "yyyyMMdd")
    if is_date:
        day = F.when((F.length(text) == 10) & (text >= "0001"), F.translate(text, "-", "")).otherwise(day)
    return F.when(F.length(day) == 8, F.conv(day, 16, 10).cast("bigint"))


def swapped_digits(digits: Column) -> Column:
    """Return the digits with month and day exchanged: yyyyddmm of yyyymmdd."""
    month, day = F.shiftright(digits, 8).bitwiseAND(F.lit(0xFF)), digits.bitwiseAND(F.lit(0xFF))
    return digits.bitwiseAND(F.lit(0xFFFF0000)).bitwiseOR(F.shiftleft(day, 8)).bitwiseOR(month)


def mistyped(left: Column, right: Column) -> Column:
    """Return whether day and month are swapped, one digit is another, or two neighbouring digits changed places.

    Args:
        left: the digits of one date.
        right: the digits of the other.
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
    return (F.bit_count(differing) <= 1) | (swapped_digits(left) == right) | ((differing == lowest * 17) & exchanged)
