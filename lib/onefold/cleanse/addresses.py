"""Takes addresses apart, tidies their parts and makes their match keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.countries import country_code
from onefold.cleanse.party_values import ADDRESS_PARTS
from onefold.cleanse.streets import city_key, house_and_street, split_unit, street_key
from onefold.cleanse.text import proper_case, squeeze, unless_sentinel

__all__ = ["read_addresses"]

# British, Canadian, Dutch, Swedish and Brazilian forms, then digits with an optional country letter before.
_POSTCODE = (
    r"(?i)\b(?:[a-z]{1,3}-)?([a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}|[a-z]\d[a-z]\s?\d[a-z]\d|\d{4}\s?[a-z]{2}(?!\p{L})|\d{3}\s\d{2}"
    r"|\d{5}-\d{3,4}|\d{2}-\d{3}|\d{4,6})\b"
)
_REGION_AFTER = r"^(.*?)[\s,]+([A-Z]{2,3})\z"


def read_addresses(items: Column, record_country: Column, sentinels: Iterable[str]) -> Column:
    """Return the addresses as structs of the canonical parts, `street_key` and `city_key` still in their own script.

    Each step is a pass over the array, so that no expression is evaluated twice. `record_country` (alpha-2) stands in where
    an address names no country.
    """
    nothing = tuple(sentinels)
    steps: tuple[Callable[[Column], Column], ...] = (
        _tidy,
        lambda a: _unless_sentinels(a, nothing),
        _pieces,
        lambda a: _with(a, known=country_code(a["country_name"])),
        lambda a: _countries(a, record_country),
        _postcode_piece,
        _beside_postcode,
        _fill,
        _unit_apart,
        lambda a: _with(a, parted=house_and_street(a["line"], a["country"])),
        _house_apart,
        _finish,
    )
    for step in steps:
        items = F.transform(items, step)
    return items


def _with(item: Column, **changed: Column) -> Column:
    for name, value in changed.items():
        item = item.withField(name, value)
    return item


def _tidy(item: Column) -> Column:
    raw = F.concat_ws(", ", *[F.nullif(F.trim(item[part]), F.lit("")) for part in ADDRESS_PARTS])
    return F.struct(item["kind"].alias("kind"), *[squeeze(item[p]).alias(p) for p in ADDRESS_PARTS], raw.alias("raw"))


def _unless_sentinels(item: Column, nothing: tuple[str, ...]) -> Column:
    parts = [unless_sentinel(item[p], nothing).alias(p) for p in ADDRESS_PARTS]
    return F.struct(item["kind"].alias("kind"), *parts, item["raw"].alias("raw"))


def _pieces(item: Column) -> Column:
    """Cut a whole address at its commas; its last piece may be the country."""
    pieces = F.filter(F.split(item["full"], r"\s*[,;|]\s*"), lambda piece: piece != "")
    return _with(item, pieces=pieces, country_name=F.coalesce(item["country"], F.element_at(pieces, -1)))


def _countries(item: Column, record_country: Column) -> Column:
    """Settle the country; a last piece that was one is no piece of the address any more."""
    pieces, known = item["pieces"], item["known"]
    last_is_country = item["country"].isNull() & known.isNotNull() & (F.size(pieces) > 1)
    return _with(
        item,
        strange_country=item["country"].isNotNull() & known.isNull(),
        pieces=F.when(last_is_country, F.slice(pieces, F.lit(1), F.size(pieces) - 1)).otherwise(pieces),
        country=F.coalesce(known, record_country),
    )


def _postcode_piece(item: Column) -> Column:
    """Find the last piece, after the street line, that holds a postcode."""
    after_street = F.slice(item["pieces"], F.lit(2), F.greatest(F.size(item["pieces"]), F.lit(1)))
    return _with(item, piece=F.element_at(F.filter(after_street, lambda piece: piece.rlike(_POSTCODE)), -1))


def _beside_postcode(item: Column) -> Column:
    """Take the postcode out of its piece; what is beside it is the city, the region, or both."""
    return _with(
        item,
        found=F.nullif(F.regexp_extract(item["piece"], _POSTCODE, 1), F.lit("")),
        beside=F.trim(F.regexp_replace(item["piece"], _POSTCODE, "")),
    )


def _fill(item: Column) -> Column:
    """Fill the parts that are not given from the pieces of the whole address."""
    pieces, beside = item["pieces"], item["beside"]
    only_region = beside.rlike(r"^(?:[A-Z]{2,3})?\z")
    before = F.get(pieces, F.array_position(pieces, item["piece"]).cast("int") - 2)
    city = F.when(only_region & (F.size(pieces) > 2), before).when(~only_region, F.regexp_replace(beside, _REGION_AFTER, "$1"))
    without_code = F.when(item["piece"].isNull() & (F.size(pieces) > 1), F.element_at(pieces, -1))
    region = F.when(only_region, beside).otherwise(F.regexp_extract(beside, _REGION_AFTER, 2))
    return _with(
        item,
        line=F.coalesce(item["line"], item["street"], F.get(pieces, F.lit(0))),
        city=F.coalesce(item["city"], city, without_code),
        region=F.coalesce(item["region"], F.nullif(region, F.lit(""))),
        postcode=F.coalesce(item["postcode"], item["found"]),
    )


def _unit_apart(item: Column) -> Column:
    """Split a unit off the street line; a second line that is none stands for itself."""
    unit, line = split_unit(item["line"])
    return _with(item, line=line, unit=F.coalesce(unit, item["line2"]))


def _house_apart(item: Column) -> Column:
    """Take the house number and street from the line, unless the source gives the number apart."""
    given = item["house_number"].isNotNull()
    number = F.when(given, item["house_number"]).otherwise(F.get(item["parted"], F.lit(0)))
    street = F.when(given, item["line"]).otherwise(F.get(item["parted"], F.lit(1)))
    return _with(item, house_number=F.lower(F.regexp_replace(number, r"\s+|\.0\z", "")), street=F.trim(street))


def _finish(item: Column) -> Column:
    street = F.when(item["street"].rlike(r"[\p{L}\p{N}]"), proper_case(item["street"]))
    city = F.when(item["city"].rlike(r"\p{L}"), proper_case(item["city"]))
    region = F.when(F.length(item["region"]) <= 3, F.upper(item["region"])).otherwise(proper_case(item["region"]))
    values = {
        "kind": item["kind"],
        "house_number": F.nullif(item["house_number"], F.lit("")),
        "street": street,
        "unit": item["unit"],
        "city": city,
        "region": region,
        "postcode": _postcode(item["postcode"], item["country"]),
        "country": item["country"],
        "street_key": street_key(item["street"]),
        "city_key": city_key(item["city"]),
        "raw": item["raw"],
        "strange_country": item["strange_country"],
    }
    return F.struct(*[value.alias(name) for name, value in values.items()])


def _postcode(text: Column, country: Column) -> Column:
    """Return a postcode in capitals without spaces, country letters (D-10115) and a spreadsheet's `.0`."""
    bare = F.regexp_replace(F.upper(text), r"\s+|\.0\z|^[A-Z]{1,3}-(?=\d)|[^A-Z\d\s\p{L}-]", "")
    # A spreadsheet that took the ZIP for a number lost its leading zero; no other reading of four digits exists there.
    return F.nullif(F.when((country == "US") & bare.rlike(r"^\d{4}\z"), F.concat(F.lit("0"), bare)).otherwise(bare), F.lit(""))
