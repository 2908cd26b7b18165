"""Reads countries written as codes or as names in the common languages into ISO 3166-1 alpha-2."""

from __future__ import annotations

import gettext
from functools import lru_cache

import pycountry
from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.lookup import lookup
from onefold.cleanse.text import fold, fold_text

__all__ = ["country_code", "country_names", "iso_codes"]

_LANGUAGES = (
    "de", "fr", "es", "it", "pt", "pt_BR", "nl", "sv", "da", "nb_NO", "fi", "pl", "cs", "hu", "ro", "tr", "el", "ru", "uk",
    "ja", "ko", "zh_CN", "zh_TW", "ar", "he",
)  # fmt: skip
_SPOKEN = {
    "uk": "GB", "greatbritain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northernireland": "GB", "britain": "GB",
    "us": "US", "usa": "US", "unitedstatesofamerica": "US", "america": "US", "vereinigtestaaten": "US", "etatsunis": "US",
    "holland": "NL", "thenetherlands": "NL", "southkorea": "KR", "korea": "KR", "northkorea": "KP", "russia": "RU", "brd": "DE",
    "czechrepublic": "CZ", "czechia": "CZ", "uae": "AE", "vietnam": "VN", "ivorycoast": "CI", "taiwan": "TW", "turkey": "TR",
    "iran": "IR", "syria": "SY", "moldova": "MD", "tanzania": "TZ", "bolivia": "BO", "venezuela": "VE", "laos": "LA",
    "macedonia": "MK", "capeverde": "CV", "swaziland": "SZ", "burma": "MM", "eire": "IE", "republicofireland": "IE",
    "hongkongsar": "HK", "prc": "CN", "mainlandchina": "CN", "el": "GR", "palestine": "PS", "kosovo": "XK", "brunei": "BN",
}  # fmt: skip


@lru_cache(maxsize=1)
def iso_codes() -> frozenset[str]:
    """Return the ISO 3166-1 alpha-2 codes, with XK that practice uses for Kosovo."""
    return frozenset({c.alpha_2 for c in pycountry.countries} | {"XK"})


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return folded, space-free names and alpha-3 codes with their alpha-2 code (pycountry with its translations)."""
    names: dict[str, str] = {}
    tongues = [gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[tag], fallback=True) for tag in _LANGUAGES]
    for country in pycountry.countries:
        own = [country.name, *(getattr(country, n, country.name) for n in ("official_name", "common_name"))]
        said = [t.gettext(n) for t in tongues for n in own]
        for name in (country.alpha_3, *own, *said):
            names.setdefault(_squash(name), country.alpha_2)
            names.setdefault(_squash(name.partition(",")[0].partition("(")[0]), country.alpha_2)
    return {n: c for n, c in (names | _SPOKEN).items() if n}


def _squash(name: str) -> str:
    return fold_text(name).replace(" ", "")


def country_code(text: Column) -> Column:
    """Return the alpha-2 code of a country code or name (`D`, `DE`, `DEU`, `Deutschland`, `U.K.`); null when it is not known."""
    code = F.upper(text)
    squashed = F.replace(fold(text), F.lit(" "), F.lit(""))
    special = F.when(code == "UK", "GB").when(code == "EL", "GR").when(code == "D", "DE").when(code == "F", "FR")
    return F.coalesce(F.when(code.isin(sorted(iso_codes())), code), special, lookup(country_names(), squashed))
