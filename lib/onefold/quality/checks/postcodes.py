"""The forms of postcodes by country, spaces and hyphens left out."""

from __future__ import annotations

__all__ = ["POSTCODES"]

_FORMS = {
    r"[0-9]{3}": "IS FO",
    r"[0-9]{4}": "AT BE BG CH CY DK HU LI LU NO SI LV AU NZ ZA PH TN GE AM MK AL BD PY",
    r"[0-9]{5}": "DE FR ES IT FI EE HR RS UA TR MX TH MY ID PK SA EG MA KW ME BA LT KR MC SM VA GL ZM KE DZ NP UY CR GT JO IQ MM "
    "CZ SK SE GR PL",
    r"[0-9]{6}": "CN IN SG RU BY KZ KG UZ TM TJ RO VN CO EC NG MN",
    r"[0-9]{7}": "JP IL CL",
    r"[0-9]{5}(?:[0-9]{4})?": "US PR",
    r"[0-9]{8}": "BR",
    r"[0-9]{7}|[0-9]{4}": "PT",
    r"[0-9]{3}(?:[0-9]{2,3})?": "TW",
    r"[1-9][0-9]{3}[A-Z]{2}": "NL",
    r"[ABCEGHJ-NPRSTVXY][0-9][A-Z][0-9][A-Z][0-9]": "CA",
    r"GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}": "GB IM JE GG",
    r"[ACDEFHKNPRTVWXY](?:[0-9]{2}|6W)[0-9AC-FHKNPRTV-Y]{4}": "IE",
    r"[A-Z]{3}[0-9]{2,4}": "MT",
    r"(?:[A-Z])?[0-9]{4}(?:[A-Z]{3})?": "AR",
}
POSTCODES: dict[str, tuple[str, ...]] = {form: tuple(countries.split()) for form, countries in _FORMS.items()}
"""Regular expression of the form, and the countries that use it."""
