"""Two records side by side, attribute by attribute, with what differs marked: for the person who asks, never for a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.silver import PARTY

__all__ = ["MARKS", "Line", "Mark", "Segment", "party_values", "segments", "side_by_side", "title_of"]

Mark = Literal["same", "close", "differs", "one side"]
MARKS: dict[Mark, str] = {"same": "=", "close": "≈", "differs": "≠", "one side": "·"}
Segment = tuple[str, bool]
"""A piece of text and whether it differs from the other side."""

_SHOWN = {
    "full_name": "name",
    "given_name": "given name",
    "middle_name": "middle name",
    "family_name": "family name",
    "name_suffix": "suffix",
    "gender": "gender",
    "birth_date": "born",
    "company_name": "company",
    "legal_form": "legal form",
    "emails": "e-mail",
    "phones": "phone",
    "addresses": "address",
    "duns": "D-U-N-S",
    "vat": "VAT",
    "registration_number": "registration",
    "identifiers": "identifiers",
}
_CLOSE = 0.75


@dataclass(frozen=True)
class Line:
    """One attribute of two records: both values as text, and how they compare."""

    attribute: str
    left: str
    right: str
    mark: Mark


def party_values(parties: DataFrame, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the rows of these records by record id.

    Args:
        parties: silver/party.
        ids: the record ids asked for.
    """
    known = [name for name in parties.columns if name in _SHOWN or name not in PARTY.column_names]
    wanted = parties.where(F.col("record_id").isin(*sorted(set(ids)))).select("record_id", "source", "entity_type", *known)
    # bounded: the records asked for
    return {row["record_id"]: row.asDict(recursive=True) for row in wanted.toLocalIterator()}


def title_of(row: Mapping[str, Any]) -> str:
    """Return the name of the person or company."""
    first, second = ("company_name", "full_name") if row.get("entity_type") == "company" else ("full_name", "company_name")
    return str(row.get(first) or row.get(second) or "")


def side_by_side(left: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[Line, ...]:
    """Return every attribute that one of the two records has."""
    names = dict.fromkeys([*_SHOWN, *(k for k in left if k not in ("record_id", "source", "entity_type"))])
    lines = []
    for name in names:
        one, other = _values(name, left.get(name)), _values(name, right.get(name))
        if one or other:
            lines.append(Line(_SHOWN.get(name, name.replace("_", " ")), "\n".join(one), "\n".join(other), _mark(one, other)))
    return tuple(lines)


def _values(name: str, value: Any) -> list[str]:
    """Return the values of an attribute as texts, each once."""
    if value is None or value == []:
        return []
    if not isinstance(value, list):
        return [str(value)]
    texts = [_text(name, item) if isinstance(item, dict) else str(item) for item in value]
    return list(dict.fromkeys(text for text in texts if text))


def _text(name: str, item: Mapping[str, Any]) -> str:
    def part(key: str) -> str:
        return str(item.get(key) or "")

    if name == "addresses":
        street = " ".join(p for p in (part("street"), part("house_number"), part("unit")) if p)
        place = " ".join(p for p in (part("postcode"), part("city")) if p)
        return ", ".join(p for p in (street, place, part("region"), part("country")) if p)
    if name == "identifiers":
        return f"{part('scheme')} {part('value')}" if part("value") else ""
    return part("value") or part("raw")


def _mark(left: list[str], right: list[str]) -> Mark:
    if not left or not right:
        return "one side"
    one, other = ({text.casefold() for text in side} for side in (left, right))
    if one == other:
        return "same"
    near = one & other or any(SequenceMatcher(None, a, b).ratio() >= _CLOSE for a in one for b in other)
    return "close" if near else "differs"


def segments(left: str, right: str) -> tuple[list[Segment], list[Segment]]:
    """Return both texts cut into pieces, each with whether the other side has it at that place.

    >>> segments("Meyer", "Meier")
    ([('Me', False), ('y', True), ('er', False)], [('Me', False), ('i', True), ('er', False)])
    """
    one: list[Segment] = []
    other: list[Segment] = []
    for step, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if b > a:
            one.append((left[a:b], step != "equal"))
        if d > c:
            other.append((right[c:d], step != "equal"))
    return one, other
