"""Checks of how a text is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, MapType

from onefold.quality.checks.value import Value

__all__ = ["charset", "keyboard_mash", "length", "mojibake", "pattern", "placeholder_name", "repeated_characters"]

_UNPRINTABLE = r"[\p{Cc}&&[^\t\r\n]]|\x{FFFD}"
# UTF-8 read as Latin-1 or Windows-1252: a lead byte, then what a byte from 80 to BF looks like.
_AFTER = "\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d"
_AFTER += "\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178"
_MOJIBAKE = f"[\u00c2\u00c3\u00c4\u00c5\u00d0\u00d1][{_AFTER}]|\u00e2\u20ac|\u00ef\u00bb\u00bf|\ufffd"
_ROWS = ("qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "wxcvbn")
_DIGITS = "01234567890"
PLACEHOLDERS = (
    "test", "tester", "testing", "test user", "test test", "testuser", "test customer", "testkunde", "dummy", "fake", "sample",
    "example", "foo", "foobar", "foo bar", "john doe", "jane doe", "doe john", "doe jane", "max mustermann", "erika mustermann",
    "mustermann", "musterfrau", "mustermann max", "juan perez prueba", "prueba", "unknown", "unbekannt", "inconnu", "desconocido",
    "anonymous", "anonym", "anonyme", "nobody", "no name", "noname", "not given", "not provided", "not known", "n.n.",
    "first name", "last name", "firstname", "lastname", "given name", "family name", "surname", "vorname", "nachname",
    "full name", "your name", "lorem ipsum", "do not use", "donotuse", "deleted", "xxx", "yyy", "zzz", "abc", "abcd", "xyz",
)  # fmt: skip


def pattern(v: Value) -> Column:
    r"""Pass what matches as a whole: between \A and \z, for $ would let a line break pass at the end."""
    p = v.params
    found = v.text.rlike(p.pattern if p.part else rf"\A(?:{p.pattern})\z")
    return ~found if p.negate else found


def length(v: Value) -> Column:
    """Pass texts of so many characters, and lists of so many elements."""
    many = F.size(v.column) if isinstance(v.type, ArrayType | MapType) else F.length(v.column.cast("string"))
    return F.when(v.column.isNotNull(), (many >= (v.params.min or 0)) & (many <= (v.params.max or 2**31 - 1)))


def charset(v: Value) -> Column:
    """Pass texts of allowed characters only."""
    wanted = {
        "printable": ~v.text.rlike(_UNPRINTABLE),
        "latin": ~v.text.rlike(rf"{_UNPRINTABLE}|[\p{{L}}&&[^\p{{IsLatin}}]]"),
        "ascii": v.text.rlike(r"\A[\x20-\x7E]*\z"),
        "digits": v.text.rlike(r"\A[0-9]*\z"),
    }
    return wanted[v.params.allow]


def mojibake(v: Value) -> Column:
    """Pass texts that do not look decoded by a wrong encoding."""
    beyond_ascii = F.octet_length(v.text) != F.length(v.text)
    return ~(beyond_ascii & v.text.rlike(_MOJIBAKE))


def repeated_characters(v: Value) -> Column:
    """Pass texts in which no letter or digit stands many times in a row."""
    return ~v.text.rlike(rf"(?iu)([\p{{L}}\p{{N}}])\1{{{v.params.times - 1},}}")


def keyboard_mash(v: Value) -> Column:
    """Pass texts that hold no run of five letters along the keyboard, and are not four such letters or digits themselves."""
    bare = F.lower(F.regexp_replace(v.text, r"[^\p{L}\p{N}]", ""))
    letters = {run for row in _ROWS for run in _runs(row, 5)}
    whole = {run for row in _ROWS for run in _runs(row, 4)} | _long_runs(_DIGITS)
    inside = bare.rlike(_with_one_of(letters)) & bare.rlike("|".join(sorted(letters)))
    return ~(inside | bare.isin(*sorted(whole)))


def placeholder_name(v: Value) -> Column:
    """Pass texts that are not a stand-in for a name."""
    words = sorted({*PLACEHOLDERS, *(w.strip().lower() for w in v.params.values)})
    loose = v.text.contains(",") | v.text.rlike(r"\s\s|[^\S ]")
    tidy = F.when(loose, F.regexp_replace(v.text, r"[\s,]+", " ")).otherwise(v.text)
    return ~F.lower(F.trim(tidy)).isin(words)


def _with_one_of(runs: Collection[str]) -> str:
    """Return a short pattern that every one of the runs has: few pairs of neighbouring letters, so that each run holds one.

    What has none of them is told apart at a fraction of the cost of trying all runs.

    >>> _with_one_of({"asdfg", "sdfgh", "qwert"})
    'df|er'
    """
    pairs: list[str] = []
    left = set(runs)
    while left:
        count = Counter(run[i : i + 2] for run in sorted(left) for i in range(len(run) - 1))
        pairs.append(min(count, key=lambda pair: (-count[pair], pair)))
        left = {run for run in left if pairs[-1] not in run}
    return "|".join(pairs)


def _runs(row: str, size: int) -> set[str]:
    """Return the pieces of a row of keys, forwards and backwards.

    >>> sorted(_runs("abc", 2))
    ['ab', 'ba', 'bc', 'cb']
    """
    return {w[i : i + size] for w in (row, row[::-1]) for i in range(len(w) - size + 1)}


def _long_runs(row: str) -> set[str]:
    return {run for size in range(4, len(row) + 1) for run in _runs(row, size)}
