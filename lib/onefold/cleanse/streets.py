"""Takes street lines apart into unit, house number and street, and unifies the words that streets are made of."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.lookup import is_listed, replace_tokens

__all__ = ["box_number", "city_words", "house_and_street", "is_unit", "split_unit", "street_words"]

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
_UNIT = (
    r"apartment|apartamento|appartement|appartment|apt|apto|appt|app|departamento|depto|dpto|suite|ste|unit|unidad|flat|floor|"
    r"room|rm|wohnung|whg|etage|stock|og|stiege|top|piso|planta|puerta|pta|escalera|esc|bloque|blq|bloco|andar|sala|oficina|"
    r"interno|int|scala|bus|bte|bo[iî]te|lgh|lejl|shop|level|lvl|daire|kat|lok|lokal|byt|block|blk|bldg|building|кв|квартира|"
    r"офис|корп|корпус|d:|m\.|of\."
)
# A value has a digit, or is one letter: Flat B, but not Shop Street.
_UNIT_VALUE = r"(?:(?=\S*\d)[\w/-]{1,8}|\p{L})(?![\w/-])"
_STOREY = (
    r"\d{1,3}\s?(?:st|nd|rd|th|\.|[ºª°])?\s?(?:floor|fl|og|stock|etage|étage|piso|andar|sal|kat)(?!\p{L})"
    r"(?:\s(?:links|rechts|li|re|tv|th|mf|izq|izda|dcha|left|right)\b\.?)?|"
    r"\d{1,2}[ºª°]\s?(?:\p{L}|\d{1,2}[ºª°]?|izq|izda|dcha)?(?!\p{L})|(?:st|kl|\d{1,2})\.?\s(?:tv|th|mf)\b\.?"
)
_ONE_UNIT = rf"(?:(?<!\p{{L}})(?:{_UNIT})(?:\.?\s*|(?<=:))(?:n[ro°º]\.?\s*)?{_UNIT_VALUE}|#\s*{_UNIT_VALUE}|{_STOREY})"
_UNIT_AFTER = rf"(?iu)(?:\s*,\s*|\s+-\s+|\s+)({_ONE_UNIT}(?:[,\s]+{_ONE_UNIT}){{0,3}})\s*\z"
_UNIT_ALONE = rf"(?iu)^{_ONE_UNIT}(?:\s{_ONE_UNIT}){{0,3}}\z"
_UNIT_BEFORE = rf"(?iu)^\s*({_ONE_UNIT})\s*(?:,|\s-\s)\s*(?=\S)"
_NUMBER = r"\d{1,6}(?:\s?[a-zA-Z](?![a-zA-Z]))?(?:\s?[-–/+]\s?\d{0,5}[a-zA-Z]?(?![a-zA-Z\d])){0,2}(?:\s?(?:bis|ter|quater)\b)?"
_NUMBER_WORD = r"(?:(?i:no|nr|n[°º]|num|number|núm|д|дом|házsz)[.:]{0,2}\s*)?"
# Before a street, a letter apart is not a point of the compass: 75 N Elm Avenue.
_NUMBER_BEFORE = _NUMBER.replace(
    r"\s?[a-zA-Z](?![a-zA-Z]))?", r"(?:[a-zA-Z]|\s[a-df-mo-rt-vx-zA-DF-MO-RT-VX-Z])(?![a-zA-Z]))?", 1
)
_NUMBER_FIRST = rf"^{_NUMBER_WORD}({_NUMBER_BEFORE})(?:\s*,\s*|\s+)(?=.*\p{{L}})(.+)\z"
_NUMBER_LAST = rf"^(.*?\p{{L}}.*?)[\s,]+{_NUMBER_WORD}({_NUMBER})\.?\z"
_BOX_WORDS = (
    r"(?:g\.?\s?)?p\.?\s?o\.?\s?box|post office box|postbus|postfach|bo[iî]te postale|b\.?\s?p\.?(?=\s?\d)|casella postale|"
    r"apartado(?: de correos| postal| aéreo)?|caixa postal|skr(?:ytka|\.)\s?p(?:ocztowa|oczt\.|\.)|postboks|posta kutusu|"
    r"private bag|locked bag|абонентский ящик|а/я|ص\.?\s?ب\.?|私書箱"
)
_BOX = rf"(?iu)^(?:{_BOX_WORDS}|box\s+\d)"
_BOX_NUMBER = rf"(?iu)(?<!\p{{L}})(?:{_BOX_WORDS}|^box)\s*(?:n[°ºo]\.?|nr\.?|#|:)?\s*([A-Z]{{0,2}}\d(?:[\d ]{{0,8}}\d)?)"
_NUMBER_LAST_COUNTRIES = (
    "DE", "AT", "CH", "NL", "BE", "SE", "NO", "DK", "FI", "IS", "IT", "ES", "PT", "BR", "PL", "CZ", "SK", "HU", "RO", "BG", "GR",
    "HR", "SI", "RS", "EE", "LV", "LT", "RU", "UA", "TR", "AR", "CL", "MX", "CO", "PE", "LI", "BA", "ME", "MK", "AL", "XK", "MD",
    "BY", "KZ", "UZ", "KR", "IL", "UY", "PY", "EC", "BO", "VE", "GT", "HN", "SV", "NI", "DO", "CU", "CR", "PA", "ID", "AO", "MZ",
    "FO", "GL", "SM", "VA", "AD", "CY", "GE", "AM", "AZ",
)  # fmt: skip
_PARTED = "\u0001"


def split_unit(line: Column) -> tuple[Column, Column]:
    """Return the unit named at the end or the start of a street line (apt 4b, #12, 2. OG links), and the line without it."""
    after = line.rlike(_UNIT_AFTER)
    unit = F.when(after, F.regexp_extract(line, _UNIT_AFTER, 1)).when(
        line.rlike(_UNIT_BEFORE), F.regexp_extract(line, _UNIT_BEFORE, 1)
    )
    rest = F.when(after, F.regexp_replace(line, _UNIT_AFTER, "")).otherwise(F.regexp_replace(line, _UNIT_BEFORE, ""))
    return F.lower(F.trim(F.regexp_replace(unit, r"[.#,\s]+", " "))), rest


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


def is_unit(text: Column) -> Column:
    """Tell whether a text is a unit and nothing else: Apt 4B, 3º B, Wohnung 12."""
    return F.coalesce(text.rlike(_UNIT_ALONE), F.lit(False))


def box_number(line: Column) -> Column:
    """Return the number of a post-office box that the line names in one of the common languages; null where it names none."""
    return F.nullif(F.replace(F.regexp_extract(line, _BOX_NUMBER, 1), F.lit(" "), F.lit("")), F.lit(""))


def street_words(folded: Column) -> Column:
    """Return a folded street with its words unified: Hauptstraße, Hauptstr. and hauptstrasse are all hauptst."""
    return replace_tokens(_WORDS, F.regexp_replace(folded, r"(?<=\p{L}{3})(?:strasse|straat|str)(?!\S)", "st"))


def city_words(folded: Column) -> Column:
    """Return a folded city with saint, mount and fort abbreviated."""
    return replace_tokens(_CITY_WORDS, folded)
