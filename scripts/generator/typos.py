"""Slips of people and scanners on one text: neighbouring keys, letters swapped, lost, doubled, misread, misheard."""

from __future__ import annotations

__all__ = ["digit_slip", "email_slip", "slip", "swapped_digits"]

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {c: row[max(i - 1, 0) : i] + row[i + 1 : i + 2] for row in _ROWS for i, c in enumerate(row)}
_MISREAD = (("m", "rn"), ("l", "1"), ("o", "0"), ("i", "l"), ("s", "5"), ("b", "6"), ("cl", "d"), ("n", "ri"), ("e", "c"))
_MISHEARD = (
    ("ph", "f"), ("ck", "k"), ("th", "t"), ("sch", "sh"), ("ie", "y"), ("ei", "ai"), ("c", "k"), ("z", "s"), ("v", "w"),
    ("y", "i"),
    ("ll", "l"), ("nn", "n"), ("tt", "t"), ("ss", "s"), ("dt", "t"), ("f", "v"), ("d", "t"), ("e", "a"), ("k", "c"), ("i", "y"),
)  # fmt: skip
_BAD_DOMAINS = (
    ("gmail.com", "gmial.com"),
    ("hotmail", "hotmal"),
    (".com", ".con"),
    ("yahoo", "yaho"),
    ("gmx", "gxm"),
    (".de", ".ed"),
)


def _replaced(text: str, pairs: tuple[tuple[str, str], ...], draw: int) -> str:
    """Replace one occurrence of one of the pairs that apply; swap letters when none does."""
    low = text.lower()
    fitting = [(old, new) for old, new in pairs if old in low[1:]]
    if not fitting:
        return _swapped(text, draw)
    old, new = fitting[draw % len(fitting)]
    at = low.index(old, 1)
    return text[:at] + new + text[at + len(old) :]


def _swapped(text: str, draw: int) -> str:
    """Swap two neighbouring characters behind the first."""
    at = 1 + draw % max(len(text) - 2, 1)
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def slip(text: str, draw: int) -> str:
    """Return the text with one slip, behind its first letter nine times in ten; texts of one or two letters stay."""
    if len(text) < 3:
        return text
    kind, rest = draw % 20, draw // 20
    at = rest % len(text) if rest % 10 == 0 else 1 + rest % (len(text) - 1)
    letter = text[at]
    if kind < 5:
        near = _NEIGHBOURS.get(letter.lower(), "e")
        new = near[rest // 64 % len(near)]
        return text[:at] + (new.upper() if letter.isupper() else new) + text[at + 1 :]
    if kind < 9:
        return text[:at] + text[at + 1 :]
    if kind < 12:
        return _swapped(text, rest)
    if kind < 14:
        return text[:at] + letter.lower() + text[at:]
    if kind < 16:
        return _replaced(text, _MISREAD, rest)
    return _replaced(text, _MISHEARD, rest)


def email_slip(text: str, draw: int) -> str:
    """Return the address with a slip in its local part or a misspelt domain."""
    local, _, domain = text.partition("@")
    if draw % 3 == 0:
        for good, bad in _BAD_DOMAINS:
            if good in domain:
                return f"{local}@{domain.replace(good, bad)}"
    return f"{slip(local, draw // 3).replace(' ', '').lower()}@{domain}"


def digit_slip(text: str, draw: int) -> str:
    """Return the text with one digit behind the first changed."""
    places = [i for i, c in enumerate(text) if c.isdigit()][1:]
    if not places:
        return text
    at = places[draw % len(places)]
    return text[:at] + str((int(text[at]) + 1 + draw // 64 % 9) % 10) + text[at + 1 :]


def swapped_digits(text: str, draw: int) -> str:
    """Return the text with two neighbouring digits exchanged (a digit changed when they are equal)."""
    places = [i for i in range(1, len(text) - 1) if text[i].isdigit() and text[i + 1].isdigit() and text[i] != text[i + 1]]
    if not places:
        return digit_slip(text, draw)
    at = places[draw % len(places)]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
