"""Takes street lines apart into unit, house number and street, and unifies the words that streets are made of."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.lookup import is_listed, replace_tokens

__all__ = ["city_words", "house_and_street", "split_unit", "street_words"]

_WORDS = {
    "street": "st", "saint": "st", "sainte": "st", "sankt": "st", "str": "st", "strasse": "st", "straat": "st", "strada": "st",
    "avenue": "ave", "av": "ave", "aven": "ave", "avenida": "ave", "avda": "ave", "road": "rd", "boulevard": "blvd", "bd": "blvd",
    "boul": "blvd", "bvd": "blvd", "bld": "blvd", "lane": "ln", "drive": "dr", "drv": "dr", "court": "ct", "crt": "ct",
    "place": "pl", "platz": "pl", "plein": "pl", "square": "sq", "terrace": "ter", "terr": "ter", "highway": "hwy",
    "parkway": "pkwy", "pky": "pkwy", "crescent": "cres", "cr": "cres", "close": "cl", "circuit": "cct", "circle": "cir",
    "gardens": "gdns", "grove": "gr", "parade": "pde", "esplanade": "esp", "heights": "hts", "mount": "mt", "fort": "ft",
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se",
    "southwest": "sw",
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
    "eighth": "8th", "ninth": "9th", "tenth": "10th", "calle": "c", "carrer": "c", "plaza": "plz", "pza": "plz",
    "chemin": "ch", "che": "ch", "impasse": "imp", "allee": "al", "viale": "vle", "piazza": "plz", "corso": "cso", "rua": "r",
    "ulica": "ul", "ulitsa": "ul", "doctor": "dr", "doktor": "dr", "professor": "prof", "general": "gen", "gral": "gen",
}  # fmt: skip
_CITY_WORDS = {"saint": "st", "sainte": "st", "sankt": "st", "mount": "mt", "fort": "ft"}
_UNIT = r"apartment|apt|appartement|appt|app|suite|ste|unit|flat|floor|room|rm|wohnung|whg|etage|stock|og|piso|bus|bte|shop"
_UNIT_AFTER = rf"(?i)[,\s]+((?:(?:{_UNIT})\b\.?\s*|#\s*)[\w/-]{{1,8}})\s*\z"
_UNIT_BEFORE = rf"(?i)^\s*((?:(?:{_UNIT})\b\.?\s*|#\s*)[\w/-]{{1,8}})\s*,\s*(?=\S)"
_NUMBER = r"\d{1,6}(?:\s?[a-zA-Z](?![a-zA-Z]))?(?:\s?[-–/+]\s?\d{0,5}[a-zA-Z]?(?![a-zA-Z\d]))?(?:\s?(?:bis|ter|quater)\b)?"
_NUMBER_FIRST = rf"^(?:(?i:no|nr|n[°º])\.?\s*)?({_NUMBER})(?:\s*,\s*|\s+)(?=.*\p{{L}})(.+)\z"
_NUMBER_LAST = rf"^(.*\p{{L}}.*?)[\s,]+(?:(?i:no|nr|n[°º]|num)\.?\s*)?({_NUMBER})\z"
_BOX = r"(?i)^(?:p\.?\s?o\.?\s?box|postbus|postfach|bo[iî]te postale|b\.?p\.?\s|apartado|casella postale|locked bag)"
_NUMBER_LAST_COUNTRIES = (
    "DE", "AT", "CH", "NL", "BE", "SE", "NO", "DK", "FI", "IS", "IT", "ES", "PT", "BR", "PL", "CZ", "SK", "HU", "RO", "BG", "GR",
    "HR", "SI", "RS", "EE", "LV", "LT", "RU", "UA", "TR", "AR", "CL", "MX", "CO", "PE", "LI",
)  # fmt: skip
_PARTED = "\u0001"


def split_unit(line: Column) -> tuple[Column, Column]:
    """Return the unit named at the end or the start of a street line (apt 4b, #12, Whg. 3), and the line without it."""
    after = line.rlike(_UNIT_AFTER)
    unit = F.when(after, F.regexp_extract(line, _UNIT_AFTER, 1)).when(
        line.rlike(_UNIT_BEFORE), F.regexp_extract(line, _UNIT_BEFORE, 1)
    )
    rest = F.when(after, F.regexp_replace(line, _UNIT_AFTER, "")).otherwise(F.regexp_replace(line, _UNIT_BEFORE, ""))
    return F.lower(F.trim(F.regexp_replace(unit, r"[.#\s]+", " "))), rest


def house_and_street(line: Column, country: Column) -> Column:
    """Return `[house number, street]` of a street line; the number is empty where there is none.

    Where the country writes numbers last (Hauptstr. 5) they are sought there first; elsewhere only first (12 High St), since
    Highway 66 is no house. A post-office box has no house number.
    """
    number_first, number_last = line.rlike(_NUMBER_FIRST), line.rlike(_NUMBER_LAST)
    last_is_usual = is_listed(_NUMBER_LAST_COUNTRIES, country)
    parted = (
        F.when(line.rlike(_BOX), F.concat(F.lit(_PARTED), line))
        .when(number_last & (last_is_usual | (country.isNull() & ~number_first)), _parted(line, _NUMBER_LAST, "$2", "$1"))
        .when(number_first, _parted(line, _NUMBER_FIRST, "$1", "$2"))
        .otherwise(F.concat(F.lit(_PARTED), line))
    )
    return F.split(parted, _PARTED)


def _parted(line: Column, pattern: str, number: str, street: str) -> Column:
    return F.regexp_replace(line, pattern, f"{number}{_PARTED}{street}")


def street_words(folded: Column) -> Column:
    """Return a folded street with its words unified: Hauptstraße, Hauptstr. and hauptstrasse are all hauptst."""
    return replace_tokens(_WORDS, F.regexp_replace(folded, r"(?<=\p{L}{3})(?:strasse|straat|str)(?!\S)", "st"))


def city_words(folded: Column) -> Column:
    """Return a folded city with saint, mount and fort abbreviated."""
    return replace_tokens(_CITY_WORDS, folded)
