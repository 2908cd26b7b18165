"""Reference lists that standardisation uses, read once from the files beside this one; their licences are in LICENCES.txt."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from onefold.cleanse.text import fold_text

__all__ = [
    "KnownName",
    "LegalForm",
    "disposable_domains",
    "family_names",
    "given_names",
    "legal_form_countries",
    "legal_forms",
    "local_forms",
    "versions",
]


class LegalForm(NamedTuple):
    """A legal form as it stands in folded company names, its normal form, and where it stands."""

    term: str
    form: str
    place: str


class KnownName(NamedTuple):
    """A name in small letters, the country that it is common in, and its script (latin, han, hangul)."""

    name: str
    country: str
    script: str


@lru_cache(maxsize=1)
def legal_forms() -> tuple[LegalForm, ...]:
    """Return the legal forms: folded term, normal form, place.

    The place is before, after, or either for scripts without spaces. Terms that are ordinary words or places outside their
    countries (CA, SC, SAM) are not among them: see `local_forms`.
    """
    found = {(row["term"], row["place"]): row["form"] for row in _rows("legal_forms.csv")}
    for row in (r for r in _rows("legal_forms_by_country.csv") if not r["place"].endswith(" here")):
        for term in row["terms"].split("|"):
            found.setdefault((_joined(fold_text(term.replace("&", " and "))), row["place"]), row["form"])
    return tuple(LegalForm(term, form, place) for (term, place), form in sorted(found.items()))


@lru_cache(maxsize=1)
def local_forms() -> tuple[tuple[str, LegalForm], ...]:
    """Return the forms that hold in some countries only, each with the codes of these, separated by spaces."""
    rows = (row for row in _rows("legal_forms_by_country.csv") if row["place"].endswith(" here"))
    terms = ((row, _joined(fold_text(term))) for row in rows for term in row["terms"].split("|"))
    return tuple((row["countries"], LegalForm(term, row["form"], row["place"].split(" ")[0])) for row, term in terms)


@lru_cache(maxsize=1)
def legal_form_countries() -> dict[str, frozenset[str]]:
    """Return for each country (alpha-2) the normal forms that are usual there."""
    found: dict[str, set[str]] = {}
    for row in _rows("legal_forms_by_country.csv"):
        for country in row["countries"].split(" "):
            found.setdefault(country, set()).add(row["form"])
    return {country: frozenset(forms) for country, forms in found.items()}


@lru_cache(maxsize=1)
def family_names() -> tuple[KnownName, ...]:
    """Return common family names of the countries where they tell how a whole name is ordered."""
    return _names("family_names.csv")


@lru_cache(maxsize=1)
def given_names() -> tuple[KnownName, ...]:
    """Return common given names of the countries where people have two family names."""
    return _names("given_names.csv")


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return for each reference file the version that SOURCES.csv states."""
    return {row["file"]: row["version"] for row in _rows("SOURCES.csv")}


def _joined(folded: str) -> str:
    """Join single letters that stand apart, as it is done to company names: s a r l becomes sarl."""
    return re.sub(r"(?<!\S)(\w) (?=\w(?!\S))", r"\1", folded)


def _names(file: str) -> tuple[KnownName, ...]:
    return tuple(KnownName(r["name"], c, r["script"]) for r in _rows(file) for c in r["countries"].split(" "))


@lru_cache(maxsize=1)
def disposable_domains() -> frozenset[str]:
    """Return the domains of disposable e-mail addresses."""
    return frozenset(row["domain"].strip().lower() for row in _rows("disposable_email_domains.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
