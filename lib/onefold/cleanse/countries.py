"""Reads countries written as codes or as names in the common languages into ISO 3166-1 alpha-2."""

from __future__ import annotations

import gettext
from functools import lru_cache

import pycountry
from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.lookup import lookup
from onefold.cleanse.text import fold, fold_text

__all__ = ["country_code", "country_names"]

_LANGUAGES = (
    "de", "fr", "es", "it", "pt", "pt_BR", "nl", "sv", "da", "nb_NO", "fi", "pl", "cs", "hu", "ro", "tr", "el", "ru", "uk",
    "ja", "ko", "zh_CN", "zh_TW", "ar", "he",
)  # fmt: skip
_SPOKEN = {
    "uk": "GB", "greatbritain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northernireland": "GB",
    "britain": "GB", "us": "US", "usa": "US", "unitedstatesofamerica": "US", "america": "US", "vereinigtestaaten": "US",
    "etatsunis": "US", "holland": "NL", "thenetherlands": "NL", "southkorea": "KR", "korea": "KR", "northkorea": "KP",
    "russia": "RU", "brd": "DE", "czechrepublic": "CZ", "czechia": "CZ", "uae": "AE", "vietnam": "VN", "ivorycoast": "CI",
    "taiwan": "TW", "turkey": "TR", "iran": "IR", "syria": "SY", "moldova": "MD", "tanzania": "TZ", "bolivia": "BO",
    "venezuela": "VE", "laos": "LA", "macedonia": "MK", "capeverde": "CV", "swaziland": "SZ", "burma": "MM", "eire": "IE",
    "republicofireland": "IE", "hongkongsar": "HK", "prc": "CN", "mainlandchina": "CN", "el": "GR", "palestine": "PS",
    "d": "DE", "f": "FR", "xk": "XK", "kosovo": "XK", "brunei": "BN", "россия": "RU", "великобритания": "GB", "сша": "US",
    "中国": "CN", "台灣": "TW", "韓国": "KR", "大韓民国": "KR", "アメリカ": "US", "イギリス": "GB", "한국": "KR", "미국": "US",
}  # fmt: skip


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return folded, space-free names and codes with their alpha-2 code (pycountry, with its translations)."""
    tongues = [gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[tag], fallback=True) for tag in _LANGUAGES]
    said: dict[str, str] = {}
    for country in pycountry.countries:
        for own in (country.name, getattr(country, "common_name", country.name)):
            for name in (own, *(tongue.gettext(own) for tongue in tongues)):
                said.setdefault(name, country.alpha_2)
                said.setdefault(name.partition(",")[0].partition("(")[0], country.alpha_2)
        said.setdefault(getattr(country, "official_name", country.name), country.alpha_2)
    names: dict[str, str] = {}
    for name, code in said.items():
        names.setdefault(fold_text(name).replace(" ", ""), code)
    codes = {code.lower(): c.alpha_2 for c in pycountry.countries for code in (c.alpha_3, c.alpha_2)}
    return {name: code for name, code in (names | _SPOKEN | codes).items() if name}


def country_code(text: Column) -> Column:
    """Return the alpha-2 code of a country code or name (`D`, `DE`, `DEU`, `Deutschland`, `U.K.`); null when it is not known."""
    names = country_names()
    # Most values are a code or a plain name, which need no folding.
    return F.coalesce(lookup(names, F.lower(text)), lookup(names, F.replace(fold(text), F.lit(" "), F.lit(""))))
