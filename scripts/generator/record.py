"""What every source record consists of before a system writes it in its own way."""

from __future__ import annotations

import numpy as np

from generator.columns import Array, Columns, where
from generator.plan import PROFILES

__all__ = ["FIELDS", "NO_DAY", "blank", "has", "lifecycle", "rate"]

NO_DAY = -10_000_000

FIELDS: tuple[str, ...] = (
    "is_company", "entity", "cluster", "country", "system", "defects", "title", "given", "middle", "family", "suffix", "gender",
    "birth", "company", "job", "email", "email2", "area", "subscriber", "mobile_area", "mobile", "phone_text", "street", "house",
    "unit", "city", "region", "postcode", "duns", "vat", "registration", "website", "industry", "employees", "email_consent",
    "phone_consent", "consent_at", "created_at", "updated_at",
)  # fmt: skip

_NUMERIC = {
    "is_company",
    "entity",
    "country",
    "system",
    "defects",
    "birth",
    "employees",
    "consent_at",
    "created_at",
    "updated_at",
}


def blank(size: int) -> Columns:
    """Return records whose fields are all missing."""
    return {
        name: np.full(size, NO_DAY if name == "birth" else 0, dtype=np.int64)
        if name in _NUMERIC
        else np.full(size, None, dtype=object)
        for name in FIELDS
    }


def rate(system: Array, name: str) -> Array:
    """Return a rate of each record's system."""
    return np.asarray([float(getattr(profile, name)) for profile in PROFILES.values()])[system]


def has(rng: np.random.Generator, system: Array, name: str) -> Array:
    """Draw whether each record has a field, by its system's completeness."""
    table = np.asarray([profile.has.get(name, 0.0) for profile in PROFILES.values()])
    return rng.random(len(system)) < table[system]


def lifecycle(rng: np.random.Generator, system: Array, stale: Array, opted: Array, as_of_day: int) -> Columns:
    """Return creation and change times (seconds since 1970) and consents; stale records changed long ago.

    Args:
        rng: source of randomness.
        system: each record's system.
        stale: which records hold outdated values.
        opted: each entity's leaning: 1 opts in, -1 out, 0 never said.
        as_of_day: the day of the export, days since 1970.
    """
    size = len(system)
    oldest = np.asarray([6500, 3600, 4500, 2600, 1500, 1800, 2000, 700])[system]
    newest = np.asarray([1500, 20, 20, 10, 3, 5, 5, 5])[system]
    age = newest + rng.random(size) * (oldest - newest)
    share = np.where(stale, 0.05 + 0.30 * rng.random(size), 0.45 + 0.55 * rng.random(size))
    now = as_of_day * 86_400 + 43_200
    created = (now - age * 86_400).astype(np.int64)
    updated = (created + share * age * 86_400).astype(np.int64)
    follows = rng.random(size) < 0.85
    answer = np.where(follows, opted, rng.integers(-1, 2, size))
    phone = np.where(rng.random(size) < 0.6, np.where(answer > 0, rng.integers(-1, 2, size), answer), 0)
    words = {1: "in", -1: "out"}
    spoken = [where(a > 0, words[1], where(a < 0, words[-1], None)) for a in (answer, phone)]
    return {
        "created_at": created, "updated_at": updated, "email_consent": spoken[0], "phone_consent": spoken[1],
        "consent_at": (created + rng.random(size) * (updated - created)).astype(np.int64),
    }  # fmt: skip
