"""The support desk: gzipped CSV of requesters, whole names in one field, dates dd/MM/yyyy, phones as typed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.columns import Array, Columns, chosen, digits, edited, joined, where
from generator.dates import instants
from generator.exports import CsvExport
from generator.systems import fields

__all__ = ["layout", "opened"]


def opened(folder: Path, stem: str) -> CsvExport:
    """Return the export's writer."""
    return CsvExport(folder, stem, suffix="csv.gz")


def layout(records: Columns, number: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Return the system's columns and keys."""
    size = len(number)
    key = "RQ" + digits(number + 1, 7)
    company = records["is_company"] == 1
    number_ = fields.number_or(fields.mobile(records, "free", rng), fields.landline(records, "free", rng))
    extension = company & (number_ != None) & (rng.random(size) < 0.2)  # noqa: E711 - element-wise on objects
    number_ = where(extension, joined(" ext. ", number_, digits(rng.integers(10, 400, size), 1)), number_)
    columns: Columns = {
        "requester_id": key, "requester_type": where(company, "organisation", "person"),
        "name": edited(fields.person_name(records), rng.random(size) < 0.04, lambda text, _: text.lower(), rng),
        "organisation": records["company"], "email": records["email"], "phone": number_, "address": fields.street_line(records),
        "town": records["city"], "postcode": where(rng.random(size) < 0.7, records["postcode"], None),
        "country": fields.COUNTRY_CODES[records["country"]], "language": chosen(rng, ("en", "de", "fr", "es"), size),
        "satisfaction": chosen(rng, ("", "1", "2", "3", "4", "5"), size, (40, 4, 6, 12, 20, 18)),
        "created": instants(records["created_at"], "slash"), "updated": instants(records["updated_at"], "slash"),
    }  # fmt: skip
    return columns, key
