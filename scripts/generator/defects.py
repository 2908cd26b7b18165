"""The errors put into a record, kept as bits so that the truth can say which record has which."""

from __future__ import annotations

import numpy as np

from generator.columns import Array, mapped

__all__ = ["DEFECTS", "Marks", "spelt"]

DEFECTS: tuple[str, ...] = (
    "repeat_in_source", "nickname", "initial_only", "typo_given", "typo_family", "swapped_names", "missing_given", "one_surname",
    "native_script", "folded_letters", "stale_surname", "stale_address", "stale_email", "stale_phone", "alternate_email",
    "missing_email", "missing_phone", "missing_birth_date", "missing_address", "typo_email", "typo_phone", "typo_birth_date",
    "typo_street", "typo_city", "typo_postcode", "missing_house_number", "abbreviated_street", "sentinel", "shared_email",
    "shared_phone", "household", "twin", "junior_senior", "namesake", "legal_form_variant", "legal_form_missing",
    "abbreviated_name",
    "acronym", "typo_company", "department", "branch", "group_company", "like_named_neighbour", "stale_name",
    "missing_identifiers",
    "typo_identifier",
)  # fmt: skip


class Marks:
    """The error bits of a table of records."""

    def __init__(self, size: int) -> None:
        """Start with no error anywhere."""
        self.bits = np.zeros(size, dtype=np.int64)

    def set(self, defect: str, mask: Array) -> None:
        """Mark the masked records with an error."""
        self.bits[mask] |= np.int64(1) << DEFECTS.index(defect)

    def clear(self, defect: str, mask: Array) -> None:
        """Take a mark back from the masked records."""
        self.bits[mask] &= ~(np.int64(1) << DEFECTS.index(defect))

    def has(self, defect: str) -> Array:
        """Return which records carry the mark."""
        return np.asarray((self.bits >> DEFECTS.index(defect)) & 1 == 1)


def spelt(bits: Array) -> Array:
    """Return the names of the set bits, joined by |; empty text for a record without errors."""
    return mapped(bits, lambda value: "|".join(name for i, name in enumerate(DEFECTS) if int(value) >> i & 1))
