"""Reference lists that quality rules ask, read once from the files beside this one; their licences are in LICENCES.txt."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from importlib import resources

import pycountry

__all__ = ["REFERENCES", "legal_form_countries", "needs_postcode", "postcode_patterns", "reference", "region_postcodes"]

_LISTS = {
    "mistyped_email_domains": "domain",
    "mistyped_email_endings": "ending",
    "placeholder_companies": "name",
    "placeholder_names": "name",
    "placeholder_streets": "name",
}
REFERENCES = (*sorted(_LISTS), "countries", "currencies", "languages", "subdivisions")
"""Names of the lists that a rule may ask for."""


@lru_cache(maxsize=len(REFERENCES))
def reference(name: str) -> frozenset[str]:
    """Return a reference list by its name, as it is written: codes in capitals, other texts folded (small letters, no accents).

    `countries` are ISO 3166-1 alpha-2 and XK, `subdivisions` ISO 3166-2 (US-CA), `currencies` ISO 4217, `languages` ISO 639-1.

    >>> {"DE", "XK"} <= reference("countries"), "US-CA" in reference("subdivisions"), "gmial.com" in reference("mistyped_email_domains")
    (True, True, True)

    Raises:
        KeyError: when there is no such list.
    """
    if name == "countries":
        return frozenset({c.alpha_2 for c in pycountry.countries} | {"XK"})
    if name == "subdivisions":
        return frozenset(s.code for s in pycountry.subdivisions)
    if name == "currencies":
        return frozenset(c.alpha_3 for c in pycountry.currencies)
    if name == "languages":
        return frozenset(c.alpha_2.upper() for c in pycountry.languages if hasattr(c, "alpha_2"))
    return frozenset(row[_LISTS[name]] for row in _rows(f"{name}.csv"))


@lru_cache(maxsize=1)
def postcode_patterns() -> dict[str, str]:
    """Return by country the pattern of a whole postcode in capitals without spaces and hyphens.

    >>> import re
    >>> bool(re.fullmatch(postcode_patterns()["GB"], "EC1A1HQ")), bool(re.fullmatch(postcode_patterns()["DE"], "1067"))
    (True, False)
    """
    return {row["country"]: row["pattern"] for row in _rows("postcode_patterns.csv")}


@lru_cache(maxsize=1)
def needs_postcode() -> frozenset[str]:
    """Return the countries whose addresses need a postcode."""
    return frozenset(row["country"] for row in _rows("postcode_patterns.csv") if row["needs_postcode"] == "yes")


@lru_cache(maxsize=1)
def region_postcodes() -> dict[str, str]:
    """Return by region (`US-CA`) the pattern that its postcodes begin with, for AU, BR, CA, IT and US."""
    return {f"{row['country']}-{row['region']}": row["begins"] for row in _rows("region_postcodes.csv")}


@lru_cache(maxsize=1)
def legal_form_countries() -> dict[str, frozenset[str]]:
    """Return by normal legal form the countries that have it; forms that exist in many are not in here.

    >>> sorted(legal_form_countries()["aps"])
    ['DK']
    """
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("legal_form_countries.csv"):
        found[row["form"]].add(row["country"])
    return {form: frozenset(countries) for form, countries in found.items()}


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
