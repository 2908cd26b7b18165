"""What the functions of the pipeline's expressions do to values that are there: texts, numbers, dates; null never comes here."""

from __future__ import annotations

import json
import math
import re
import unicodedata
import zlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Literal

from onefold.catch.similarity import damerau, jaro_winkler, levenshtein, soundex

__all__ = ["FUNCTIONS", "cast"]

_Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
_EPOCH = date(1970, 1, 1)
_M64 = (1 << 64) - 1
_DATE = re.compile(r"\s*(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?\s*\Z", re.DOTALL)


def cast(value: Any, type_: Any) -> Any:
    """Return the value as a type of Spark's JSON schemas, null where it cannot be."""
    if value is None:
        return None
    if isinstance(type_, dict):
        return _cast_nested(value, type_)
    if type_ == "string":
        return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    if type_ == "date":
        return _as_day(value) if isinstance(value, date) else _date(value)
    if type_ == "timestamp":
        return value if isinstance(value, date) else _date(value)
    try:
        if type_ in ("integer", "long", "short", "byte"):
            return int(value.strip()) if isinstance(value, str) else int(value)
        return float(value) if type_ in ("double", "float") else value
    except ValueError:
        return None


def _cast_nested(value: Any, type_: dict[str, Any]) -> Any:
    if type_["type"] == "array":
        return [cast(item, type_["elementType"]) for item in value]
    if type_["type"] == "struct":
        return {f["name"]: cast(item, f["type"]) for f, item in zip(type_["fields"], value.values(), strict=True)}
    return value


def _date(text: str) -> date | None:
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_date(text: str, pattern: str) -> date | None:
    """Return the date that a text of exactly this pattern names (yyyy, yy, MM and dd beside other characters)."""
    fields = {"yyyy": r"(?P<y>\d{4})", "yy": r"(?P<s>\d{2})", "MM": r"(?P<m>\d{2})", "dd": r"(?P<d>\d{2})"}
    shape = ""
    for piece in re.finditer(r"'([^']*)'|([A-Za-z])\2*|.", pattern, re.DOTALL):
        shape += fields[piece.group()] if piece.group(2) else re.escape(piece.group(1) or piece.group())
    found = re.fullmatch(shape, text)
    if found is None:
        return None
    named = found.groupdict()
    year = int(named["y"]) if named.get("y") else 2000 + int(named.get("s") or 0)
    try:
        return date(year, int(named.get("m") or 1), int(named.get("d") or 1))
    except ValueError:
        return None


def _substring(text: Any, start: int, length: int) -> Any:
    at = start - 1 if start > 0 else len(text) + start if start < 0 else 0
    return text[max(at, 0) : max(at + length, 0)]


def _substring_index(text: str, mark: str, count: int) -> str:
    if not mark or not count:
        return ""
    parts = text.split(mark)
    return mark.join(parts[:count] if count > 0 else parts[count:])


def _split(text: str, _regex: str, _limit: int, *, p: str) -> list[str]:
    out, at = [], 0
    for found in re.finditer(p, text):
        if found.end() == 0:  # an empty match at the beginning parts nothing
            continue
        out.append(text[at : found.start()])
        at = found.end()
    return [*out, text[at:]]


def _extract(text: str, _regex: str, group: int, *, p: str) -> str:
    found = re.search(p, text)
    return (found.group(group) or "") if found else ""


def _initcap(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.lower().split(" "))


def _translate(text: str, before: str, after: str) -> str:
    table: dict[int, str | None] = {}
    for at, letter in enumerate(before):
        table.setdefault(ord(letter), after[at] if at < len(after) else None)
    return text.translate(table)


def _normal(_class: str, method: str, text: str, compatible: bool) -> str:
    forms: tuple[_Form, _Form] = ("NFKC", "NFC") if method == "compose" else ("NFKD", "NFD")
    return unicodedata.normalize(forms[0] if compatible else forms[1], text)


def _element_at(items: Any, at: Any) -> Any:
    if isinstance(items, dict):
        return items.get(at)
    place = at - 1 if at > 0 else at
    return items[place] if -len(items) <= place < len(items) else None


def _slice(items: list[Any], start: int, length: int) -> list[Any]:
    at = start - 1 if start > 0 else len(items) + start
    return items[at : at + length] if 0 <= at < len(items) else []


def _shifted(value: int, by: int) -> int:
    moved = value << (by & 63) & _M64
    return moved - (1 << 64) if moved >> 63 else moved


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return float("inf")


def _day_text(day: date, pattern: str) -> str:
    if pattern != "yyyyMMdd":
        raise ValueError(f"date pattern {pattern} is not known here")
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _add_months(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError("no such month")


def _as_day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


FUNCTIONS: dict[str, Callable[..., Any]] = {
    # texts
    "Lower": str.lower,
    "Upper": str.upper,
    "InitCap": _initcap,
    "StringTrim": lambda v: v.strip(" "),
    "Length": len,
    "OctetLength": lambda v: len(v.encode()),
    "Substring": _substring,
    "SubstringIndex": _substring_index,
    "StringReplace": lambda v, a, b: v.replace(a, b) if a else v,
    "StringTranslate": _translate,
    "Contains": lambda a, b: b in a,
    "StartsWith": lambda a, b: a.startswith(b),
    "EndsWith": lambda a, b: a.endswith(b),
    "RLike": lambda v, _regex, *, p: re.search(p, v) is not None,
    "RegExpReplace": lambda v, _regex, _to, _at, *, p, r: re.sub(p, r, v),
    "RegExpExtract": _extract,
    "StringSplit": _split,
    "SoundEx": soundex,
    "Levenshtein": levenshtein,
    "Encode": lambda v, _charset: v.encode(),
    "Crc32": zlib.crc32,
    "JsonToStructs": lambda v: json.loads(v),
    "CallMethodViaReflection": _normal,
    "Conv": lambda v, a, b: str(int(v, a)) if b == 10 else None,
    "jaro_winkler": jaro_winkler,
    "damerau_levenshtein": damerau,
    # numbers
    "Add": lambda a, b: a + b,
    "Subtract": lambda a, b: a - b,
    "Multiply": lambda a, b: a * b,
    "Divide": lambda a, b: a / b if b else None,
    "Pmod": lambda a, b: a % b if b else None,
    "UnaryMinus": lambda v: -v,
    "Abs": abs,
    "Pow": _power,
    "Logarithm": lambda base, v: math.log(v, base) if v > 0 else None,
    "BitwiseAnd": lambda a, b: a & b,
    "BitwiseOr": lambda a, b: a | b,
    "BitwiseXor": lambda a, b: a ^ b,
    "BitwiseNot": lambda v: ~v,
    "BitwiseCount": lambda v: (v & _M64).bit_count(),
    "ShiftLeft": _shifted,
    "ShiftRight": lambda a, b: a >> b,
    "EqualTo": lambda a, b: a == b,
    "GreaterThan": lambda a, b: a > b,
    "GreaterThanOrEqual": lambda a, b: a >= b,
    "LessThan": lambda a, b: a < b,
    "LessThanOrEqual": lambda a, b: a <= b,
    "Not": lambda v: not v,
    # dates
    "Year": lambda v: v.year,
    "Month": lambda v: v.month,
    "DayOfMonth": lambda v: v.day,
    "UnixDate": lambda v: (_as_day(v) - _EPOCH).days,
    "DateAdd": lambda v, days: _as_day(v) + timedelta(days=days),
    "AddMonths": _add_months,
    "DateFormatClass": _day_text,
    "GetTimestamp": _read_date,
    # lists
    "Get": lambda items, at: items[at] if 0 <= at < len(items) else None,
    "GetArrayItem": lambda items, at: items[at] if 0 <= at < len(items) else None,
    "ElementAt": _element_at,
    "GetMapValue": lambda table, key: table.get(key),
    "Slice": _slice,
    "ArrayDistinct": lambda items: list(dict.fromkeys(items)),
    "ArrayCompact": lambda items: [item for item in items if item is not None],
    "ArrayExcept": lambda a, b: list(dict.fromkeys(item for item in a if item not in b)),
    "ArrayUnion": lambda a, b: list(dict.fromkeys([*a, *b])),
    "ArrayIntersect": lambda a, b: list(dict.fromkeys(item for item in a if item in b)),
    "ArrayPosition": lambda items, wanted: items.index(wanted) + 1 if wanted in items else 0,
    "Flatten": lambda items: None if None in items else [item for inner in items for item in inner],
    "Sequence": lambda a, b: list(range(a, b + 1)) if a <= b else list(range(a, b - 1, -1)),
}
