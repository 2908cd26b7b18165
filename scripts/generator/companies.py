"""The companies behind the records: independents, group members, neighbours with like names, and branches.

A branch is an entity of its own (own D-U-N-S number, address and telephone; it shares the parent's web domain and carries
its town in its name). A department is not: it is the same company, at times at another address.
"""

from __future__ import annotations

import numpy as np

from generator.addresses import draw_addresses, draw_place
from generator.columns import Array, Columns, chosen, digits, joined, mapped, taken, texts, where
from generator.company_names import draw_cores, draw_descriptors, draw_forms
from generator.countries import COUNTRIES
from generator.emails import slug, unique_by
from generator.identifiers import duns_numbers, registrations, vat_numbers
from generator.phones import numbers

__all__ = ["draw_companies"]

_TLD = texts(c.tld for c in COUNTRIES)
_SHARES = tuple(c.share for c in COUNTRIES)


def _relations(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
    """Return each company's kind (alone, group, neighbour, branch) and the position of the company it relates to."""
    kind = chosen(rng, ("alone", "group", "neighbour", "branch"), size, (90, 4, 3.5, 2.5))
    kind[:2] = "alone"
    alone = np.flatnonzero(kind == "alone")
    return kind, where(kind == "alone", np.arange(size), alone[rng.integers(0, len(alone), size)]).astype(int)


def _names(rng: np.random.Generator, country: Array, place: Columns, kind: Array, other: Array) -> Columns:
    """Return core, descriptor, legal form and branch town."""
    core = draw_cores(rng, country, place["city"])[other]
    descriptor = draw_descriptors(rng, country)
    branch = kind == "branch"
    descriptor = where(branch, descriptor[other], descriptor)
    same = (kind != "alone") & ~branch & (descriptor == descriptor[other])
    fallback = texts("Holding" if facts.language != "EN" else "Holdings" for facts in COUNTRIES)[country]
    descriptor = where(same, fallback, descriptor)
    form = draw_forms(rng, country)
    form = where(branch, form[other], form)
    return {"core": core, "descriptor": descriptor, "form": form, "town": where(branch, place["city"], None)}


def draw_companies(rng: np.random.Generator, size: int, first: int, seed: int, chunk: int) -> Columns:
    """Return `size` companies; `first` is the global number of the first one."""
    serial = np.arange(first, first + size)
    weights = np.asarray(_SHARES) / sum(_SHARES)
    country = rng.choice(len(COUNTRIES), size, p=weights)
    kind, other = _relations(rng, size)
    country = country[other]
    place = draw_place(rng, country)
    shared = np.where((kind == "neighbour") | (kind == "group") & (rng.random(size) < 0.3), other, np.arange(size))
    place = taken(place, shared)
    names = _names(rng, country, place, kind, other)
    domain = mapped(names["core"], slug) + where(rng.random(size) < 0.55, "-" + mapped(names["descriptor"], slug), "")
    domain = unique_by(domain, serial) + (f"-{chunk}" if chunk else "") + "." + _TLD[country]
    domain = where((kind == "group") | (kind == "branch"), domain[other], domain)
    area, subscriber = numbers(country, serial * 2, mobile=False, seed=seed)
    fax_area, fax = numbers(country, serial * 2 + 1, mobile=False, seed=seed)
    box = chosen(rng, ("info", "office", "contact", "sales", "mail"), size, (50, 15, 15, 12, 8))
    old = taken(names, rng.permutation(size))
    return {
        "serial": serial, "country": country, "kind": kind, "parent": other, **names,
        "name": joined(" ", names["core"], names["descriptor"]),
        "old_descriptor": where(rng.random(size) < 0.06, old["descriptor"], None),
        "domain": where(rng.random(size) < 0.93, domain, None), "box": box,
        "area": area, "subscriber": subscriber, "area2": fax_area, "subscriber2": fax,
        "duns": duns_numbers(serial), "vat": where(kind == "branch", None, vat_numbers(country, serial)),
        "registration": where(kind == "branch", None, registrations(country, serial)),
        "industry": chosen(rng, ("2511", "4120", "4941", "6201", "7022", "4690", "1811", "6820", "2599", "8121"), size),
        "employees": np.minimum(np.exp(rng.normal(3.2, 1.4, size)).astype(int) + 1, 90_000),
        "moved": rng.random(size) < 0.12, **draw_addresses(rng, country, place),
        **{f"old_{k}": v for k, v in draw_addresses(rng, country).items()},
        "cluster": "C" + digits(serial, 9),
    }  # fmt: skip
