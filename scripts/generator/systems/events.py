"""Event lists: an Excel workbook of registrations and attendance; a key of two columns, real Excel dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.columns import Array, Columns, chosen, digits, joined, where
from generator.systems import fields
from generator.workbooks import WorkbookExport

__all__ = ["EVENTS", "SHEETS", "layout", "opened"]

SHEETS = ("Registrations", "Attendance")
EVENTS = ("EXPO25-BER", "SUMMIT25-LON", "FORUM25-PAR", "EXPO25-NYC", "EXPO26-BER", "SUMMIT26-LON", "FORUM26-MIL", "EXPO26-NYC")


def opened(folder: Path, stem: str) -> WorkbookExport:
    """Return the export's writer."""
    return WorkbookExport(folder, stem, SHEETS)


def layout(records: Columns, number: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Return the columns of the registrations and their keys (event and badge, joined by |)."""
    size = len(number)
    event = chosen(rng, EVENTS, size)
    badge = digits(number + 1, 6)
    name = where(rng.random(size) < 0.1, joined(", ", records["family"], records["given"]), fields.person_name(records))
    columns: Columns = {
        "Event": event, "Badge_No": badge, "Attendee": name, "Company": records["company"],
        "Job_Title": where(rng.random(size) < 0.7, records["job"], None), "E-Mail": records["email"],
        "Phone": fields.mobile(records, "free", rng), "City": records["city"],
        "Postcode": where(rng.random(size) < 0.5, records["postcode"], None),
        "Country": fields.COUNTRY_NAMES[records["country"]],
        "Contact_Consent": fields.choice(records["email_consent"], {"in": "yes", "out": "no"}),
        "Registered_On": (records["created_at"] // 60 * 60).astype("datetime64[s]"),
    }  # fmt: skip
    return columns, event + "|" + badge
