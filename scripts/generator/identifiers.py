"""Company identifiers with correct check digits, for whole columns at once."""

from __future__ import annotations

import numpy as np

from generator.columns import Array, digits, texts
from generator.countries import CODES

__all__ = ["duns_numbers", "registrations", "vat_numbers"]


def _matrix(numbers: Array, width: int) -> Array:
    """Return the decimal digits of whole numbers, one row each."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return np.asarray((numbers[:, None] // powers) % 10)


def _luhn(number: Array, width: int) -> Array:
    """Append the Luhn check digit."""
    table = _matrix(number, width)
    doubled = table[:, ::-1].copy()
    doubled[:, ::2] = doubled[:, ::2] * 2
    total = (doubled // 10 + doubled % 10).sum(axis=1)
    return np.asarray(number * 10 + (10 - total % 10) % 10)


def _iso7064(number: Array) -> Array:
    """Append the ISO 7064 mod 11, 10 check digit of a German VAT number to eight digits."""
    product = np.full(len(number), 10)
    for column in _matrix(number, 8).T:
        total = (column + product) % 10
        total[total == 0] = 10
        product = 2 * total % 11
    return np.asarray(number * 10 + (11 - product) % 10)


def _weighted(number: Array, weights: tuple[int, ...]) -> Array:
    return np.asarray((_matrix(number, len(weights)) * np.asarray(weights)).sum(axis=1))


def _until(base: Array, check: Array, bad: int) -> Array:
    """Return the base with its check digit, or -1 where that digit cannot be written."""
    return np.where(check == bad, -1, base * 10 + check)


def _cnpj(number: Array) -> Array:
    """Append both check digits of a Brazilian company number to eight digits and branch 0001."""
    base = number * 10_000 + 1
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        rest = _weighted(base, weights) % 11
        base = base * 10 + np.where(rest < 2, 0, 11 - rest)
    return base


def _spanish(number: Array) -> Array:
    """Return Spanish tax numbers of limited companies (letter B)."""
    return texts(f"ESB{n:08d}" for n in _luhn(number % 10_000_000, 7).tolist())


def _british(number: Array) -> Array:
    seven = number % 9_000_000 + 1_000_000
    return np.asarray(seven * 100 + (97 - _weighted(seven, (8, 7, 6, 5, 4, 3, 2)) % 97) % 97)


def vat_numbers(country: Array, serial: Array) -> Array:
    """Return a valid VAT number for each company, None where the country has none here or a check digit is impossible."""
    out = np.full(len(country), None, dtype=object)
    base = (serial * 48_271 + 12_345_678) % 90_000_000 + 10_000_000
    bsn = _weighted(base, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    swiss = (11 - _weighted(base, (5, 4, 3, 2, 7, 6, 5, 4)) % 11) % 11
    greek = _weighted(base, (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10
    siren = _luhn(base, 8)
    written = {
        "DE": digits(_iso7064(base), 9),
        "FR": digits((12 + 3 * (siren % 97)) % 97, 2) + digits(siren, 9),
        "GB": digits(_british(base), 9),
        "IT": digits(_luhn(base % 10_000_000 * 1000 + serial % 99 + 1, 10), 11),
        "NL": digits(_until(base, bsn, 10), 9) + "B01",
        "SE": digits(_luhn(550_000_000 + base % 9_000_000, 9), 10) + "01",
        "BE": digits(base % 10_000_000 * 100 + 97 - base % 10_000_000 % 97, 10),
        "CH": digits(_until(base, swiss, 10), 9),
        "BR": digits(_cnpj(base), 14),
    }
    prefix = {"CH": "CHE", "BR": ""}
    for code, values in written.items():
        rows = country == CODES.index(code)
        out[rows] = prefix.get(code, code) + values[rows]
    out[country == CODES.index("ES")] = _spanish(base)[country == CODES.index("ES")]
    out[country == CODES.index("GR")] = ("EL" + digits(base * 10 + greek, 9))[country == CODES.index("GR")]
    impossible = ((bsn == 10) & (country == CODES.index("NL"))) | ((swiss == 10) & (country == CODES.index("CH")))
    out[impossible] = None
    return out


def duns_numbers(serial: Array) -> Array:
    """Return nine-digit D-U-N-S numbers, one per serial number."""
    return digits((serial * 7_368_787 + 31_415_926) % 899_999_963 + 100_000_000, 9)


def registrations(country: Array, serial: Array) -> Array:
    """Return company register numbers in the manner of the country; None where none is kept here."""
    out = np.full(len(country), None, dtype=object)
    number = (serial * 15_485_863 + 777_777) % 9_000_000 + 1_000_000
    forms = {
        "DE": texts(f"HRB {n % 240_000 + 1000}" for n in number.tolist()),
        "GB": texts(f"{n:08d}" for n in number.tolist()),
        "NL": texts(f"{n * 7 % 80_000_000 + 10_000_000}" for n in number.tolist()),
        "US": texts(f"{n % 89 + 10}-{n % 8_999_999 + 1_000_000}" for n in number.tolist()),
    }
    for code, values in forms.items():
        rows = country == CODES.index(code)
        out[rows] = values[rows]
    return out
