"""What stands where a value should be and says nothing: placeholders, filler digits, filler dates, filler e-mails.

Only what no honest record holds is named here. A value that is real but shared by absurdly many records (a switchboard,
the first of January) is not junk: the cap on block sizes handles it.
"""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["JUNK", "usable", "usable_date"]

_WORDS = (
    *("n/a", "n.a.", "n.a", "na", "#n/a", "none", "null", "(null)", "nil", "nan", "undefined", "unknown", "unbekannt", "inconnu"),
    *("desconocido", "desconhecido", "sconosciuto", "onbekend", "nieznany", "not available", "not applicable", "not known"),
    *("not provided", "not given", "no name", "noname", "no data", "no email", "noemail", "no address", "no phone"),
    *("keine", "keine angabe", "k.a.", "tbd", "tba", "tbc", "to be determined", "to be confirmed", "missing", "empty"),
    *("test", "testing", "test test", "test user", "test company", "dummy", "default", "example", "asdf", "asdfgh"),
    *("qwerty", "qwertz", "foobar", "foo bar", "lorem ipsum", "xx", "xxx", "xxxx", "do not use", "donotuse"),
    *("john doe", "max mustermann", "erika mustermann", "anonymous", "anonym", "anonymous anonymous"),
)
_EMAILS = (
    *("test@test.com", "test@test.de", "test@example.com", "none@none.com", "no@no.com", "no@email.com", "na@na.com"),
    *("noemail@noemail.com", "a@a.com", "a@b.com", "a@b.c", "abc@abc.com", "asdf@asdf.com", "xxx@xxx.com", "x@x.com"),
    *("email@email.com", "mail@mail.com", "info@info.com", "user@example.com", "name@domain.com", "nobody@nowhere.com"),
)
_DATES = (
    *("0001-01-01", "1111-11-11", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1904-01-01"),
    *("1970-01-01", "2222-02-22", "2999-12-31", "9999-01-01", "9999-12-31"),
)
JUNK = (*_WORDS, *_EMAILS, *_DATES)
"""Whole values that never are a reason to compare two records; compared without case and outer spaces."""

# One character five times or more; a number that ends in seven equal digits; a run of ascending or descending digits.
_FILLER = (
    r"^(?:(.)\1{4,}|\W*\d{0,4}(\d)\2{6,}|\W*\d{0,4}?(?:0?1234567(?:8(?:90?)?)?|0?987654(?:3(?:2(?:10?)?)?)?))$"
    r"|^(?:no-?reply|no-?e?mail|none|nobody|unknown|invalid|dummy)\d*@|@(?:example|invalid|localhost)(?:\.[a-z]+)?$"
)


def usable(value: Column, junk: tuple[str, ...] = ()) -> Column:
    """Return the text without outer spaces; null when it is empty, a placeholder or filler.

    Args:
        value: a text.
        junk: further whole values that say nothing here, compared like `JUNK`.
    """
    text = F.trim(value)
    is_junk = (text == "") | F.lower(text).isin(*_words(junk)) | (_may_be_filler(text) & text.rlike(_FILLER))
    return F.when(~is_junk, text)


def usable_date(text: Column, junk: tuple[str, ...] = ()) -> Column:
    """Return the text of a date column as `usable` does: it has no spaces and its shape is never filler's."""
    return F.when(~text.isin(*_words(junk)), text)


def _words(junk: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys((*JUNK, *(word.strip().lower() for word in junk))))


def _may_be_filler(text: Column) -> Column:
    """Tell, at a small part of the cost of the pattern, whether it can match: true whenever it does.

    It matches five equal characters at the start, an e-mail that begins or goes on after its @ in a few ways, or six characters
    or more that begin with no small Latin letter.
    """
    five_equal = F.substring(text, 1, 4) == F.substring(text, 2, 4)
    begins = reduce(lambda a, b: a | b, (text.startswith(begin) for begin in _BEGINS))
    goes_on = reduce(lambda a, b: a | b, (text.contains(domain) for domain in _DOMAINS))
    small_letter = (text >= "a") & (text < "{")  # "{" comes after "z"
    return five_equal | (text.contains("@") & (begins | goes_on)) | (~small_letter & (F.length(text) >= 6))


_BEGINS = ("no", "unknown", "invalid", "dummy")
_DOMAINS = ("@example", "@invalid", "@localhost")
