"""Addresses: a postcode with its real place, a street of the country's language, a house number, at times a flat."""

from __future__ import annotations

import numpy as np

from generator.columns import Array, Columns, chosen, digits, texts, where
from generator.countries import CODES
from generator.streets import draw_streets
from generator.vocabulary import places

__all__ = ["FIELDS", "draw_addresses", "draw_place"]

FIELDS: tuple[str, ...] = ("street", "street_short", "house", "unit", "city", "city_native", "region", "postcode")
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


def draw_place(rng: np.random.Generator, country: Array) -> Columns:
    """Return postcode, city and region for each row; British and Dutch codes are completed to their full length."""
    at = places().draw(rng, country)
    postcode = places().get("postcode", at)
    pair = texts(a + b for a in _INWARD for b in _INWARD)[rng.integers(0, len(_INWARD) ** 2, len(country))]
    british, dutch = country == CODES.index("GB"), country == CODES.index("NL")
    digit = texts("0123456789")[rng.integers(0, 10, len(country))]
    postcode = where(british, postcode + " " + digit + pair, where(dutch, postcode + " " + pair, postcode))
    city, native = places().get("place", at), places().get("native", at)
    return {"city": city, "city_native": native, "region": places().get("region", at), "postcode": postcode}


def draw_addresses(rng: np.random.Generator, country: Array, place: Columns | None = None) -> Columns:
    """Return one address (the columns of FIELDS) for each row of the country column."""
    size = len(country)
    place = place if place is not None else draw_place(rng, country)
    street, short = draw_streets(rng, country)
    house = np.minimum(rng.geometric(0.025, size), 399)
    american = np.isin(country, [CODES.index(code) for code in ("US", "AU")])
    house = np.where(american, house * 23 % 9000 + 10, house)
    letter = chosen(rng, ("", "a", "b", "c"), size, (93, 4, 2, 1))
    number = digits(house, 1)
    number = where(american, number, number + letter)
    english = np.isin(country, [CODES.index(code) for code in ("US", "GB", "AU")])
    flat = chosen(rng, ("Apt ", "Flat ", "Unit "), size) + digits(rng.integers(1, 60, size), 1)
    unit = where(english & (rng.random(size) < 0.14), flat, None)
    return {"street": street, "street_short": short, "house": number, "unit": unit, **place}
