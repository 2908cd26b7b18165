"""The ERP: semicolons, latin-1, German headings, dates dd.MM.yyyy, decimal commas, mostly companies."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.columns import Array, Columns, chosen, mapped, texts, where
from generator.countries import COUNTRIES
from generator.dates import days
from generator.exports import CsvExport
from generator.systems import fields

__all__ = ["layout", "opened"]

_GERMAN_NAMES = texts(c.german for c in COUNTRIES)


def opened(folder: Path, stem: str) -> CsvExport:
    """Return the export's writer."""
    return CsvExport(folder, stem, suffix="csv", delimiter=";", encoding="latin-1")


def _money(amounts: Array) -> Array:
    """Write amounts as 1.234,56."""
    return texts(f"{a:,.2f}".translate(str.maketrans(",.", ".,")) for a in amounts.tolist())


def layout(records: Columns, number: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Return the system's columns and keys."""
    size = len(number)
    key = texts(str(n) for n in (10_000_000 + number).tolist())
    company = records["is_company"] == 1
    title = mapped(records["title"], lambda t: {"Mr": "Herr", "Mrs": "Frau"}.get(t, t))
    consent = fields.choice(records["email_consent"], {"in": "J", "out": "N"})
    columns: Columns = {
        "KundenNr": key, "Kundenart": where(company, "F", "P"), "Anrede": where(company, "Firma", title),
        "Firma": records["company"], "Vorname": records["given"], "Nachname": records["family"],
        "Geburtsdatum": where(company, None, days(records["birth"], "german")), "Strasse": records["street"],
        "HausNr": records["house"], "PLZ": records["postcode"], "Ort": records["city"], "Land": _GERMAN_NAMES[records["country"]],
        "Telefon": fields.landline(records, "german", rng), "Mobil": fields.mobile(records, "german", rng),
        "EMail": records["email"], "UStIdNr": records["vat"], "DUNS": records["duns"],
        "HandelsregisterNr": records["registration"],
        "Mitarbeiter": texts(str(n) if n else None for n in records["employees"].tolist()),
        "Kreditlimit": _money(np.round(np.exp(rng.normal(8.5, 1.2, size)), 2)),
        "Zahlungsziel": chosen(rng, ("30 Tage netto", "14 Tage 2 % Skonto", "sofort"), size),
        "Werbung": consent,
        "Angelegt_am": days(records["created_at"] // 86_400, "german"),
        "Geaendert_am": days(records["updated_at"] // 86_400, "german"),
    }  # fmt: skip
    return {
        name: mapped(values, lambda t: t.encode("latin-1", "replace").decode("latin-1")) for name, values in columns.items()
    }, key
