"""Labelled samples of names, companies, addresses and phones: what a text should come apart into."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import phonenumbers

__all__ = ["Sample", "samples"]

_FAMILY_FIRST = {"CN", "TW", "KR", "HU"}
_WITHOUT_SPACE = {"CN", "TW", "KR", "JP"}
_TWO_SURNAMES = ("ES", "MX", "AR", "CL", "CO", "PE", "BO", "EC", "PA", "SV", "PT", "BR")
_PLAIN = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*\Z")
# number, street, place, postcode, region as they are written on an envelope; and street names of the country.
_FORMATS = {
    "US": ("{n} {s}, {city}, {region} {code}", ("Main St", "N Elm Avenue", "5th Ave", "Martin Luther King Blvd")),
    "GB": ("{n} {s}, {city}, {code} 1AB", ("High Street", "Station Road", "St John's Close", "The Green")),
    "AU": ("{n} {s}, {city} {region} {code}", ("George Street", "Victoria Parade", "Pacific Highway", "Church St")),
    "DE": ("{s} {n}, {code} {city}", ("Hauptstraße", "Am Markt", "Straße des 17. Juni", "Bahnhofstr.")),
    "CH": ("{s} {n}, {code} {city}", ("Bahnhofstrasse", "Rue du Rhône", "Via Nassa", "Im Feld")),
    "FR": ("{n} {s}, {code} {city}", ("rue de la Paix", "avenue Victor Hugo", "place du 8 Mai", "chemin des Vignes")),
    "BE": ("{s} {n}, {code} {city}", ("Kerkstraat", "Rue Haute", "Grote Markt", "Chaussée de Mons")),
    "NL": ("{s} {n}, {code} AB {city}", ("Damrak", "Kerkstraat", "Plein 1944", "Prins Hendrikkade")),
    "ES": ("{s} {n}, {code} {city}", ("Calle Mayor", "Avda. de América", "Plaza de España", "C/ Real")),
    "IT": ("{s} {n}, {code} {city}", ("Via Roma", "Corso Garibaldi", "Piazza Dante", "Viale XX Settembre")),
    "SE": ("{s} {n}, {code} {city}", ("Storgatan", "Kungsgatan", "Västra Hamnvägen", "Ringvägen")),
    "BR": ("{s}, {n}, {city}, {code}", ("Rua Augusta", "Avenida Paulista", "Travessa do Sol", "Alameda Santos")),
}  # fmt: skip


class Sample(NamedTuple):
    """A text, what kind it is and of which group, the country that the record states, and the parts that it should give."""

    kind: str
    group: str
    text: str
    country: str | None
    wanted: dict[str, str]


def samples(data: Path, seed: int) -> list[Sample]:
    """Return the samples of all kinds; data is the folder of truth sets and reference lists."""
    draw = random.Random(seed)
    lists = data / "reference"
    return [
        *_names(lists, draw),
        *_two_surnames(lists, draw),
        *_historical(data / "truth_sets" / "splink_historical_50k", draw),
        *_legal_terms(lists),
        *_addresses(lists / "postcodes", draw),
        *_senzing(data / "truth_sets" / "senzing_truthset"),
        *_phones(),
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _by_country(path: Path, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(path):
        name = row[column].strip()
        if name and _PLAIN.fullmatch(name) and " " not in name:
            found.setdefault(row["Country"], []).append(name)
    return {country: list(dict.fromkeys(names)) for country, names in found.items()}


def _names(lists: Path, draw: random.Random) -> Iterator[Sample]:
    """Forty names of each country, of its common given and family names, in the order and script that is usual there."""
    for column, script in (("Romanized Name", "Latin"), ("Localized Name", "own script")):
        given = _by_country(lists / "common_forenames_by_country.csv", column)
        family = _by_country(lists / "common_surnames_by_country.csv", column)
        for country in sorted(given.keys() & family.keys()):
            own = script == "own script"
            if own and all(name[0] < "\u0250" for name in family[country]):
                continue
            for _ in range(40):
                first, last = draw.choice(given[country]), draw.choice(family[country])
                if own and (first[0] < "\u0250" or last[0] < "\u0250"):
                    continue
                behind = country in _FAMILY_FIRST or (own and country in _WITHOUT_SPACE)
                gap = "" if own and country in _WITHOUT_SPACE else " "
                group = f"names, {script}, {'family first' if behind else 'given first'}"
                text = f"{last}{gap}{first}" if behind else f"{first}{gap}{last}"
                yield Sample("name", group, text, country, {"given_name": first, "family_name": last})


def _two_surnames(lists: Path, draw: random.Random) -> Iterator[Sample]:
    given = _by_country(lists / "common_forenames_by_country.csv", "Localized Name")
    family = _by_country(lists / "common_surnames_by_country.csv", "Localized Name")
    for country in sorted({*_TWO_SURNAMES} & given.keys() & family.keys()):
        for _ in range(40):
            first, (one, two) = draw.choice(given[country]), draw.sample(family[country], 2)
            wanted = {"given_name": first, "family_name": f"{one} {two}"}
            yield Sample("name", "names, two surnames", f"{first} {one} {two}", country, wanted)


def _historical(folder: Path, draw: random.Random) -> Iterator[Sample]:
    """Whole names of Wikidata people with their given and family names as the set states them."""
    rows = [r for r in _rows(folder / "records.csv") if r["full_name"] and r["first_name"] and r["surname"]]
    for row in draw.sample(rows, 3000):
        words = row["full_name"].split()
        if words[0] == row["first_name"] and row["full_name"].endswith(row["surname"]):
            wanted = {"given_name": row["first_name"], "family_name": row["surname"]}
            yield Sample("name", "names, historical_50k", row["full_name"], None, wanted)


def _legal_terms(lists: Path) -> Iterator[Sample]:
    for row in _rows(lists / "company_legal_terms_cleanco.csv"):
        if row["group_kind"] == "country":
            yield Sample(
                "company",
                "legal forms by country (cleanco)",
                f"Zephyr Foods {row['term']}",
                row["group"],
                {"company_key": "zephyr foods"},
            )


def _addresses(folder: Path, draw: random.Random) -> Iterator[Sample]:
    for country, (form, streets) in _FORMATS.items():
        places = [r for r in _rows(folder / f"{country}.csv") if _PLAIN.fullmatch(r["place"]) and "GmbH" not in r["place"]]
        for row in draw.sample(places, 150):
            number, street = str(draw.randint(1, 240)), draw.choice(streets)
            if country == "FR":  # the list writes 74166 CEDEX 3 where an envelope has it behind the city
                row["zipcode"], _, cedex = row["zipcode"].partition(" ")
                city = f"{row['place']} {cedex}".strip()
            else:
                city = row["place"]
            text = form.format(n=number, s=street, city=city, code=row["zipcode"], region=row["state_code"])
            code = {"GB": f"{row['zipcode']}1AB", "NL": f"{row['zipcode']}AB"}.get(country, row["zipcode"].replace(" ", ""))
            wanted = {"house_number": number, "street": street, "city": row["place"], "postcode": code}
            yield Sample("address", f"addresses, {country}", text, country, wanted)


def _senzing(folder: Path) -> Iterator[Sample]:
    for row in _rows(folder / "records.csv"):
        if row["ADDR_LINE1"] and row["ADDR_CITY"] and row["ADDR_STATE"] and row["ADDR_POSTAL_CODE"] and not row["ADDR_COUNTRY"]:
            text = f"{row['ADDR_LINE1']}, {row['ADDR_CITY']}, {row['ADDR_STATE']} {row['ADDR_POSTAL_CODE']}"
            wanted = {"city": row["ADDR_CITY"], "region": row["ADDR_STATE"], "postcode": row["ADDR_POSTAL_CODE"]}
            yield Sample("address", "addresses, senzing_truthset", text, "US", wanted)


def _phones() -> Iterator[Sample]:
    """An example number of each region of libphonenumber as it is dialled at home, and with an extension."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number(region)
        value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        yield Sample("phone", "phones, national, by the record's country", home, region, {"phone": value})
        yield Sample("phone", "phones, with 00", "00" + value[1:], None, {"phone": value})
        yield Sample("phone", "phones, with an extension", f"{value} ext. 12", region, {"phone": value, "extension": "12"})
