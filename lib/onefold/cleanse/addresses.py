"""Takes addresses apart, tidies their parts and makes their match keys."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.countries import country_code
from onefold.cleanse.party_values import ADDRESS_PARTS
from onefold.cleanse.postcodes import misshapen
from onefold.cleanse.streets import box_number, house_and_street, is_unit, split_unit
from onefold.cleanse.text import MARK, MARK_OF_LISTS, at, proper_case, together

__all__ = ["address_texts", "read_addresses"]

# British, Canadian, Dutch, Swedish, Brazilian, Portuguese, Japanese, Indian, Polish, Argentine and Irish forms, then digits; an
# optional country letter before.
_POSTCODE = (
    r"(?i:\b(?:[a-z]{1,3}-)?([a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}|[a-z]\d[a-z]\s?\d[a-z]\d|\d{4}\s?[a-z]{2}(?!\p{L})|\d{3}\s\d{2}"
    r"|\d{5}-\d{3,4}|\d{4}-\d{3}|\d{3}-\d{4}|\d{3}\s\d{3}|\d{2}-\d{3}|[a-z]\d{4}[a-z]{3}|[a-z]\d\d\s[a-z\d]{4}|\d{4,7})\b)"
)
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|boulevard|blvd|drive|dr|lane|ln|way|court|ct|place|pl|plaza|rise|close|rue|highway|hwy)"
)
# 12 High St Springfield, IL 62704: the comma that is missing behind the street.
_STREET_AND_CITY = (
    rf"^(\d\S*\s[^,]*?\b(?i:{_STREET})\b\.?(?:\s(?:NE|NW|SE|SW|[NSEW]))?)\s+(?=\p{{Lu}}[\p{{L}}.' -]+,\s*[A-Z]{{2}}\b)"
)
# Hauptstr. 5 50667 Köln.
_STREET_AND_CODE = r"^([^,]*\p{L}[^,]*\s\d{1,4}\s?[a-zA-Z]?)\s+((?:[A-Z]{1,2}-)?(?:\d{5}|\d{4})\s+\p{L}[^,\d]*)\z"
# Rua Augusta, 1500, São Paulo: the number is a piece of its own.
_NUMBER_APART = r"^([^,\d]*\p{L}[^,\d]*),\s*(\d{1,4}\s?[a-zA-Z]?)\s*,(?=.*\d{4})"
_CEDEX = r"(?i)\s*\bcedex\b(?:\s?\d{1,2}\b)?\s*"
# A street line that is a whole address: its last pieces are a city with its postcode.
_WHOLE = (
    r"^(?!(?i:suite|unit|flat|room|floor|level|apt|bldg|building|block|#))[^,]*\d[^,]*(?:,[^,]*)*"
    r",\s*(?:(?:[A-Z]{1,2}-)?(?:\d{4}|\d{5})\s+\p{L}[^,\d]*|(?:[^,\d]+,\s*)?[A-Z]{2},?\s+\d{5}(?:-\d{4})?|\d{5})\s*\z"
)
_BUILDING_FIRST = r"(?iu)^\D*\z|^(?:suite|unit|flat|room|floor|level|apt|#)"
_NUMBERED_STREET = rf"(?iu)^\d\S*\s.*\b{_STREET}\b"
_CODE_ALONE = r"(?i)^[a-z\d]{1,5}[ -]?\d[a-z\d]{0,4}\z"
_REGION_AFTER = r"^(.*?)[\s,]+([A-Z]{2,3})\z"


def address_texts(items: Column) -> Column:
    """Return all parts of all addresses as one text: the parts of an address together, addresses apart by their own mark."""
    return F.array_join(F.transform(items, lambda a: together(a[part] for part in ADDRESS_PARTS)), MARK_OF_LISTS)


def read_addresses(items: Column, texts: Column, record_country: Column) -> Column:
    """Return the addresses as structs of the canonical parts; the match keys come later, with all keys of the record.

    Each step is a pass over the array, so that no expression is evaluated twice. `texts` are the items' `address_texts`,
    squeezed and without sentinels; `record_country` (alpha-2) stands in where an address names no country.
    """
    split = F.transform(F.split(texts, MARK_OF_LISTS), lambda address: F.split(address, MARK))
    steps: tuple[Callable[[Column], Column], ...] = (
        lambda a: _with(a, known=country_code(a["country_name"])),
        lambda a: _countries(a, record_country),
        _building_apart,
        _beside_postcode,
        _fill,
        _house_apart,
        _finish,
    )
    # Of no addresses the texts are one empty text, which is cut off again.
    items = F.slice(F.zip_with(items, split, _parts), F.lit(1), F.size(items))
    for step in steps:
        items = F.transform(items, step)
    return items


def _parts(item: Column, parts: Column) -> Column:
    """Put the tidied parts in place, and cut a whole address at its commas; its last piece may be the country."""
    part = {name: at(parts, position) for position, name in enumerate(ADDRESS_PARTS)}
    raw = F.concat_ws(", ", *[F.nullif(F.trim(item[name]), F.lit("")) for name in ADDRESS_PARTS])
    is_whole = part["full"].isNull() & part["city"].isNull() & part["postcode"].isNull() & part["line"].rlike(_WHOLE)
    whole = F.when(is_whole, part["line"]).otherwise(part["full"])
    spelled = whole
    for pattern, parted in ((_STREET_AND_CITY, "$1, "), (_STREET_AND_CODE, "$1, $2"), (_NUMBER_APART, "$1 $2,")):
        spelled = F.regexp_replace(spelled, pattern, parted)
    pieces = F.when(whole.isNotNull(), F.filter(F.split(spelled, r"\s*[,;|]\s*"), lambda piece: piece != ""))
    # A country may stand before the postcode, or before nothing but it: Leicestershire, United Kingdom, LE11 1UU.
    last, before = F.element_at(pieces, -1), F.get(pieces, F.size(pieces) - 2)
    return F.struct(
        item["kind"].alias("kind"),
        *[F.when(~F.coalesce(is_whole, F.lit(False)), value).alias(name) if name == "line" else value.alias(name)
          for name, value in part.items() if name != "full"],
        raw.alias("raw"),
        pieces.alias("pieces"),
        F.coalesce(part["country"], F.when(last.rlike(_CODE_ALONE) & (F.size(pieces) > 2), before).otherwise(last)).alias(
            "country_name"
        ),
    )  # fmt: skip


def _with(item: Column, **changed: Column) -> Column:
    for name, value in changed.items():
        item = item.withField(name, value)
    return item


def _countries(item: Column, record_country: Column) -> Column:
    """Settle the country; a last piece that was one is no piece of the address any more."""
    pieces, known, named = item["pieces"], item["known"], item["country_name"]
    is_piece = item["country"].isNull() & known.isNotNull() & (F.size(pieces) > 1)
    # Georgia behind an address of the United States is the state.
    is_piece = is_piece & ~(F.coalesce(record_country == "US", F.lit(False)) & (F.lower(named) == "georgia"))
    return _with(
        item,
        strange_country=item["country"].isNotNull() & known.isNull(),
        pieces=F.when(is_piece, F.filter(pieces, lambda piece: piece != named)).otherwise(pieces),
        country=F.when(item["country"].isNotNull() | is_piece, F.coalesce(known, record_country)).otherwise(record_country),
    )


def _building_apart(item: Column) -> Column:
    """Take a building that stands before the street line (Hughes Plaza, 100 Howard Way) out; put a unit behind it to the line."""
    pieces = item["pieces"]
    first, second = F.get(pieces, F.lit(0)), F.get(pieces, F.lit(1))
    several = F.size(pieces) > 2
    apart = several & first.rlike(_BUILDING_FIRST) & second.rlike(_NUMBERED_STREET)
    further = F.slice(pieces, F.lit(3), F.greatest(F.size(pieces), F.lit(1)))
    with_unit = F.concat(F.array(F.concat_ws(", ", first, second)), further)
    return _with(
        item,
        pieces=F.when(apart, F.slice(pieces, F.lit(2), F.greatest(F.size(pieces), F.lit(1))))
        .when(several & is_unit(second), with_unit)
        .otherwise(pieces),
        line2=F.coalesce(item["line2"], F.when(apart, first)),
    )


def _beside_postcode(item: Column) -> Column:
    """Find the last piece, after the street line, that holds a postcode; beside it is the city, the region, or both."""
    after_street = F.slice(item["pieces"], F.lit(2), F.greatest(F.size(item["pieces"]), F.lit(1)))
    piece = F.element_at(F.filter(after_street, lambda text: text.rlike(_POSTCODE)), -1)
    parted = F.regexp_replace(piece, rf"^(.*?){_POSTCODE}(.*)\z", f"$1$3{MARK}$2{MARK}$0")
    return _with(item, parted=F.split(parted, MARK))


def _fill(item: Column) -> Column:
    """Fill the parts that are not given from the pieces of the whole address."""
    pieces, parted = item["pieces"], item["parted"]
    beside = F.trim(F.get(parted, F.lit(0)))
    only_region = beside.rlike(r"^(?:[A-Z]{2,3})?\z")
    before = F.get(pieces, F.array_position(pieces, F.get(parted, F.lit(2))).cast("int") - 2)
    city = F.when(only_region & (F.size(pieces) > 2), before).when(~only_region, F.regexp_replace(beside, _REGION_AFTER, "$1"))
    without_code = F.when(parted.isNull() & (F.size(pieces) > 1), F.element_at(pieces, -1))
    region = F.when(only_region, beside).otherwise(F.regexp_extract(beside, _REGION_AFTER, 2))
    return _with(
        item,
        line=F.coalesce(item["line"], item["street"], F.get(pieces, F.lit(0))),
        city=F.coalesce(item["city"], city, without_code),
        region=F.coalesce(item["region"], F.nullif(region, F.lit(""))),
        postcode=F.coalesce(item["postcode"], F.nullif(F.get(parted, F.lit(1)), F.lit(""))),
    )


def _house_apart(item: Column) -> Column:
    """Split a unit off the street line, then the house number, unless the source gives it apart."""
    unit, line = split_unit(item["line"])
    given = item["house_number"].isNotNull()
    house = F.when(given, F.array(item["house_number"], line)).otherwise(house_and_street(line, item["country"]))
    box = F.coalesce(box_number(item["line"]), box_number(item["line2"]))
    return _with(item, unit=F.coalesce(unit, item["line2"]), house=house, po_box=box)


def _finish(item: Column) -> Column:
    """Put every part into its final form."""
    street, city = F.trim(F.get(item["house"], F.lit(1))), F.trim(F.regexp_replace(item["city"], _CEDEX, " "))
    region = F.when(F.length(item["region"]) <= 3, F.upper(item["region"])).otherwise(proper_case(item["region"]))
    number = F.lower(F.regexp_replace(F.get(item["house"], F.lit(0)), r"\s+|\.0\z", ""))
    postcode = _postcode(item["postcode"], item["country"])
    values = {
        "kind": item["kind"],
        "house_number": F.nullif(number, F.lit("")),
        "street": F.when(street.rlike(r"[\p{L}\p{N}]"), proper_case(street)),
        "unit": item["unit"],
        "po_box": item["po_box"],
        "city": F.when(city.rlike(r"\p{L}"), proper_case(city)),
        "region": region,
        "postcode": postcode,
        "country": item["country"],
        "raw": item["raw"],
        "strange_country": item["strange_country"],
        "odd_postcode": misshapen(postcode, item["country"]),
    }
    return F.struct(*[value.alias(name) for name, value in values.items()])


def _postcode(text: Column, country: Column) -> Column:
    """Return a postcode in capitals without spaces, country letters (D-10115) and a spreadsheet's `.0`."""
    bare = F.regexp_replace(F.upper(text), r"\s+|\.0\z|^[A-Z]{1,3}-(?=\d)|[^A-Z\d\s\p{L}-]", "")
    # A spreadsheet that took the ZIP for a number lost its leading zero; no other reading of four digits exists there.
    return F.nullif(F.when((country == "US") & bare.rlike(r"^\d{4}\z"), F.concat(F.lit("0"), bare)).otherwise(bare), F.lit(""))
