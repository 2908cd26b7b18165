"""A flat table of companies with abbreviations, slips, gaps, moves, branches and groups, and its truth in another file.

A company is what has its own D-U-N-S number: the subsidiaries of a group share a name and a web domain, and are not one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from generator.columns import Array, Columns, digits, edited, taken, texts, where
from generator.company_names import abbreviated, acronym, draw_cores, draw_descriptors
from generator.countries import CODES, COUNTRIES
from generator.identifiers import duns_numbers, registrations, vat_numbers
from generator.streets import draw_streets
from generator.typos import email_slip, slip, swapped_digits
from generator.vocabulary import places
from peers.people import folded, glued

__all__ = ["write_companies"]

_COPIES = (0.45, 0.25, 0.14, 0.09, 0.07)


def write_companies(records: int, folder: Path, seed: int) -> None:
    """Write `records.parquet` (exactly this many rows) and `truth.parquet` (unique_id, entity_id)."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng((seed, 1))
    companies = _companies(rng, round(records / 2.0))
    rows, owner = _records(rng, companies)
    keep = rng.permutation(len(owner))[:records]
    numbers = np.arange(len(keep))
    table = pa.table({"unique_id": numbers, **{k: pa.array(v[keep], pa.string()) for k, v in rows.items()}})
    pq.write_table(table, folder / "records.parquet")
    pq.write_table(pa.table({"unique_id": numbers, "entity_id": owner[keep]}), folder / "truth.parquet")


def _addresses(rng: np.random.Generator, country: Array) -> Columns:
    pool = places()
    at = pool.draw(rng, country)
    street, _ = draw_streets(rng, country)
    return {
        "postcode": folded(pool.get("postcode", at)),
        "city": folded(pool.get("place", at)),
        "street": folded(street),
        "house_number": (1 + (180 * rng.random(len(country)) ** 2).astype(np.int64)).astype(str).astype(object),
    }


def _companies(rng: np.random.Generator, size: int) -> Columns:
    """Draw companies; every tenth belongs to the group of the one before it: same name and domain, own everything else."""
    share = np.asarray([c.share for c in COUNTRIES], dtype=float)
    country = rng.choice(len(COUNTRIES), size, p=share / share.sum())
    address = _addresses(rng, country)
    core = draw_cores(rng, country, address["city"])
    sister = rng.random(size) < 0.1
    sister[0] = False
    parent = np.maximum.accumulate(np.where(sister, 0, np.arange(size)))
    core = core[parent]
    name = folded(core + " " + draw_descriptors(rng, country)[np.where(rng.random(size) < 0.5, parent, np.arange(size))])
    serial = np.arange(1, size + 1)
    tld = texts(c.tld for c in COUNTRIES)[country[parent]]
    plain = texts("".join(ch for ch in text.lower() if ch.isascii() and ch.isalnum()) for text in core)
    domain = glued(plain, rng.integers(1, 99, size)[parent].astype(str).astype(object), ".", tld)
    return {
        "name": name,
        "domain": domain,
        "country": texts(CODES)[country],
        "duns": duns_numbers(serial),
        "vat": _lower(vat_numbers(country, serial)),
        "registration_number": _lower(registrations(country, serial)),
        "phone": glued("+", texts(c.calling for c in COUNTRIES)[country], digits(rng.integers(10**8, 10**9, size), 9)),
        "phone_2": glued("+", texts(c.calling for c in COUNTRIES)[country], digits(rng.integers(10**8, 10**9, size), 9)),
        **address,
        **{f"{key}_2": values for key, values in _addresses(rng, country).items()},
    }


def _lower(values: Array) -> Array:
    return texts(value.lower() if value else None for value in values)


def _records(rng: np.random.Generator, companies: Columns) -> tuple[Columns, Array]:
    copies = 1 + rng.choice(len(_COPIES), len(companies["name"]), p=_COPIES)
    owner = np.repeat(np.arange(len(copies)), copies)
    c = taken(companies, owner)

    def some(share: float) -> Array:
        return np.asarray(rng.random(len(owner)) < share)

    name = edited(c["name"], some(0.08), lambda text, _: abbreviated(text.title(), 0).lower(), rng)
    name = edited(name, some(0.06), lambda text, _: text.rpartition(" ")[0] or text, rng)
    name = edited(name, some(0.06), slip, rng)
    name = edited(name, some(0.02), lambda text, _: acronym(text).lower(), rng)
    elsewhere = some(0.08)
    address = {key: where(elsewhere, c[f"{key}_2"], c[key]) for key in ("street", "house_number", "city", "postcode")}
    address["street"] = edited(address["street"], some(0.05), slip, rng)
    nowhere = some(0.1)
    box = texts(("info", "office", "sales", "kontakt", "mail"))[rng.integers(0, 5, len(owner))]
    columns = {
        "company_key": name,
        "country": where(some(0.03), None, c["country"]),
        "duns": where(some(0.65), None, edited(c["duns"], some(0.01), swapped_digits, rng)),
        "vat": where(some(0.6), None, edited(c["vat"], some(0.01), swapped_digits, rng)),
        "registration_number": where(some(0.7), None, c["registration_number"]),
        "email": where(some(0.4), None, edited(glued(box, "@", c["domain"]), some(0.02), email_slip, rng)),
        "phone": where(some(0.4), None, edited(where(some(0.15), c["phone_2"], c["phone"]), some(0.03), swapped_digits, rng)),
        **{key: where(nowhere, None, values) for key, values in address.items()},
    }
    return columns, owner
