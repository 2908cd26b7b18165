"""Reference lists that quality rules ask, read once from the files beside this one; their licences are in LICENCES.txt."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources

import pycountry

__all__ = ["REFERENCES", "postcode_patterns", "reference"]

_LISTS = {
    "mistyped_email_domains": ("domain",),
    "mistyped_email_endings": ("ending",),
    "placeholder_companies": ("name",),
    "placeholder_names": ("name",),
    "placeholder_streets": ("name",),
    "legal_form_countries": ("form", "country"),
}
REFERENCES = (*sorted(_LISTS), "countries", "currencies", "languages", "region_postcodes", "subdivisions")
"""Names of the lists that a rule may ask for here; those of mail domains and legal forms come from cleansing."""

_DIGITS, _LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@lru_cache(maxsize=len(REFERENCES))
def reference(name: str) -> frozenset[str]:
    """Return a reference list by its name: codes in capitals, other texts folded (small letters, no accents).

    `countries` are ISO 3166-1 alpha-2 and XK, `subdivisions` ISO 3166-2 (US-CA), `currencies` ISO 4217, `languages` ISO 639-1,
    `legal_form_countries` a form and a country that has it, `region_postcodes` a region and the first three signs of a
    postcode there.

    >>> {"DE", "XK"} <= reference("countries"), "US-CA" in reference("subdivisions")
    (True, True)
    >>> "aps DK" in reference("legal_form_countries"), "gmial.com" in reference("mistyped_email_domains")
    (True, True)
    >>> "US-CA 900" in reference("region_postcodes"), "US-CA 100" in reference("region_postcodes")
    (True, False)

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
    if name == "region_postcodes":
        return _region_postcodes()
    columns = _LISTS[name]
    return frozenset(" ".join(row[column] for column in columns) for row in _rows(f"{name}.csv"))


@lru_cache(maxsize=1)
def postcode_patterns() -> dict[str, str]:
    """Return by country the pattern of a whole postcode in capitals without spaces and hyphens.

    >>> bool(re.fullmatch(postcode_patterns()["GB"], "EC1A1HQ")), bool(re.fullmatch(postcode_patterns()["DE"], "1067"))
    (True, False)
    """
    return {row["country"]: row["pattern"] for row in _rows("postcode_patterns.csv")}


def _region_postcodes() -> frozenset[str]:
    """Return every region with each three signs that its postcodes may begin with."""
    threes = [a + b + c for a in _DIGITS for b in _DIGITS for c in _DIGITS]
    canadian = [a + b + c for a in _LETTERS for b in _DIGITS for c in _LETTERS]
    found: set[str] = set()
    for row in _rows("region_postcodes.csv"):
        # A beginning longer than three signs (AU 2540) counts by its first three.
        begins = re.compile("|".join(_first_three(row["begins"])))
        starts = canadian if row["country"] == "CA" else threes
        found.update(f"{row['country']}-{row['region']} {start}" for start in starts if begins.match(start))
    return frozenset(found)


def _first_three(pattern: str) -> list[str]:
    """Return the alternatives of a pattern, each cut after its third sign.

    >>> _first_three("29|2540|261[0-8]"), _first_three("969(?:[12]|3[12])")
    (['29', '254', '261'], ['969'])
    """
    cut = []
    for alternative in re.split(r"\|(?![^(]*\))", pattern):
        signs = re.findall(r"\\d|\[[^\]]*\]|\(.*\)|.", alternative)
        cut.append("".join(signs[:3]))
    return cut


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
