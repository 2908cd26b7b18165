"""What kind of thing a text is: a number, a date and its format, an e-mail address, a phone number, a code.

Almost everything shows in a text's pattern, and patterns are few: the expressions below are asked of patterns, in which
A stands for a capital, a for a small letter and 9 for a digit. What a pattern cannot tell is a hint read off the text.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["NUMBER", "date_format", "date_in", "hint", "kind", "number_in"]

NUMBER = r"^[+-]?(0|[1-9]\d{0,17})(\.\d{1,18})?\z"
"""Plain numbers, which every value of a table is looked at for: no leading zeros, which make a code."""

_TRUE_FALSE = (
    *("true", "false", "yes", "no", "y", "n", "t", "f", "ja", "nein", "oui", "non", "si", "sí", "tak", "nie", "on", "off"),
    *("x",),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COMPACT = r"^(1[89]|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\z"
_DIGITS = r"^(?=(?:[^9]*9){{{},{}}}[^9]*\z)"
_DIALLED = r"[9\s()./-]{5,24}(?: ?[Aa]{1,3}\.? ?9{1,6})?\z"

_BEFORE_DATES = (
    ("email", r"^[^@\s,;<>]{1,64}@[^@\s.,;<>]+(\.[^@\s.,;<>…]+)+…?\z"),
    ("url", r"^[Aa]{3,5}://\S+\z"),
    ("uuid", r"^[Aa9]{8}-([Aa9]{4}-){3}[Aa9]{12}\z"),
    ("ip", r"^(9{1,3}\.){3}9{1,3}\z"),
    ("iban", r"^(?=[A9 ]{15,42}\z)A{2}9{2}( ?[A9]{4}){2,7}( ?[A9]{1,4})?\z"),
)
_NUMBERS = (
    ("integer", r"^[+-]?9{1,18}\z"),
    ("decimal", r"^[+-]?((9+|9{1,3}(,9{3})+)\.9+([Aa][+-]?9{1,3})?|9{1,3}(,9{3})+|9+[Aa][+-]?9{1,3})\z"),
    ("decimal comma", r"^[+-]?(9+|9{1,3}([. ]9{3})+),9+\z"),
    ("digits", r"^9+\z"),
)
_AFTER_NUMBERS = (
    ("phone", rf"{_DIGITS.format(7, 18)}\+{_DIALLED}|{_DIGITS.format(10, 18)}[9(]{_DIALLED}"),
    ("json", r"^[\[{].*[\]}…]\z"),
    ("code", r"^(?=[^9]*9)[Aa9][Aa9._/:#-]{0,39}\z|^(?=[^9]*9)[A9]{1,6}[ -][A9]{1,8}\z|^A{2,3}\z"),
    ("word", r"^[AaL'’.-]+\z"),
    ("words", r"^\S+(\s+\S+){0,4}\z"),
)


def hint(text: Column) -> Column:
    """Return what a text's pattern does not show: `boolean` (yes, false...), `url` (www.), `zero` (leads a number), or null."""
    start = F.lower(F.substring(text, 1, 5))
    return (
        F.when((F.length(text) <= 5) & start.isin(*_TRUE_FALSE), "boolean")
        .when(start.startswith("www."), "url")
        .when((text < "1") & text.rlike(r"^0\d|^0 ?[(/-]? ?\d"), "zero")
    )


def date_format(text: Column, pattern: Column) -> Column:
    """Return the format that a date or timestamp is written in, null for any other text.

    Where day and month could change places the format says both: `dd/MM/yyyy or MM/dd/yyyy`.
    """
    found = F.when(pattern == "9999-99-99", "yyyy-MM-dd").when(pattern == "9999/99/99", "yyyy/MM/dd")
    found = found.when((pattern == "99999999") & text.rlike(_COMPACT), "yyyyMMdd")
    found = found.when(pattern.startswith("9999-99-99 99:99"), "yyyy-MM-dd HH:mm:ss")
    found = found.when(pattern.startswith("9999-99-99A99:99"), "yyyy-MM-ddTHH:mm:ss")
    found = found.when(pattern.isin(*_parted(".")), "dd.MM.yyyy")
    first, second = (F.regexp_extract(text, r"^(\d+)\D(\d+)", i).cast("int") for i in (1, 2))
    for mark in ("/", "-"):
        day, month = f"dd{mark}MM{mark}yyyy", f"MM{mark}dd{mark}yyyy"
        which = F.when(first > 12, day).when(second > 12, month).otherwise(f"{day} or {month}")
        found = found.when(pattern.isin(*_parted(mark)), which)
    named = pattern.startswith("9") & (F.substring(pattern, -4, 4) == "9999")
    worded = rf"(?i)^\d{{1,2}}[ -]({'|'.join(_MONTHS)})[a-z]{{0,6}}[ -]\d{{4}}\z"
    return found.when(named & (pattern > "9") & F.contains(pattern, F.lit("a")) & text.rlike(worded), "d MMM yyyy")


def _parted(mark: str) -> tuple[str, ...]:
    return tuple(f"{day}{mark}{month}{mark}9999" for day in ("9", "99") for month in ("9", "99"))


def date_in(text: Column, format_: Column) -> Column:
    """Return the date that a text in that format says, null when there is no such day; of two readings the first."""
    day = F.substring(text, 1, 10)
    compact = F.concat_ws("-", F.substring(text, 1, 4), F.substring(text, 5, 2), F.substring(text, 7, 2))
    parts = F.split(text, r"[ ./-]")
    by_name = F.lower(F.substring(F.get(parts, F.lit(1)), 1, 3))
    month = F.array_position(F.array(*[F.lit(m) for m in _MONTHS]), by_name).cast("string")
    year, first, second = (F.get(parts, F.lit(i)) for i in (2, 0, 1))
    iso = (
        F.when(format_.startswith("yyyy-"), day)
        .when(format_ == "yyyy/MM/dd", F.translate(day, "/", "-"))
        .when(format_ == "yyyyMMdd", compact)
        .when(format_ == "d MMM yyyy", F.concat_ws("-", year, F.lpad(month, 2, "0"), F.lpad(first, 2, "0")))
        .when(format_.startswith("MM"), F.concat_ws("-", year, F.lpad(first, 2, "0"), F.lpad(second, 2, "0")))
        .when(format_.startswith("dd"), F.concat_ws("-", year, F.lpad(second, 2, "0"), F.lpad(first, 2, "0")))
    )
    return iso.try_cast("date")


def kind(pattern: Column, hint_: Column, format_: Column, year: Column) -> Column:
    """Return the kind of a text by its pattern, hint, date format and the year of its date.

    One of: email, url, uuid, ip, iban, boolean, date, timestamp, no such date, integer, decimal, decimal comma, digits (with
    leading zeros or too many for a number), phone, json, code, word, words, text.
    """
    dated = F.when(year.isNull(), "no such date").when(format_.contains("HH"), "timestamp").otherwise("date")
    zero = F.coalesce(hint_ == "zero", F.lit(False))
    dialled = rf"{_DIGITS.format(7, 18)}[9(]{_DIALLED}"
    return F.coalesce(
        F.when(hint_.isin("boolean", "url"), hint_),
        F.when(format_.isNotNull(), dated),
        *[F.when(pattern.rlike(expression), name) for name, expression in _BEFORE_DATES],
        F.when(zero & pattern.rlike(r"^9+\z"), "digits"),
        F.when(zero & pattern.rlike(dialled), "phone"),
        *[F.when(pattern.rlike(expression), name) for name, expression in (*_NUMBERS, *_AFTER_NUMBERS)],
        F.lit("text"),
    )


def number_in(text: Column) -> Column:
    """Return the number that a text says, with a decimal point or comma, null for others and for leading zeros."""
    tried = F.when((text < ":") & text.rlike(r"^[+-]?(0|[1-9][\d., ]*)?([.,]\d+)?([eE][+-]?\d{1,3})?\z"), text)
    comma = tried.rlike(r",\d+\z") & ~tried.rlike(r"^[+-]?\d{1,3}(,\d{3})+\z")
    swapped = F.translate(F.translate(tried, ". ", ""), ",", ".")
    return F.when(comma, swapped).otherwise(F.translate(tried, ",", "")).try_cast("double")
