"""Telephone numbers that are valid in their country, and the ways in which systems write them."""

from __future__ import annotations

import numpy as np

from generator.columns import Array, chosen, digits, texts, where
from generator.countries import COUNTRIES

__all__ = ["numbers", "written"]

_CALLING = texts(c.calling for c in COUNTRIES)
_TRUNK = texts(c.trunk for c in COUNTRIES)
_GROUPED = texts(
    {"US": "us", "FR": "pairs", "SE": "dash", "GB": "space", "BR": "bracket"}.get(c.code, "space") for c in COUNTRIES
)


def numbers(country: Array, serial: Array, *, mobile: bool, seed: int) -> tuple[Array, Array]:
    """Return area codes and subscriber numbers; two serials never share a number until a range is used up.

    Args:
        country: positions in COUNTRIES.
        serial: whole numbers, one per telephone line over the whole output.
        mobile: mobile range, else fixed lines.
        seed: seed of the run, so that two runs have different numbers.
    """
    area = np.empty(len(country), dtype=object)
    subscriber = np.empty(len(country), dtype=object)
    for position, facts in enumerate(COUNTRIES):
        rows = np.flatnonzero(country == position)
        plan = facts.mobile if mobile else facts.fixed
        size = 10 ** (plan.length - 1)
        mixed = serial[rows] * 7_654_321 + seed * 104_729 + (0 if mobile else 50_021)
        step = serial[rows] // size + serial[rows]
        rest = digits(mixed % size, plan.length - 1)
        area[rows] = texts(plan.areas)[step % len(plan.areas)]
        subscriber[rows] = texts(plan.first)[(step // len(plan.areas)) % len(plan.first)] + rest
    return area, subscriber


def _national(country: Array, area: Array, subscriber: Array) -> Array:
    """Write each number as people of its country do."""
    style = _GROUPED[country]
    local = _TRUNK[country] + area
    out = local + " " + subscriber
    us, pairs, dash, bracket = style == "us", style == "pairs", style == "dash", style == "bracket"
    out[us] = [f"({a}) {s[:3]}-{s[3:]}" for a, s in zip(area[us], subscriber[us], strict=True)]
    out[pairs] = [" ".join(t[i : i + 2] for i in range(0, len(t), 2)) for t in (local[pairs] + subscriber[pairs]).tolist()]
    out[dash] = local[dash] + "-" + subscriber[dash]
    out[bracket] = [f"({t[:2]}) {t[2:-4]}-{t[-4:]}" for t in (area[bracket] + subscriber[bracket]).tolist()]
    return out


def written(style: str, country: Array, area: Array, subscriber: Array, rng: np.random.Generator) -> Array:
    """Write the numbers in one style of e164, plain, spaced, german, free; None where there is no number."""
    out = np.full(len(country), None, dtype=object)
    rows = np.flatnonzero(subscriber != None)  # noqa: E711 - element-wise on objects
    c, a, s = country[rows], area[rows], subscriber[rows]
    plus = "+" + _CALLING[c]
    if style == "e164":
        out[rows] = plus + a + s
    elif style == "plain":
        domestic = _TRUNK[c] + a + s
        out[rows] = where(rng.random(len(rows)) < 0.8, domestic, "00" + _CALLING[c] + a + s)
    elif style == "spaced":
        out[rows] = where(rng.random(len(rows)) < 0.6, plus + " " + a + " " + s, _national(c, a, s))
    elif style == "german":
        home = c == next(i for i, facts in enumerate(COUNTRIES) if facts.code == "DE")
        out[rows] = where(home, "0" + a + "/" + s, "00" + _CALLING[c] + " " + a + " " + s)
    else:
        forms = [plus + " (0)" + a + " " + s, plus + "-" + a + "-" + s, _national(c, a, s), plus + a + s]
        trunk = _TRUNK[c] == "0"
        pick = chosen(rng, range(4), len(rows), (2, 3, 4, 2)).astype(int)
        pick[(pick == 0) & ~trunk] = 1
        out[rows] = np.stack(forms)[pick, np.arange(len(rows))]
    return out
