"""Marketing automation: JSON lines of contacts, people only, E.164 phones, subscriptions with their time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.columns import Array, Columns, chosen, digits, where
from generator.dates import days, instants
from generator.exports import JsonLinesExport
from generator.systems import fields

__all__ = ["BROKEN", "layout", "opened"]

BROKEN = ('{"contact_id":"MC-BROKEN1","email":"cut off', '{"contact_id":"MC-BROKEN2","email":}')


def opened(folder: Path, stem: str) -> JsonLinesExport:
    """Return the export's writer."""
    return JsonLinesExport(folder, stem, suffix="jsonl")


def layout(records: Columns, number: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Return the system's columns and keys."""
    size = len(number)
    key = "MC-" + digits(number + 1, 8)
    status = fields.choice(records["email_consent"], {"in": "subscribed", "out": "unsubscribed"})
    sms = fields.choice(records["phone_consent"], {"in": "yes", "out": "no"})
    columns: Columns = {
        "contact_id": key, "email": records["email"], "first_name": records["given"], "last_name": records["family"],
        "birthday": days(records["birth"], "iso"), "mobile": fields.mobile(records, "e164", rng), "company": records["company"],
        "job_title": where(rng.random(size) < 0.5, records["job"], None), "street": fields.street_line(records),
        "postal_code": records["postcode"], "city": records["city"], "country": fields.COUNTRY_NAMES[records["country"]],
        "email_status": status,
        "email_status_at": where(status == None, None, instants(records["consent_at"], "zulu")),  # noqa: E711
        "sms_opt_in": sms, "lead_score": rng.integers(0, 101, size),
        "lists": chosen(rng, ("newsletter", "newsletter;product", "product", "trial"), size),
        "created_at": instants(records["created_at"], "zulu"), "updated_at": instants(records["updated_at"], "zulu"),
    }  # fmt: skip
    return columns, key
