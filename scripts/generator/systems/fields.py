"""Fields that several systems write alike, each in a style of its own."""

from __future__ import annotations

import numpy as np

from generator import phones, streets
from generator.columns import Array, Columns, joined, texts, where
from generator.countries import COUNTRIES

__all__ = ["COUNTRY_CODES", "COUNTRY_NAMES", "choice", "landline", "mobile", "number_or", "person_name", "street_line"]

COUNTRY_CODES = texts(c.code for c in COUNTRIES)
COUNTRY_NAMES = texts(c.name for c in COUNTRIES)


def choice(values: Array, words: dict[str, str]) -> Array:
    """Translate a short code such as in/out; what is not listed becomes None."""
    return texts(words.get(value) for value in values.tolist())


def landline(records: Columns, style: str, rng: np.random.Generator) -> Array:
    """Return the landline or switchboard in the system's style."""
    return phones.written(style, records["country"], records["area"], records["subscriber"], rng)


def mobile(records: Columns, style: str, rng: np.random.Generator) -> Array:
    """Return the mobile number in the system's style, or the placeholder that someone typed."""
    number = phones.written(style, records["country"], records["mobile_area"], records["mobile"], rng)
    return number_or(number, records["phone_text"])


def number_or(number: Array, other: Array) -> Array:
    """Return the first value, the second where the first is missing."""
    return where(number == None, other, number)  # noqa: E711 - element-wise on objects


def street_line(records: Columns) -> Array:
    """Return street and house number as the country writes them."""
    return streets.line(records["country"], records["street"], records["house"])


def person_name(records: Columns) -> Array:
    """Return the whole name of a person, given name first; None for a company."""
    return joined(" ", records["given"], records["middle"], records["family"], records["suffix"])
