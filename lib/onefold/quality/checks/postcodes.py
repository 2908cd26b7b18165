"""The forms of postcodes by country, spaces and hyphens left out."""

from __future__ import annotations

from onefold.quality.reference import postcode_patterns

__all__ = ["POSTCODE_COUNTRIES", "POSTCODE_FORMS"]


def _country_and_form() -> str:
    """Return one pattern of country and postcode, cut by the country's first letter, so that few forms are tried on a value."""
    by_letter: dict[str, list[str]] = {}
    for country, form in postcode_patterns().items():
        by_letter.setdefault(country[0], []).append(f"{country[1:]}(?:{form})")
    groups = (f"{letter}(?:{'|'.join(sorted(rest))})" for letter, rest in sorted(by_letter.items()))
    return rf"\A(?:{'|'.join(groups)})\z"


POSTCODE_COUNTRIES = frozenset(postcode_patterns())
"""Countries whose form is known."""
POSTCODE_FORMS = _country_and_form()
"""Regular expression of a country's code, then a postcode of its form."""
