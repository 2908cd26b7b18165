"""The forms of postcodes by country, spaces and hyphens left out."""

from __future__ import annotations

from collections import defaultdict

from onefold.quality.reference import postcode_patterns

__all__ = ["POSTCODES"]


def _by_form() -> dict[str, tuple[str, ...]]:
    """Return the countries of each form, the form of the most countries first."""
    countries: dict[str, list[str]] = defaultdict(list)
    for country, form in postcode_patterns().items():
        countries[form].append(country)
    return {form: tuple(countries[form]) for form in sorted(countries, key=lambda form: (-len(countries[form]), form))}


POSTCODES: dict[str, tuple[str, ...]] = _by_form()
"""Regular expression of the form, and the countries that use it."""
