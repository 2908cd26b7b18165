"""Reads dates and timestamps by declared patterns; the impossible and the improbable become null with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["ambiguous_reason", "birth_date_reason", "either_way", "patterns", "read_date", "read_dates", "read_timestamp"]

_LATEST_YEAR = 9998
_DEFAULT_DATES = ("1900-01-01", "1970-01-01", "1899-12-30", "1753-01-01", "0001-01-01")


def patterns(declared: str | None, otherwise: Sequence[str]) -> tuple[str, ...]:
    """Return the patterns of a mapping (`dd.MM.yyyy|yyyy-MM-dd`), or the general ones when it names none.

    >>> patterns("dd.MM.yyyy|yyyy-MM-dd", ["yyyyMMdd"])
    ('dd.MM.yyyy', 'yyyy-MM-dd')
    """
    return tuple(p.strip() for p in declared.split("|")) if declared else tuple(otherwise)


def read_dates(text: Column, formats: Sequence[str]) -> Column:
    """Return the different dates that the text can be by the patterns, in their order; more than one is ambiguous.

    A time of day after the date is left out; single digits may stand for two (1.2.2001). ISO dates are always read.
    """
    day = F.regexp_replace(F.trim(text), r"(?<=\d)[T ]\d{1,2}:\d{2}.*\z", "")
    day = F.regexp_replace(day, r"(?<!\d)(\d)(?!\d)", "0$1")
    wanted = [*formats, *(["yyyy-MM-dd"] if "yyyy-MM-dd" not in formats else [])]
    return F.array_distinct(F.array_compact(F.array(*[F.try_to_date(day, _two_digit_days(f)) for f in wanted])))


def _two_digit_days(pattern: str) -> str:
    """Spell single `d` and `M` as two, since the text's single digits were padded."""
    out: list[str] = []
    quoted = False
    for position, letter in enumerate(pattern):
        quoted ^= letter == "'"
        lone = letter in "dM" and letter not in (pattern[position - 1 : position], pattern[position + 1 : position + 2])
        out.append(letter * 2 if lone and not quoted else letter)
    return "".join(out)


def either_way(formats: Sequence[str]) -> tuple[str, ...]:
    """Return patterns with those added that put month and day the other way round, where day and month are numbers.

    A mapping that names no pattern leaves open which way its dates are written; a day above twelve then tells, and 03/04/1980
    has two readings. Points are day first everywhere, and years first are month next.

    >>> either_way(["yyyy-MM-dd", "dd/MM/yyyy", "dd.MM.yyyy"])
    ('yyyy-MM-dd', 'dd/MM/yyyy', 'dd.MM.yyyy', 'MM/dd/yyyy')
    """
    swaps = {"dd": "MM", "MM": "dd"}
    parted = ((f, f.split(mark), mark) for f in formats for mark in "/-" if mark in f)
    swapped = (m.join((swaps[p[0]], swaps[p[1]], p[2])) for _, p, m in parted if len(p) == 3 and {*p[:2]} == {"dd", "MM"})
    return tuple(dict.fromkeys((*formats, *swapped)))


def ambiguous_reason(dates: Column) -> Column:
    """Return the doubt about a date with several readings: of day and month, or of any other kind; null for one reading."""
    first, second = F.get(dates, F.lit(0)), F.get(dates, F.lit(1))
    swapped = (F.dayofmonth(first) == F.month(second)) & (F.month(first) == F.dayofmonth(second))
    return F.when(F.size(dates) > 1, F.when(swapped, "birth_date:ambiguous_day_month").otherwise("birth_date:ambiguous"))


def read_date(text: Column, formats: Sequence[str]) -> Column:
    """Return the first date that the text can be, or null."""
    return F.get(read_dates(text, formats), F.lit(0))


def read_timestamp(text: Column, formats: Sequence[str]) -> Column:
    """Return the instant (UTC where the text names no offset) by the patterns, ISO 8601, or the count since 1970."""
    trimmed = F.trim(text)
    iso = F.when(trimmed.rlike(r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}.*)?\z"), trimmed.try_cast("timestamp"))
    seconds = F.when(trimmed.rlike(r"^1\d{9}\z"), F.timestamp_seconds(trimmed.cast("bigint")))
    millis = F.when(trimmed.rlike(r"^1\d{12}\z"), F.timestamp_millis(trimmed.cast("bigint")))
    declared = [F.try_to_timestamp(trimmed, F.lit(f)) for f in formats]
    return F.coalesce(*declared, iso, seconds, millis, read_date(trimmed, formats).cast("timestamp"))


def birth_date_reason(dates: Column, as_of: Column, earliest_year: int) -> Column:
    """Return why a birth date is refused (its candidates, the file's business time), null when it is accepted.

    `future` is judged against the file, not today, so that a rebuild years later decides the same.
    """
    first = F.get(dates, F.lit(0))
    return (
        F.when(F.size(dates) == 0, "syntax")
        .when(F.year(first) > _LATEST_YEAR, "placeholder")
        .when(first.cast("string").isin(*_DEFAULT_DATES), "default")
        .when(first > F.date_add(F.to_date(as_of), 1), "future")
        .when(F.year(first) < earliest_year, "too_early")
    )
