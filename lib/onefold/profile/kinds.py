"""What kind of thing a text is: a number, a date and its format, an e-mail address, a phone number, a code."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["NUMBER", "date_format", "date_in", "kind", "number_in"]

NUMBER = r"^[+-]?(0|[1-9]\d{0,17})(\.\d{1,18})?\z"
"""Plain numbers, which every value of a table is looked at for: no leading zeros, which make a code."""

_DAY_FIRST = {"/": r"^\d{1,2}/\d{1,2}/\d{4}\z", "-": r"^\d{1,2}-\d{1,2}-\d{4}\z", ".": r"^\d{1,2}\.\d{1,2}\.\d{4}\z"}
_TIME = r"\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDY = rf"(?i)^\d{{1,2}}[ -]({'|'.join(_MONTHS)})[a-z]{{0,6}}[ -]\d{{4}}\z"
_YEAR_FIRST = {"yyyy-MM-dd": r"^\d{4}-\d{2}-\d{2}\z", "yyyy/MM/dd": r"^\d{4}/\d{2}/\d{2}\z"}
_COMPACT = r"^(1[89]|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\z"

_DIGITS_OF = r"^(?=(?:\D*\d){{{},{}}}\D*\z)"
_DIALLED = r"[\d\s()./-]{5,24}(?: ?(?:x|ext\.?) ?\d{1,6})?\z"

_BEFORE_DATES = (
    ("email", r"^[^@\s,;<>]{1,64}@[^@\s.,;<>]+(\.[^@\s.,;<>]+)+\z"),
    ("url", r"^(?i)((https?|ftp)://|www\.)\S+\z"),
    ("uuid", r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\z"),
    ("ip", r"^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\z"),
    ("iban", r"^(?=[A-Z0-9 ]{15,42}\z)[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,4})?\z"),
    ("boolean", r"^(?i)(true|false|yes|no|y|n|t|f|ja|nein|oui|non|si|sí)\z"),
)
_AFTER_DATES = (
    ("integer", r"^[+-]?(0|[1-9]\d{0,17})\z"),
    ("decimal", r"^[+-]?((\d+|\d{1,3}(,\d{3})+)\.\d+([eE][+-]?\d{1,3})?|\d{1,3}(,\d{3})+|\d+[eE][+-]?\d{1,3})\z"),
    ("decimal comma", r"^[+-]?(\d+|\d{1,3}([. ]\d{3})+),\d+\z"),
    ("digits", r"^\d+\z"),
    ("phone", rf"{_DIGITS_OF.format(7, 18)}(\+|00|\(|0){_DIALLED}|{_DIGITS_OF.format(10, 18)}\d{_DIALLED}"),
    ("json", r"^\s*[\[{][\s\S]*[\]}]\s*\z"),
    ("code", r"^(?=\D*\d)[A-Za-z0-9][A-Za-z0-9._/:#-]{0,39}\z|^(?=\D*\d)[A-Z0-9]{1,5}[ -][A-Z0-9]{1,5}\z|^[A-Z]{2,3}\z"),
    ("word", r"^[\p{L}\p{M}'’.-]+\z"),
    ("words", r"^\S+(\s+\S+){0,4}\z"),
)


def date_format(text: Column) -> Column:
    """Return the format that a date or timestamp is written in, null for any other text.

    Where day and month could change places the format says both: `dd/MM/yyyy or MM/dd/yyyy`.
    """
    found = [F.when(text.rlike(expression), format_) for format_, expression in _YEAR_FIRST.items()]
    found += [F.when(text.rlike(_COMPACT), "yyyyMMdd"), F.when(text.rlike(_DAY_FIRST["."]), "dd.MM.yyyy")]
    for mark in ("/", "-"):
        day, month = f"dd{mark}MM{mark}yyyy", f"MM{mark}dd{mark}yyyy"
        first, second = (F.regexp_extract(text, r"^(\d+)\D(\d+)", i).cast("int") for i in (1, 2))
        which = F.when(first > 12, day).when(second > 12, month).otherwise(f"{day} or {month}")
        found.append(F.when(text.rlike(_DAY_FIRST[mark]), which))
    found.append(F.when(text.rlike(_WORDY), "d MMM yyyy"))
    for between in (" ", "T"):
        found.append(F.when(text.rlike(rf"^\d{{4}}-\d{{2}}-\d{{2}}{between}{_TIME}\z"), f"yyyy-MM-dd{between}HH:mm:ss"))
    return F.coalesce(*found)


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


def kind(text: Column, format_: Column, date: Column) -> Column:
    """Return the kind of a trimmed text.

    One of: email, url, uuid, ip, iban, boolean, date, timestamp, no such date, integer, decimal, decimal comma, digits (with
    leading zeros or too many for a number), phone, json, code, word, words, text.
    """
    dated = F.when(date.isNull(), "no such date").when(format_.contains("HH"), "timestamp").otherwise("date")
    before = [F.when(text.rlike(expression), name) for name, expression in _BEFORE_DATES]
    after = [F.when(text.rlike(expression), name) for name, expression in _AFTER_DATES]
    return F.coalesce(*before, F.when(format_.isNotNull(), dated), *after, F.lit("text"))


def number_in(text: Column, kind_: Column) -> Column:
    """Return the number that a text of a number's kind says, null for others."""
    plain = F.when(kind_.isin("integer", "decimal"), F.translate(text, ",", ""))
    comma = F.when(kind_ == "decimal comma", F.translate(F.translate(text, ". ", ""), ",", "."))
    return reduce(lambda a, b: F.coalesce(a, b), (plain, comma)).try_cast("double")
