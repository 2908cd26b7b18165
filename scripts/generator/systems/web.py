"""Web analytics: nested JSON lines of signed-in visitors; little more than a name, an e-mail and where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from generator.columns import Array, Columns, chosen, texts, where
from generator.dates import days, instants
from generator.exports import JsonLinesExport
from generator.record import NO_DAY
from generator.systems import fields

__all__ = ["layout", "opened"]


_FIELDS = (
    "visitor", "email", "name", "phone", "birth", "company", "city", "region", "code", "postcode", "kind", "browser", "pages",
    "consent", "consent_at", "first", "last",
)  # fmt: skip


def _shape(*row: Any) -> dict[str, Any]:
    """Return the nested object of one visitor, given the values of _FIELDS."""
    v = dict(zip(_FIELDS, row, strict=True))
    return {
        "visitor_id": v["visitor"],
        "user": {"email": v["email"], "name": v["name"], "phone": v["phone"], "birthdate": v["birth"], "company": v["company"]},
        "geo": {"city": v["city"], "region": v["region"], "country": v["code"], "postcode": v["postcode"]},
        "device": {"type": v["kind"], "browser": v["browser"]},
        "consent": {"newsletter": v["consent"], "at": v["consent_at"]},
        "pageviews": v["pages"], "first_seen": v["first"], "last_seen": v["last"],
    }  # fmt: skip


def opened(folder: Path, stem: str) -> JsonLinesExport:
    """Return the export's writer."""
    return JsonLinesExport(folder, stem, suffix="jsonl", shape=_shape)


def layout(records: Columns, number: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Return the system's columns (in the order of the nested shape) and keys."""
    size = len(number)
    key = texts(f"{n * 2_654_435_761 % 2**32:08x}-{n:06x}" for n in number.tolist())
    name = fields.person_name(records)
    name = where(rng.random(size) < 0.06, texts(text.lower() if text else None for text in name), name)
    birth = np.where(records["birth"] == 0, NO_DAY, records["birth"])
    consent = fields.choice(records["email_consent"], {"in": "granted", "out": "denied"})
    columns: Columns = {
        "visitor": key, "email": records["email"], "name": name, "phone": fields.mobile(records, "e164", rng),
        "birth": days(birth, "iso"), "company": records["company"], "city": records["city"],
        "region": where(rng.random(size) < 0.3, records["region"], None), "code": fields.COUNTRY_CODES[records["country"]],
        "postcode": where(rng.random(size) < 0.45, records["postcode"], None),
        "kind": chosen(rng, ("desktop", "mobile", "tablet"), size, (50, 44, 6)),
        "browser": chosen(rng, ("Chrome", "Safari", "Firefox", "Edge"), size, (60, 22, 8, 10)),
        "pages": rng.geometric(0.04, size), "consent": consent,
        "consent_at": where(consent == None, None, instants(records["consent_at"], "zulu")),  # noqa: E711
        "first": instants(records["created_at"], "zulu"), "last": instants(records["updated_at"], "zulu"),
    }  # fmt: skip
    return {name: columns[name] for name in _FIELDS}, key
