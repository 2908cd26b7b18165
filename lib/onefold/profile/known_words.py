"""Words that reference lists know: given names, legal forms, countries."""

from __future__ import annotations

from functools import lru_cache

import pycountry

from onefold.cleanse.reference import legal_forms
from onefold.match.nicknames import nickname_table

__all__ = ["countries", "given_names", "one_word_legal_forms"]


@lru_cache(maxsize=1)
def given_names() -> tuple[str, ...]:
    """Return given names and their short forms, in small letters."""
    names = {name for short, full in nickname_table() for name in (short, *full)}
    return tuple(sorted(names))


@lru_cache(maxsize=1)
def one_word_legal_forms() -> tuple[str, ...]:
    """Return the legal forms of companies that are one word, folded."""
    return tuple(sorted({form.term for form in legal_forms() if " " not in form.term}))


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """Return names and codes of countries, in small letters."""
    known = {str(v).lower() for c in pycountry.countries for v in (c.alpha_2, c.alpha_3, c.name)}
    return tuple(sorted(known))
