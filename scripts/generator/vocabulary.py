"""Names and places drawn with their real frequencies, for rows of mixed countries in one pass."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from generator.columns import Array, Columns, texts
from generator.countries import CODES, COUNTRIES

__all__ = ["Pool", "ascii_folded", "given_names", "nicknames", "places", "surnames"]

_REFERENCE = Path(__file__).parent / "reference"
_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "æ": "ae", "œ": "oe", "’": "'"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass(frozen=True)
class Pool:
    """A vocabulary in groups (countries, countries by gender), drawn by weight."""

    columns: Columns
    edges: Array

    def draw(self, rng: np.random.Generator, groups: Array) -> Array:
        """Return one position in `columns` for each row, drawn from that row's group."""
        return np.searchsorted(self.edges, groups + rng.random(len(groups)), side="right")

    def get(self, name: str, positions: Array) -> Array:
        """Return a column's values at the given positions."""
        return self.columns[name][positions]


def _pool(frame: pd.DataFrame, group: Array, weight: Array) -> Pool:
    """Order the vocabulary by group and give each group the interval [group, group + 1)."""
    order = np.argsort(group, kind="stable")
    group, weight = group[order], weight[order].astype(float)
    total = np.bincount(group, weights=weight)
    before = np.concatenate([[0.0], np.cumsum(total)])[:-1]
    edges = group + (np.cumsum(weight) - before[group]) / total[group]
    last = np.flatnonzero(np.diff(group, append=group[-1] + 1))
    edges[last] = group[last] + 1
    columns = {name: texts(v or None for v in frame[name].iloc[order]) for name in frame.columns}
    return Pool(columns, edges)


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(_REFERENCE / name, dtype=str, keep_default_na=False)


def _country(frame: pd.DataFrame) -> Array:
    return np.asarray([CODES.index(code) for code in frame["country"]])


@cache
def given_names() -> Pool:
    """Given names; the group is 2 * country + (1 when female)."""
    frame = _read("given_names.csv")
    group = 2 * _country(frame) + (frame["gender"] == "F").to_numpy()
    return _pool(frame[["name", "native"]], group, frame["weight"].to_numpy())


@cache
def surnames() -> Pool:
    """Surnames; the group is the country."""
    frame = _read("surnames.csv")
    return _pool(frame[["name", "native"]], _country(frame), frame["weight"].to_numpy())


@cache
def places() -> Pool:
    """Postcodes with their places; the group is the country."""
    frame = _read("places.csv")
    return _pool(frame[["postcode", "place", "native", "region"]], _country(frame), np.ones(len(frame)))


@cache
def nicknames() -> dict[str, dict[str, list[str]]]:
    """Nicknames by country code and name, those of the country's language."""
    by_language: dict[str, dict[str, list[str]]] = {}
    for language, name, nickname in _read("nicknames.csv").itertuples(index=False):
        by_language.setdefault(language, {}).setdefault(name, []).append(nickname)
    own = {"BR": "BR", "NL": "NL", "SE": "SE", "BE": "FR"}
    return {c.code: by_language.get(own.get(c.code, c.language), {}) for c in COUNTRIES}


def ascii_folded(text: str, *, german: bool = False) -> str:
    """Return the text without diacritics; with `german`, umlauts become ae, oe, ue."""
    if german:
        text = text.translate(_GERMAN)
    text = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
    return "".join(c for c in text if not unicodedata.combining(c))
