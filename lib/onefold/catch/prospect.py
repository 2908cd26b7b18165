"""Reads a prospect: a JSON object of canonical attributes, its names checked, in the form that standardising starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from onefold.errors import DataContractError

__all__ = ["ProspectError", "read_prospect"]

_SINGLE = (
    "full_name", "name_title", "given_name", "middle_name", "family_name", "name_suffix", "gender", "company_name", "country",
    "birth_date",
)  # fmt: skip
_ADDRESS = ("line", "line2", "full", "house_number", "street", "city", "region", "postcode")
_NAMED = {"address": "full", "address_line": "line"}
_LISTS = {"email": "email", "emails": "email", "phone": "phone", "phones": "phone"}
_IDENTIFIERS = {"duns": "duns", "vat": "vat", "registration_number": "registration", "lei": "lei", "tax": "tax"}
_OTHER = ("entity_type", "addresses", "default_country")
_TYPES = ("person", "company")


class ProspectError(DataContractError):
    """A prospect that cannot be looked for: not an object, empty, or with attributes that nobody knows."""


def read_prospect(prospect: Mapping[str, Any], attributes: Iterable[str], default_country: str | None) -> dict[str, Any]:
    """Return the prospect as a raw row: texts, lists of e-mails, phones, addresses and identifiers, and its entity type.

    Args:
        prospect: canonical attributes; `emails`, `phones` and `addresses` may be lists.
        attributes: further attributes that the configuration adds.
        default_country: ISO country of a prospect that names none.

    Raises:
        ProspectError: when it is empty, or has an attribute or a form of one that is not known; never with its values.
    """
    further = tuple(attributes)
    _refuse_unknown(prospect, further)
    given = {name: value for name, value in prospect.items() if not _blank(value)}
    if not set(given) - {"entity_type", "default_country", "country"}:
        raise ProspectError("the prospect is empty", hint="give what is known of it, e.g. given_name, family_name, email")
    country = _text(given, "country")
    row: dict[str, Any] = {name: _text(given, name) for name in _SINGLE}
    row |= {f"attribute_{name}": _text(given, name) for name in further}
    row["raw"] = {name: value for name, value in row.items() if value is not None and not name.startswith("attribute_")}
    row["raw"] |= {name: _text(given, name) for name in further if name in given}
    row["emails"] = _texts(given, "email", "emails")
    row["phones"] = [{"raw": text, "region": None, "kind": None} for text in _texts(given, "phone", "phones")]
    row["addresses"] = _addresses(given, country)
    row["identifiers"] = [
        {"scheme": scheme, "raw": _text(given, name), "country": None} for name, scheme in _IDENTIFIERS.items() if name in given
    ]
    row |= {"consents": [], "name_order": "auto", "as_of": datetime.now(UTC).replace(tzinfo=None)}
    row["default_country"] = _text(given, "default_country") or default_country
    row["entity_type"] = _entity_type(given)
    return row


def _refuse_unknown(prospect: object, further: tuple[str, ...]) -> None:
    if not isinstance(prospect, Mapping):
        raise ProspectError("a prospect is a JSON object of attributes", hint='e.g. {"given_name": "...", "email": "..."}')
    known = (*_SINGLE, *_ADDRESS, *_NAMED, *_LISTS, *_IDENTIFIERS, *_OTHER, *further)
    for name in prospect:
        if name not in known:
            near = get_close_matches(str(name), known, n=2)
            hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"
            raise ProspectError(f"the prospect has an attribute {str(name)[:60]!r}, which is not known", hint=hint)


def _entity_type(given: Mapping[str, Any]) -> str:
    said = given.get("entity_type")
    if said is None:
        is_person = any(name in given for name in ("full_name", "given_name", "family_name", "birth_date"))
        return "person" if is_person or "company_name" not in given else "company"
    if said not in _TYPES:
        raise ProspectError("entity_type of the prospect is neither person nor company", hint=f"give one of {', '.join(_TYPES)}")
    return str(said)


def _blank(value: object) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def _text(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name)
    if isinstance(value, list | dict | bool):
        raise ProspectError(f"attribute {name} of the prospect is not a single text", hint="give it as a JSON string")
    return None if value is None else str(value)


def _texts(given: Mapping[str, Any], *names: str) -> list[str]:
    found: list[str] = []
    for name in names:
        value = given.get(name)
        items = value if isinstance(value, list) else [value]
        if any(not isinstance(item, str | int | None) for item in items):
            raise ProspectError(f"attribute {name} of the prospect is neither a text nor a list of texts")
        found += [str(item) for item in items if not _blank(item)]
    return found


def _addresses(given: Mapping[str, Any], country: str | None) -> list[dict[str, Any]]:
    """Return the addresses: the one whose parts stand in the prospect itself, then those of its list."""
    listed = given.get("addresses") or []
    if not isinstance(listed, list) or any(not isinstance(item, Mapping) for item in listed):
        raise ProspectError("attribute addresses of the prospect is not a list of objects")
    parts = (*_ADDRESS, "country")
    for item in listed:
        strange = [name for name in item if name not in parts]
        if strange:
            near = get_close_matches(str(strange[0]), parts, n=2)
            hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(parts)}"
            raise ProspectError(f"an address of the prospect has a part {str(strange[0])[:60]!r}, which is not known", hint=hint)
    own = {name: _text(given, name) for name in _ADDRESS}
    own |= {part: own[part] or _text(given, name) for name, part in _NAMED.items()}
    found = [own | {"country": country}, *({name: _text(item, name) for name in parts} for item in listed)]
    return [{"kind": None, **one} for one in found if any(one[name] for name in _ADDRESS)]
