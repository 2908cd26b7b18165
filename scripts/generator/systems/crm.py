"""The new CRM: CSV in UTF-8, people and companies mixed, free-text notes that may hold commas, quotes and line breaks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.columns import Array, Columns, chosen, digits, where
from generator.dates import days, instants
from generator.exports import CsvExport
from generator.systems import fields

__all__ = ["BROKEN", "layout", "opened"]

BROKEN = ("C-BROKEN1,PERSON,only,four", "C-BROKEN2", "C-BROKEN3,ORG" + ",x" * 40)
_NOTES = (
    "Called back, wants a quote", 'Prefers "Premium" plan', "Met at the fair.\nSend catalogue, then call", "VIP",
    "do not call before 10", 'Spoke to assistant\n"urgent", see ticket', "Zahlung per Rechnung; Skonto 2 %",
)  # fmt: skip


def opened(folder: Path, stem: str) -> CsvExport:
    """Return the export's writer; the system exports 10,000 records a file."""
    return CsvExport(folder, stem, suffix="csv", limit=10_000)


def layout(records: Columns, number: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Return the system's columns and keys."""
    size = len(number)
    key = "C-" + digits(number + 1, 8)
    company = records["is_company"] == 1
    missing = rng.random(size) < 0.006
    consent, call = (fields.choice(records[n], {"in": "true", "out": "false"}) for n in ("email_consent", "phone_consent"))
    stated = (consent != None) | (call != None)  # noqa: E711 - element-wise on objects
    email2 = records["email2"]
    columns: Columns = {
        "customer_id": key, "record_type": where(company, "ORG", "PERSON"), "salutation": records["title"],
        "first_name": where(missing & ~company & (records["given"] != None), "N/A", records["given"]),  # noqa: E711
        "middle_name": records["middle"], "last_name": records["family"], "suffix": records["suffix"],
        "birth_date": where(company, None, days(records["birth"], "iso")), "company": records["company"],
        "job_title": records["job"], "email": records["email"], "email_2": email2,
        "phone": fields.landline(records, "spaced", rng), "mobile": fields.mobile(records, "spaced", rng),
        "street": fields.street_line(records), "street_2": records["unit"], "city": records["city"],
        "state": records["region"], "zip": records["postcode"], "country": fields.COUNTRY_CODES[records["country"]],
        "duns": records["duns"], "vat_id": records["vat"], "registration_no": records["registration"],
        "industry": records["industry"], "email_opt_in": consent, "phone_opt_in": call,
        "opt_in_date": where(stated, days(records["consent_at"] // 86_400, "iso"), None),
        "notes": where(rng.random(size) < 0.06, chosen(rng, _NOTES, size), None),
        "owner": chosen(rng, ("j.ortiz", "m.weber", "s.okafor", "t.lindqvist", "a.rossi"), size),
        "created_at": instants(records["created_at"], "iso"), "updated_at": instants(records["updated_at"], "iso"),
    }  # fmt: skip
    return columns, key
