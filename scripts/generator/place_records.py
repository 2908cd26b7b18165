"""Addresses as source records show them: outdated, shortened, misspelt, incomplete."""

from __future__ import annotations

import numpy as np

from generator.addresses import FIELDS
from generator.columns import Array, Columns, edited, where
from generator.defects import Marks
from generator.plan import PROFILES
from generator.record import has, rate
from generator.typos import slip, swapped_digits

__all__ = ["addressed"]

_NATIVE = np.asarray([profile.native > 0 for profile in PROFILES.values()])


def addressed(rng: np.random.Generator, p: Columns, system: Array, marks: Marks, stale: Array) -> Columns:
    """Return the address fields of each record; `stale` says which show the address before the last move."""
    size, dirt = len(system), rate(system, "dirt")
    now = {name: where(stale, p[f"old_{name}"], p[name]) for name in FIELDS}
    short = rng.random(size) < 0.25
    street = where(short, now["street_short"], now["street"])
    slips = {name: rng.random(size) < share * dirt for name, share in (("street", 0.02), ("city", 0.01), ("postcode", 0.008))}
    street = edited(street, slips["street"], slip, rng)
    native = marks.has("native_script") & _NATIVE[system] & (now["city_native"] != None)  # noqa: E711 - element-wise
    city = where(native, now["city_native"], edited(now["city"], slips["city"], slip, rng))
    postcode = edited(now["postcode"], slips["postcode"], swapped_digits, rng)
    no_house = rng.random(size) < 0.01 * dirt
    present = has(rng, system, "address")
    filler = ~present & (rng.random(size) < 0.03)
    masks = {"stale_address": stale & present, "abbreviated_street": short & present & (street != now["street"]),
             "typo_street": slips["street"] & present, "typo_city": slips["city"] & present & ~native,
             "typo_postcode": slips["postcode"] & present, "missing_house_number": no_house & present,
             "missing_address": ~present, "sentinel": filler}  # fmt: skip
    for defect, mask in masks.items():
        marks.set(defect, mask)
    fields = {"street": street, "house": where(no_house, None, now["house"]), "city": city, "region": now["region"],
              "unit": where(rng.random(size) < 0.8, now["unit"], None), "postcode": postcode}  # fmt: skip
    out = {name: where(present, values, None) for name, values in fields.items()}
    out["city"] = where(filler, "UNKNOWN", out["city"])
    return out
