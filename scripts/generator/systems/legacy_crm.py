"""The legacy CRM: fixed width, latin-1, upper case, dates as yyyyMMdd, people as FAMILY, GIVEN."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.columns import Array, Columns, digits, edited, joined, mapped, where
from generator.dates import days
from generator.exports import FixedWidthExport
from generator.record import NO_DAY
from generator.systems import fields

__all__ = ["BROKEN", "WIDTHS", "layout", "opened"]

WIDTHS: dict[str, int] = {
    "CUSTNO": 10, "CTYPE": 1, "TITLE": 4, "NAME": 40, "FIRM": 45, "ADDR1": 35, "ADDR2": 15, "CITY": 25, "STATE": 22, "ZIP": 10,
    "CTRY": 2, "PHONE1": 20, "PHONE2": 20, "EMAIL": 50, "DOB": 8, "DUNS": 11, "STATUS": 1, "MAILOK": 1, "MAILDT": 8, "OPENED": 8,
    "CHANGED": 8,
}  # fmt: skip
BROKEN = ("0000999991PMR  CUT, OFF", "0000999992CSHORT LINE GMBH")


def opened(folder: Path, stem: str) -> FixedWidthExport:
    """Return the export's writer."""
    return FixedWidthExport(folder, stem, suffix="dat", encoding="latin-1", widths=WIDTHS)


def _latin(values: Array) -> Array:
    """Return upper-case text that latin-1 can hold; what it cannot becomes a question mark."""
    upper = mapped(values, str.upper)
    return mapped(upper, lambda text: text.encode("latin-1", "replace").decode("latin-1"))


def layout(records: Columns, number: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Return the system's columns and keys."""
    key = digits(100_000 + number * 3, 10)
    company = records["is_company"] == 1
    given = joined(" ", records["given"], records["middle"], records["suffix"])
    turned = rng.random(len(key)) < 0.03
    name = joined(", ", records["family"], given)
    name = where(turned, fields.person_name(records), name)
    lost = rng.random(len(key)) < 0.01
    birth = np.where(company, NO_DAY, records["birth"])
    consent = fields.choice(records["email_consent"], {"in": "Y", "out": "N"})
    columns: Columns = {
        "CUSTNO": key, "CTYPE": where(company, "C", "P"), "TITLE": mapped(records["title"], lambda t: t.replace(".", "")),
        "NAME": where(company, None, name), "FIRM": records["company"], "ADDR1": fields.street_line(records),
        "ADDR2": records["unit"], "CITY": where(lost & (records["city"] != None), "-", records["city"]),  # noqa: E711
        "STATE": records["region"], "ZIP": records["postcode"], "CTRY": fields.COUNTRY_CODES[records["country"]],
        "PHONE1": fields.landline(records, "plain", rng), "PHONE2": fields.mobile(records, "plain", rng),
        "EMAIL": edited(records["email"], rng.random(len(key)) < 0.5, lambda text, _: text.lower(), rng),
        "DOB": days(birth, "compact"), "DUNS": records["duns"],
        "STATUS": where(rng.random(len(key)) < 0.85, "A", "I"), "MAILOK": consent,
        "MAILDT": where(consent == None, None, days(records["consent_at"] // 86_400, "compact")),  # noqa: E711
        "OPENED": days(records["created_at"] // 86_400, "compact"), "CHANGED": days(records["updated_at"] // 86_400, "compact"),
    }  # fmt: skip
    return {name: _latin(values) for name, values in columns.items()}, key
