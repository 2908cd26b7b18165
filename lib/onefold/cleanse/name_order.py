"""Decides which part of a whole name is the family's: by its script, its capitals, a patronymic, its country and known surnames.

What these do not settle keeps the usual order and gets a doubt; nothing is guessed in silence.
"""

from __future__ import annotations

from functools import lru_cache

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.lookup import is_listed
from onefold.cleanse.name_words import PARTICLES, PATRONYMIC, SURE_PATRONYMIC, TURKIC_PATRONYMIC
from onefold.cleanse.reference import family_names, given_names

__all__ = ["DOUBTS", "PARTED", "order_of", "parted_by"]

PARTED = "\u0001"
DOUBTS = ("ambiguous_order", "ambiguous_surnames", "ambiguous_patronymic", "split_by_surname", "unsplit")

_CJK = r"^[\p{IsHan}\p{IsHiragana}\p{IsKatakana}\p{IsHangul}ー\s]+\z"
_PARTICLES = rf"(?:(?:{PARTICLES})\s+)*"
_GIVEN_FIRST = rf"(?iu)^(\S+(?:\s.*?)??)\s+({_PARTICLES}\S+)\z"
_FAMILY_FIRST = rf"(?iu)^({_PARTICLES}\S+)\s+(.*)\z"
_TWO_SURNAMES = rf"(?iu)^(\S+(?:\s.*?)??)\s+({_PARTICLES}(\S+)\s+{_PARTICLES}\S+)\z"
_BY_COMMA = r"^([^,]*?)\s*,\s*(.*?)[,\s]*\z"
_CAPITALS = r"(?=\S*[AEIOUYÀ-Ý])\p{Lu}[\p{Lu}'’-]{2,}"
_CAPITALS_FIRST = rf"^((?:\p{{Lu}}{{2,3}}\s+)?{_CAPITALS}(?:\s+\p{{Lu}}[\p{{Lu}}'’-]+)*)\s+(\p{{Lu}}\p{{Ll}}.*)\z"

_CHINESE = ("CN", "TW", "HK", "MO", "SG", "MY")
_FAMILY_FIRST_COUNTRIES = ("CN", "TW", "HK", "MO", "KR", "KP", "VN", "KH", "HU")
_EITHER_COUNTRIES = ("JP", "SG", "MY")
"""Countries whose people write their names in either order in Latin letters; given names come first unless a surname does."""
_SPANISH = (
    "ES", "MX", "AR", "CL", "CO", "PE", "VE", "EC", "BO", "PY", "UY", "CR", "PA", "GT", "HN", "SV", "NI", "CU", "DO", "PR", "GQ",
)  # fmt: skip
_PORTUGUESE = ("PT", "BR", "AO", "MZ", "CV", "GW", "ST", "TL")
_PATRONYMIC_COUNTRIES = ("RU", "UA", "BY", "KZ", "KG", "UZ", "TJ", "TM", "AZ", "AM", "GE", "MD")
_WESTERN_TOO = frozenset(
    {"lee", "long", "young", "joe", "joy", "may", "can", "ting", "do", "van", "ma", "le", "song", "king", "so"}
)


def order_of(bare: Column, wanted: Column, country: Column) -> Column:
    """Return how a whole name is to be taken apart, a colon, and the doubt about it (often empty): `family:`.

    Args:
        bare: whole name without title and suffix.
        wanted: `name_order` of the mapping; what it says is not doubted.
        country: alpha-2 code of the person, or null.
    """
    words = F.size(F.split(bare, r"\s+"))
    last = F.substring_index(bare, " ", -1)
    iberian = is_listed((*_SPANISH, *_PORTUGUESE), country)
    eastern = is_listed(_PATRONYMIC_COUNTRIES, country)
    slavic = last.rlike(SURE_PATRONYMIC) | (eastern & last.rlike(PATRONYMIC)) | last.rlike(r"(?u)[оеё]вич\z")
    second_is_patronymic = F.get(F.split(bare, r"\s+"), F.lit(1)).rlike(PATRONYMIC)
    return (
        F.when(bare.isNull(), None)
        .when(bare.contains(","), "comma:")
        .when(wanted == "family_first", "family:")
        .when(wanted == "given_first", F.when(iberian & (words > 2), _by_two_surnames(bare)).otherwise("given:"))
        .when(bare.rlike(_CJK), _eastern_script(bare, country))
        .when(words == 1, "given:")
        .when(bare.rlike(_CAPITALS_FIRST), "capitals:")
        .when((words >= 4) & bare.rlike(TURKIC_PATRONYMIC), "family:")
        .when((words == 3) & slavic & ~second_is_patronymic, "family:")
        .when((words == 2) & eastern & last.rlike(PATRONYMIC), "given:ambiguous_patronymic")
        .when(is_listed((*_FAMILY_FIRST_COUNTRIES, *_EITHER_COUNTRIES), country), _by_surname(bare, country))
        .when(iberian & (words > 2), _by_two_surnames(bare))
        .when(country.isNull() & _eastern_surname_first(bare), "given:ambiguous_order")
        .otherwise("given:")
    )


def parted_by(bare: Column, order: Column) -> Column:
    """Return given names, `PARTED` and family name of a whole name, by its order; a name in one piece has no mark."""
    swapped, kept = f"$2{PARTED}$1", f"$1{PARTED}$2"
    how = F.substring_index(order, ":", 1)
    return (
        F.when(how == "comma", F.regexp_replace(bare, _BY_COMMA, swapped))
        .when(how == "family", F.regexp_replace(bare, _FAMILY_FIRST, swapped))
        .when(how == "two", F.regexp_replace(bare, _TWO_SURNAMES, kept))
        .when(how == "capitals", F.regexp_replace(bare, _CAPITALS_FIRST, swapped))
        .when(how == "ko", F.regexp_replace(bare, _glued("KR"), swapped))
        .when(how == "ja", F.regexp_replace(bare, _glued("JP"), swapped))
        .when(how == "zh", F.regexp_replace(bare, _glued("CN"), swapped))
        .otherwise(F.regexp_replace(bare, _GIVEN_FIRST, kept))
    )


def _eastern_script(bare: Column, country: Column) -> Column:
    """Decide on a name in Chinese, Japanese or Korean script: family first; without a space, by the known surnames."""
    japanese = (country == "JP") | bare.rlike(r"[\p{IsHiragana}\p{IsKatakana}]")
    return (
        F.when(bare.rlike(r"\S\s+\S"), "family:")
        .when(bare.rlike(_glued("KR")), "ko:")
        .when(japanese, F.when(bare.rlike(_glued("JP")), "ja:").otherwise("given:unsplit"))
        .when(is_listed(_CHINESE, country), F.when(bare.rlike(_glued("CN")), "zh:").otherwise("given:unsplit"))
        .when(bare.rlike(_glued("JP")), "ja:split_by_surname")
        .when(bare.rlike(_glued("CN")), "zh:split_by_surname")
        .otherwise("given:unsplit")
    )


def _by_surname(bare: Column, country: Column) -> Column:
    home = F.when(is_listed(_CHINESE, country), "CN").when(country == "KP", "KR").otherwise(country)
    known = _surnames_by_country()

    def is_surname(word: Column) -> Column:
        return is_listed(known, F.concat(home, F.lit(":"), F.lower(word)))

    first, last = is_surname(F.substring_index(bare, " ", 1)), is_surname(F.substring_index(bare, " ", -1))
    usual = F.when(is_listed(_EITHER_COUNTRIES, country), F.when(first & last, "given:ambiguous_order").otherwise("given:"))
    return (
        F.when(first & ~last, "family:")
        .when(last & ~first, "given:")
        .otherwise(F.coalesce(usual, F.lit("family:ambiguous_order")))
    )


def _by_two_surnames(bare: Column) -> Column:
    """Decide between two surnames (María García López) and two given names (Juan Carlos García)."""
    between = F.lower(F.regexp_extract(bare, _TWO_SURNAMES, 3))
    given, family = is_listed(_iberian("given"), between), is_listed(_iberian("family"), between)
    return (
        F.when(between == "", "given:")
        .when(given & ~family, "given:")
        .when(between.rlike(r"^\p{L}\.?\z"), "given:")
        .when(family & ~given, "two:")
        .otherwise("two:ambiguous_surnames")
    )


def _eastern_surname_first(bare: Column) -> Column:
    known = {name.partition(":")[2] for name in _surnames_by_country() if name[:2] in ("CN", "KR", "VN")} - _WESTERN_TOO
    return is_listed(known, F.lower(F.substring_index(bare, " ", 1))) & bare.contains(" ")


@lru_cache(maxsize=1)
def _surnames_by_country() -> tuple[str, ...]:
    homes = {"TW": "CN"}
    return tuple(sorted({f"{homes.get(n.country, n.country)}:{n.name}" for n in family_names() if n.script == "latin"}))


@lru_cache(maxsize=2)
def _iberian(kind: str) -> tuple[str, ...]:
    names = given_names() if kind == "given" else family_names()
    return tuple(sorted({n.name for n in names if n.country in (*_SPANISH, *_PORTUGUESE) and n.script == "latin"}))


@lru_cache(maxsize=3)
def _glued(country: str) -> str:
    """Return the pattern of a family name and a given name without a space between, the longest surnames first."""
    homes = ("CN", "TW") if country == "CN" else (country,)
    script = {"KR": "hangul"}.get(country, "han")
    known = sorted({n.name for n in family_names() if n.country in homes and n.script == script}, key=lambda n: (-len(n), n))
    rest = {"KR": r"\p{IsHangul}{1,3}", "JP": r"[\p{IsHan}\p{IsHiragana}\p{IsKatakana}ー]{1,4}", "CN": r"\p{IsHan}{1,2}"}[country]
    return rf"^({'|'.join(known)})({rest})\z"
