"""Makes clean raw records of people and companies in ten countries; nobody in here exists."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import phonenumbers

from generator.countries import CODES, COUNTRIES, Country
from generator.identifiers import duns_numbers, registrations, vat_numbers

__all__ = ["AS_OF", "COLUMNS", "MAPPING", "Record", "clean_records", "number_in"]

Record = dict[str, Any]
AS_OF = date(2026, 11, 1)
COLUMNS = (
    "id", "type", "title", "given", "family", "gender", "born", "firm", "street", "house", "city", "region", "zip", "country",
    "mail", "mobile", "fixed", "vat", "duns", "reg", "opt", "opt_at", "opt_again", "created", "changed",
)  # fmt: skip
_CODES = {"Y": "opt_in", "N": "opt_out"}
MAPPING: dict[str, Any] = {
    "name_title": "title", "given_name": "given", "family_name": "family", "gender": "gender",
    "birth_date": {"column": "born", "format": "yyyy-MM-dd"}, "company_name": "firm", "country": "country", "emails": ["mail"],
    "phones": [{"column": "mobile", "kind": "mobile"}, {"column": "fixed", "kind": "fixed"}],
    "addresses": [
        {"kind": "home", "street": "street", "house_number": "house", "city": "city", "region": "region", "postcode": "zip",
         "country": "country"}
    ],
    "identifiers": [
        {"scheme": "vat", "column": "vat"}, {"scheme": "duns", "column": "duns"}, {"scheme": "registration", "column": "reg"}
    ],
    "consents": [
        {"channel": "email", "column": "opt", "values": _CODES, "captured_at": {"column": "opt_at", "format": "yyyy-MM-dd"}},
        {"channel": "email", "column": "opt_again", "values": _CODES},
    ],
    "created_at": {"column": "created", "format": "yyyy-MM-dd"}, "updated_at": {"column": "changed", "format": "yyyy-MM-dd"},
}  # fmt: skip
"""How the columns map to the canonical model, as a source's YAML would say it."""

_REFERENCE = Path(__file__).resolve().parents[2] / "generator" / "reference"
_FORMS = {
    "US": ("Inc", "LLC", "Corp"), "GB": ("Ltd", "PLC", "LLP"), "DE": ("GmbH", "AG", "GmbH & Co. KG"), "FR": ("SARL", "SAS", "SA"),
    "NL": ("BV", "NV"), "SE": ("AB",), "IT": ("Srl", "SpA"), "ES": ("SL", "SA"), "AU": ("Pty Ltd",), "BR": ("Ltda", "SA"),
}  # fmt: skip
_STREETS = {
    "DE": ("Hauptstraße", "Bahnhofstraße", "Lindenweg", "Goethestraße", "Am Markt"),
    "FR": ("Rue Victor Hugo", "Avenue de la Gare"),
    "NL": ("Dorpsstraat", "Stationsweg", "Molenlaan"), "SE": ("Storgatan", "Kungsgatan"), "IT": ("Via Garibaldi", "Corso Italia"),
    "ES": ("Calle Mayor", "Avenida de la Constitución"), "BR": ("Rua das Flores", "Avenida Brasil"),
}  # fmt: skip
_ENGLISH_STREETS = ("High Street", "Maple Avenue", "Church Lane", "Station Road", "Park Drive", "Washington Boulevard")
_TRADES = ("Logistics", "Systems", "Foods", "Engineering", "Textiles", "Medical", "Consulting", "Energy", "Optics", "Furniture")
_BRAZIL = {"Minas Gerais": "MG", "Sao Paulo": "SP", "Bahia": "BA", "Rio de Janeiro": "RJ", "Parana": "PR", "Santa Catarina": "SC"}


def clean_records(size: int, seed: int, companies: float = 0.35) -> list[Record]:
    """Return so many records with nothing wrong in them, people and companies, the same for the same seed."""
    rng = random.Random(seed)
    countries = [COUNTRIES[CODES.index(code)] for code in _FORMS]
    chosen = rng.choices(countries, weights=[c.share for c in countries], k=size)
    serial = np.arange(size) + seed * 1_000_003
    codes = np.asarray([CODES.index(c.code) for c in chosen])
    numbers = {"vat": vat_numbers(codes, serial), "duns": duns_numbers(serial), "reg": registrations(codes, serial)}
    records = []
    for row, country in enumerate(chosen):
        record = dict.fromkeys(COLUMNS) | {"id": f"K{row + 100_000}", "type": "P", "country": country.code}
        _place(record, country, rng)
        if rng.random() < companies:
            _company(record, country, row, {name: values[row] for name, values in numbers.items()}, rng)
        else:
            _person(record, country, row, rng)
        _times(record, rng)
        records.append(record)
    return records


def number_in(country: Country, kind: str, rng: random.Random) -> str:
    """Return a phone number that the country's numbering plan knows, in international form."""
    plan = country.mobile if kind == "mobile" else country.fixed
    while True:
        area = rng.choice(plan.areas)
        rest = rng.choice(plan.first) + "".join(rng.choice("0123456789") for _ in range(plan.length - 1))
        text = f"+{country.calling} {area} {rest}"
        number = phonenumbers.parse(text, None)
        plain = len(set(rest[-7:])) > 2
        if plain and phonenumbers.is_valid_number(number) and phonenumbers.region_code_for_number(number) == country.code:
            return text


def _person(record: Record, country: Country, row: int, rng: random.Random) -> None:
    gender, given = rng.choice(_names("given_names.csv")[country.code])
    _, family = rng.choice(_names("surnames.csv")[country.code])
    while _ascii(family) == _ascii(given):
        _, family = rng.choice(_names("surnames.csv")[country.code])
    record |= {"given": given, "family": family, "gender": gender}
    record["title"] = rng.choice(("Mr", None)) if gender == "M" else rng.choice(("Ms", None))
    record["born"] = str(date(1945, 1, 2) + timedelta(days=rng.randrange(58 * 365)))
    record["mail"] = f"{_ascii(given)}.{_ascii(family)}{row}@{rng.choice(country.mail)}"
    record["mobile"] = number_in(country, "mobile", rng)
    record["opt"] = rng.choice("YYN")
    record["opt_at"] = str(AS_OF - timedelta(days=rng.randrange(30, 600)))


def _company(record: Record, country: Country, row: int, numbers: dict[str, Any], rng: random.Random) -> None:
    _, family = rng.choice(_names("surnames.csv")[country.code])
    trade = rng.choice(_TRADES)
    record |= {"type": "C", "firm": f"{family} {trade} {rng.choice(_FORMS[country.code])}", **numbers}
    record["mail"] = f"{rng.choice(('info', 'office', 'sales'))}@{_ascii(family)}-{trade.lower()}{row}.{country.tld}"
    record["fixed"] = number_in(country, "fixed", rng)


def _place(record: Record, country: Country, rng: random.Random) -> None:
    place = rng.choice(_places()[country.code])
    region = _BRAZIL.get(place["region"]) if country.code == "BR" else place["region"]
    coded = country.code in ("US", "AU", "BR", "IT")
    postcode = place["postcode"]
    if country.code in ("GB", "NL"):  # the places have the first half only
        letters = rng.choice("ABDEGHJLNPQRTUWXYZ") + rng.choice("ABDEGHJLNPQRTUWXYZ")
        postcode += f" {rng.randrange(1, 10)}{letters}" if country.code == "GB" else f" {letters}"
    record |= {"city": place["place"], "zip": postcode, "region": region if coded else None}
    record["street"] = rng.choice(_STREETS.get(country.code, _ENGLISH_STREETS))
    record["house"] = str(rng.randrange(1, 250))


def _times(record: Record, rng: random.Random) -> None:
    created = AS_OF - timedelta(days=rng.randrange(400, 4000))
    record["created"] = str(created)
    record["changed"] = str(created + timedelta(days=rng.randrange(1, (AS_OF - created).days)))


def _ascii(text: str) -> str:
    plain = text.lower().translate(str.maketrans("äöüßéèêëáàâãåçñíìîïóòôõøúùûÿý", "aouseeeeaaaaacniiiiooooouuuyy"))
    return "".join(c for c in plain if c.isascii() and c.isalpha()) or "x"


@lru_cache(maxsize=4)
def _names(file: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(file):
        if row["name"] != "Nil":  # a Catalan name that the base configuration takes for a word that means nothing
            found[row["country"]].append((row.get("gender", ""), row["name"]))
    return found


@lru_cache(maxsize=1)
def _places() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows("places.csv"):
        remark = row["country"] not in ("GB", "NL") and any(c.isalpha() for c in row["postcode"])  # 70301 AIR
        if row["country"] in _FORMS and not remark and (row["country"] != "BR" or row["region"] in _BRAZIL):
            found[row["country"]].append(row)
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
