"""Reference lists that standardisation uses, read once from the files beside this one; their licences are in LICENCES.txt."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

__all__ = ["LegalForm", "disposable_domains", "legal_forms"]


class LegalForm(NamedTuple):
    """A legal form as it stands in folded company names, its normal form, and where it stands."""

    term: str
    form: str
    place: str


@lru_cache(maxsize=1)
def legal_forms() -> tuple[LegalForm, ...]:
    """Return the legal forms: folded term, normal form, place (before, after, or either for scripts without spaces)."""
    return tuple(LegalForm(row["term"], row["form"], row["place"]) for row in _rows("legal_forms.csv"))


@lru_cache(maxsize=1)
def disposable_domains() -> frozenset[str]:
    """Return the domains of disposable e-mail addresses."""
    return frozenset(row["domain"].strip().lower() for row in _rows("disposable_email_domains.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
