"""The shop and licence server: Parquet with typed columns, people and companies, billing and delivery addresses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from generator.columns import Array, Columns, texts, where
from generator.exports import ParquetExport
from generator.record import NO_DAY
from generator.systems import fields

__all__ = ["SCHEMA", "layout", "opened"]

_TIME = pa.timestamp("us", tz="UTC")
_TEXT = ("account_type", "given_name", "family_name", "company_name", "email", "phone", "billing_street", "billing_house_no",
         "billing_city", "billing_region", "billing_postcode", "billing_country", "vat_number")  # fmt: skip
SCHEMA = pa.schema(
    [("customer_id", pa.int64()), *((name, pa.string()) for name in _TEXT), ("birth_date", pa.date32()),
     ("newsletter", pa.bool_()), ("newsletter_at", _TIME), ("licences", pa.int32()), ("lifetime_value", pa.float64()),
     ("created_at", _TIME), ("updated_at", _TIME)]
)  # fmt: skip


def opened(folder: Path, stem: str) -> ParquetExport:
    """Return the export's writer."""
    return ParquetExport(folder, stem, schema=SCHEMA)


def layout(records: Columns, number: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Return the system's columns and keys."""
    size = len(number)
    identity = 500_000 + number
    company = records["is_company"] == 1
    phone = fields.number_or(fields.mobile(records, "e164", rng), fields.landline(records, "e164", rng))
    consent = records["email_consent"]
    no_consent = consent == None  # noqa: E711 - element-wise on objects
    times = {name: (records[name] * 1_000_000).astype("datetime64[us]") for name in ("created_at", "updated_at", "consent_at")}
    birth = where(company | (records["birth"] == NO_DAY), None, records["birth"].astype("datetime64[D]").astype(object))
    columns: Columns = {
        "customer_id": identity, "account_type": where(company, "B2B", "B2C"), "given_name": records["given"],
        "family_name": records["family"], "company_name": records["company"], "email": records["email"], "phone": phone,
        "billing_street": records["street"], "billing_house_no": records["house"], "billing_city": records["city"],
        "billing_region": records["region"], "billing_postcode": records["postcode"],
        "billing_country": fields.COUNTRY_CODES[records["country"]], "vat_number": records["vat"], "birth_date": birth,
        "newsletter": where(no_consent, None, consent == "in"),
        "newsletter_at": where(no_consent, None, times["consent_at"].astype(object)),
        "licences": rng.geometric(0.4, size), "lifetime_value": np.round(np.exp(rng.normal(5.2, 1.1, size)), 2),
        "created_at": times["created_at"], "updated_at": times["updated_at"],
    }  # fmt: skip
    return columns, texts(str(n) for n in identity.tolist())
