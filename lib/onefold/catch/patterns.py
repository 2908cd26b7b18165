r"""Rewrites a regular expression of Java as one of Python that matches the same: classes, properties, quoting, lookbehind.

Java's `\s`, `\d` and `\w` are of ASCII alone; its classes can be intersected (`[\s&&[^x]]`) and name Unicode properties, which
Python's cannot. So every class is worked out as ranges of code points and written down as these.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

__all__ = ["python_pattern", "python_replacement"]

Ranges = tuple[tuple[int, int], ...]

_LAST = sys.maxunicode
_ASCII: dict[str, Ranges] = {
    "s": ((9, 13), (32, 32)),
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
# (?<=(?:^|x)y): Python's lookbehind has one width, so the two cases are taken apart.
_WIDTHS = re.compile(r"\(\?<=\(\?:\^\|([^()]*)\)([^()]*)\)")
_SCRIPTS = {
    "Latin": ("LATIN ",),
    "Han": ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "CJK RADICAL", "KANGXI RADICAL", "IDEOGRAPHIC ITERATION MARK"),
    "Hiragana": ("HIRAGANA ",),
    "Katakana": ("KATAKANA ",),
    "Hangul": ("HANGUL ",),
}
_QUOTED = re.compile(r"\\Q(.*?)\\E", re.DOTALL)


def python_pattern(java: str) -> str:
    r"""Return the pattern for Python's `re`.

    >>> python_pattern(r"^\d+\z"), bool(re.search(python_pattern(r"[\s&&[^ ]]"), "a\tb"))
    ('^[0-9]+\\Z', True)
    """
    quoted = _QUOTED.sub(lambda found: "".join(_literal(ord(c)) for c in found.group(1)), java)
    parted = _WIDTHS.sub(r"(?:(?<=^\2)|(?<=\1\2))", quoted)
    out: list[str] = []
    at = 0
    while at < len(parted):
        letter = parted[at]
        if letter == "[":
            ranges, at = _class(parted, at + 1)
            out.append(_written(ranges))
        elif letter == "\\":
            piece, at = _escape(parted, at)
            out.append(piece)
        else:
            out.append(letter)
            at += 1
    return "".join(out)


def python_replacement(java: str) -> str:
    r"""Return the replacement text for Python: `$1` is `\g<1>`.

    >>> python_replacement("0$1")
    '0\\g<1>'
    """
    unescaped = re.sub(r"\\(.)", lambda found: "\\\\" if found.group(1) == "\\" else found.group(1), java)
    return re.sub(r"\$(\d)", r"\\g<\1>", unescaped)


def _escape(text: str, at: int) -> tuple[str, int]:
    """Return an escape outside a class, rewritten, and the place after it."""
    letter = text[at + 1]
    if letter == "z":
        return "\\Z", at + 2
    if letter.lower() in "sdw" or letter in "pP":
        ranges, end = _set(text, at)
        return _written(ranges), end
    return text[at : at + 2], at + 2


def _set(text: str, at: int) -> tuple[Ranges, int]:
    r"""Return the characters of an escape such as \s, \D or \p{L}, and the place after it."""
    letter = text[at + 1]
    if letter in "pP":
        end = text.index("}", at)
        ranges, end = _property(text[at + 3 : end]), end + 1
    else:
        ranges, end = _ASCII[letter.lower()], at + 2
    return (_without(ranges) if letter.isupper() else ranges), end


def _class(text: str, at: int) -> tuple[Ranges, int]:
    """Return the characters of a class whose opening bracket stands before `at`, and the place after its end."""
    negated = text[at] == "^"
    at += negated
    found: list[tuple[int, int]] = []
    both: Ranges | None = None
    while text[at] != "]":
        if text.startswith("&&", at):
            both, found, at = _common(both, _joined(found)), [], at + 2
        elif text[at] == "[":
            inner, at = _class(text, at + 1)
            found += inner
        elif text[at] == "\\" and text[at + 1] in "sdwSDWpP":
            inner, at = _set(text, at)
            found += inner
        else:
            first, at = _character(text, at)
            last = first
            if text[at] == "-" and text[at + 1] not in "]":
                last, at = _character(text, at + 1)
            found.append((first, last))
    ranges = _common(both, _joined(found))
    return (_without(ranges) if negated else ranges), at + 1


def _character(text: str, at: int) -> tuple[int, int]:
    if text[at] != "\\":
        return ord(text[at]), at + 1
    letter = text[at + 1]
    if letter == "u":
        return int(text[at + 2 : at + 6], 16), at + 6
    if letter == "x":
        return int(text[at + 2 : at + 4], 16), at + 4
    return {"t": 9, "n": 10, "f": 12, "r": 13}.get(letter, ord(letter)), at + 2


def _joined(ranges: list[tuple[int, int]]) -> Ranges:
    out: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return tuple(out)


def _without(ranges: Ranges) -> Ranges:
    out, at = [], 0
    for first, last in ranges:
        if first > at:
            out.append((at, first - 1))
        at = last + 1
    return tuple([*out, (at, _LAST)] if at <= _LAST else out)


def _common(left: Ranges | None, right: Ranges) -> Ranges:
    return right if left is None else _without(_joined([*_without(left), *_without(right)]))


def _literal(code: int) -> str:
    return chr(code) if chr(code).isalnum() and code < 128 else f"\\U{code:08x}"


def _written(ranges: Ranges) -> str:
    """Return the class in Python's words, the smaller of itself and its complement."""
    other = _without(ranges)
    negated = len(other) < len(ranges)
    parts = (
        _literal(first) if first == last else f"{_literal(first)}-{_literal(last)}"
        for first, last in (other if negated else ranges)
    )
    return f"[{'^' * negated}{''.join(parts)}]"


@cache
def _property(name: str) -> Ranges:
    """Return the characters of a Unicode category, or of a script by what its letters are called.

    Raises:
        ValueError: for a script that is not known here.
    """
    if name.startswith("Is"):
        words = _SCRIPTS.get(name.removeprefix("Is"))
        if words is None:
            raise ValueError(f"characters of the script {name} are not known here; add it to the scripts of catch/patterns.py")
        return _joined([(code, code) for code in range(0x33480) if any(w in unicodedata.name(chr(code), "") for w in words)])
    return _joined([part for category, ranges in _categories().items() if category.startswith(name) for part in ranges])


@cache
def _categories() -> dict[str, list[tuple[int, int]]]:
    """Return the characters of every Unicode category, found in one pass."""
    found: dict[str, list[tuple[int, int]]] = {}
    first, before = 0, unicodedata.category(chr(0))
    for code in range(1, _LAST + 2):
        category = unicodedata.category(chr(code)) if code <= _LAST else ""
        if category != before:
            found.setdefault(before, []).append((first, code - 1))
            first, before = code, category
    return found
