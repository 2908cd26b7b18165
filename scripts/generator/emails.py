"""E-mail addresses that belong to one person each, built from names as people build them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from generator.columns import Array, chosen, digits, mapped, texts, where
from generator.countries import COUNTRIES
from generator.vocabulary import ascii_folded

__all__ = ["personal", "slug", "unique_by", "work"]


def slug(text: str) -> str:
    """Return the lower-case letters and digits of a text, umlauts spelt out."""
    return re.sub(r"[^a-z0-9]", "", ascii_folded(text, german=True).lower())


def unique_by(texts_: Array, serial: Array) -> Array:
    """Give every repetition of a text its serial number, so that no two rows share it."""
    again = pd.Series(texts_).duplicated().to_numpy()
    return where(again, texts_ + digits(serial, 1), texts_)


def _local(rng: np.random.Generator, given: Array, family: Array, birth_year: Array, *, at_work: bool) -> Array:
    """Return local parts in the usual patterns."""
    first, last = mapped(given, slug), mapped(family, slug)
    initial = mapped(first, lambda t: t[:1])
    if at_work:
        forms = [first + "." + last, initial + "." + last, initial + last, first]
        pick = rng.choice(4, len(given), p=(0.66, 0.16, 0.15, 0.03))
    else:
        year = digits(birth_year % 100, 2)
        forms = [first + "." + last, first + last, initial + "." + last, first + "_" + last, last + "." + first,
                 first + year, first + "." + last + year,
                 initial + last + digits(rng.integers(1, 1000, len(given)), 1)]  # fmt: skip
        pick = rng.choice(8, len(given), p=(0.27, 0.15, 0.08, 0.07, 0.07, 0.08, 0.16, 0.12))
    return np.stack(forms)[pick, np.arange(len(given))]


def personal(
    rng: np.random.Generator, country: Array, given: Array, family: Array, birth_year: Array, *, serial: Array, numbered: bool
) -> Array:
    """Return a free-mail address for each person; with `numbered` every local part ends in the serial number."""
    local = _local(rng, given, family, birth_year, at_work=False)
    domain = np.empty(len(country), dtype=object)
    for position, facts in enumerate(COUNTRIES):
        rows = np.flatnonzero(country == position)
        domain[rows] = chosen(rng, facts.mail, len(rows), [1 / (rank + 1.5) for rank in range(len(facts.mail))])
    if numbered:
        return local + digits(serial, 1) + "@" + domain
    unique = unique_by(local + "@" + domain, serial)
    clash = unique != local + "@" + domain
    return where(clash, local + digits(serial, 1) + "@" + domain, unique)


def work(rng: np.random.Generator, given: Array, family: Array, domain: Array, serial: Array) -> Array:
    """Return a company address for each person whose employer has a domain, None for the others."""
    out = np.full(len(given), None, dtype=object)
    rows = np.flatnonzero(domain != None)  # noqa: E711 - element-wise on objects
    zero = np.zeros(len(rows), dtype=int)
    local = _local(rng, given[rows], family[rows], zero, at_work=True)
    whole = local + "@" + domain[rows]
    again = pd.Series(whole).duplicated().to_numpy()
    out[rows] = where(again, local + digits(serial[rows] % 1000, 1) + "@" + domain[rows], whole)
    return texts(out)
