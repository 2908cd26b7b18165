"""Decides the type of a column from the kinds of its values."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["infer_type"]

_PLAIN = {"word": "text", "words": "text", "text": "text"}
_COMPACT = "yyyyMMdd"
_PHONE_NAME = ("phone", "tel", "mobil", "fax", "handy", "cell", "gsm")


def infer_type(
    name: str, kinds: Mapping[str, float], formats: Mapping[str, float], values: Mapping[str | None, float], least: float
) -> tuple[str, float]:
    """Return the inferred type and the share of the values that fit it.

    Args:
        name: the column's name, which tells a phone number from any other number.
        kinds: share of each kind of value (`onefold.profile.kinds`).
        formats: share of each date format.
        values: share of the most frequent values.
        least: share that a type needs; where none has it the type is `mixed`.

    >>> infer_type("zip", {"integer": 0.9, "digits": 0.1}, {}, {}, 0.9)
    ('code', 1.0)
    >>> infer_type("joined", {"date": 0.97, "word": 0.03}, {"dd.MM.yyyy": 0.97}, {}, 0.9)
    ('date', 0.97)
    """
    if not kinds:
        return "empty", 1.0
    shares = _joined(kinds, formats)
    if kinds.get("integer", 0.0) >= least and {v for v in values if v is not None} in ({"0", "1"}, {"0"}, {"1"}):
        return "boolean", round(kinds["integer"], 4)
    if any(word in name.lower() for word in _PHONE_NAME):
        dialled = sum(kinds.get(kind, 0.0) for kind in ("phone", "digits", "integer"))
        if dialled >= least:
            return "phone", round(dialled, 4)
    best, share = max(shares.items(), key=lambda item: (round(item[1], 6), -_ORDER.index(item[0])))
    return (best, round(min(share, 1.0), 4)) if share >= least else ("mixed", round(share, 4))


_ORDER = (
    *("email", "url", "uuid", "ip", "iban", "boolean", "date", "timestamp", "integer", "decimal", "decimal comma", "code"),
    *("phone", "json", "text"),
)


def _joined(kinds: Mapping[str, float], formats: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each type: kinds that a type takes in are counted with it."""
    got = dict.fromkeys(_ORDER, 0.0)
    for kind, share in kinds.items():
        got[_PLAIN.get(kind, kind) if kind not in ("no such date", "digits") else "date" if kind != "digits" else "code"] += share
    compact = formats.get(_COMPACT, 0.0)
    if compact and got["integer"] > compact:  # numbers of eight digits some of which look like days
        got["integer"] += compact
        got["date"] -= compact
    digits = kinds.get("digits", 0.0)
    if digits > 0.001:  # leading zeros: what else looks like a number is a code too
        got["code"] += got["integer"] + kinds.get("phone", 0.0)
        got["integer"] = 0.0
    elif got["code"] > 0.05 and got["integer"]:
        got["code"] += got["integer"]
    if got["decimal comma"] > 0:
        got["decimal comma"] += got["integer"]
    if got["decimal"] > 0:
        got["decimal"] += got["integer"]
    if got["timestamp"] > 0 and got["date"] < got["timestamp"]:
        got["timestamp"] += got["date"]
    if 0 < got["timestamp"] <= got["date"]:
        got["date"] += got["timestamp"]
    spoken = sum(share for kind, share in kinds.items() if kind in _PLAIN)
    if spoken >= 0.3:  # names, streets and notes hold codes and numbers too
        got["text"] = sum(kinds.values()) - sum(got[k] for k in ("email", "url", "date", "timestamp"))
    return got
