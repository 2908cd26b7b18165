"""Reads phone numbers into E.164 with the region and kind, by the metadata of libphonenumber."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, NamedTuple

import phonenumbers
import pyarrow as pa
from phonenumbers import PhoneNumberType
from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.arrays import arrow_column, over_distinct

__all__ = ["Phone", "parse_all", "parse_phone", "phones_to_read", "read_phones"]

_KINDS = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "fixed"}
_FIELDS = ("value", "region", "kind", "extension", "raw", "reason")
_LONGEST = 60
_WITH_COUNTRY_CODE = 11
_KNOWN_PLACEHOLDERS = ("1234567890", "0123456789", "123456789", "12345678", "1234567", "123456", "12345", "9876543210")


def phones_to_read(items: Column, country: Column) -> Column:
    """Return the raw phones with the region that each is read in: its own, else the record's countries (`DE|AT`)."""
    return F.transform(
        items,
        lambda p: F.struct(p["raw"].alias("raw"), F.coalesce(p["region"], country).alias("region"), p["kind"].alias("kind")),
    )


def read_phones(items: Column, sentinels: tuple[str, ...]) -> Column:
    """Return the phones as structs of value (E.164, null if refused), region, kind, extension, raw and reason."""
    nothing = frozenset(s.strip().lower() for s in sentinels)

    # Python, because numbering plans are a library; distinct (raw, region, kind) of a batch are parsed once.
    type_ = f"array<struct<{','.join(f'{name}:string' for name in _FIELDS)}>>"
    return arrow_column(partial(parse_all, nothing=nothing), type_, items)


class Phone(NamedTuple):
    """What a text says: E.164 value (null when refused), region, kind (mobile, fixed, other), extension, reason of a doubt."""

    value: str | None = None
    region: str | None = None
    kind: str | None = None
    extension: str | None = None
    reason: str | None = None


def parse_phone(raw: str, region: str | None = None, kind: str | None = None) -> Phone:
    """Return one number read in its region; several regions that it may belong to are separated by `|`, the likeliest first.

    Where a numbering plan cannot tell mobile from fixed (North America), the mapping's own word decides. A number that is
    valid in two of its regions keeps the first and is doubted; one without a region that is valid with its country's code
    is taken so, and doubted.

    >>> tuple(parse_phone("(030) 901820 ext. 12", "DE"))
    ('+4930901820', 'DE', 'fixed', '12', None)
    >>> parse_phone("000 000 0000", "US").reason
    'placeholder'
    """
    text = re.sub(r"\.0\Z", "", raw.strip())
    digits = re.sub(r"\D", "", text)
    if len(digits) < 3 or len(text) > _LONGEST:
        return Phone(reason="invalid")
    if (len(set(digits.lstrip("0"))) <= 1 and len(digits) > 4) or digits in _KNOWN_PLACEHOLDERS:
        return Phone(reason="placeholder")
    if re.match(r"\(?00", text) and region != "AU":
        text = "+" + re.sub(r"^\D*00", "", text)
    if not region:
        return _without_region(text, digits, kind)
    first, *others = region.split("|")
    found = _in_region(text, first, kind)
    for other in others:
        elsewhere = _in_region(text, other, kind)
        if found.value is None and elsewhere.value is not None:
            return elsewhere._replace(reason="other_region")
        if elsewhere.value not in (None, found.value):
            return found._replace(reason="ambiguous_region")
    return found


def _without_region(text: str, digits: str, kind: str | None) -> Phone:
    found = _in_region(text, None, kind)
    if found.reason == "no_country" and len(digits) >= _WITH_COUNTRY_CODE and not digits.startswith("0"):
        assumed = _in_region("+" + digits, None, kind)
        return assumed._replace(reason="assumed_country_code") if assumed.value else found
    if found.reason == "no_country" and digits.startswith("011") and len(digits) > _WITH_COUNTRY_CODE:
        assumed = _in_region("+" + digits[3:], None, kind)
        return assumed._replace(reason="assumed_country_code") if assumed.value else found
    return found


def _in_region(text: str, region: str | None, kind: str | None) -> Phone:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        needs_region = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        return Phone(reason="no_country" if needs_region and not region else "invalid")
    type_ = phonenumbers.number_type(number)  # unknown is just what is_valid_number refuses, at half the work
    if type_ == PhoneNumberType.UNKNOWN:
        return Phone(reason="invalid")
    known = _KINDS.get(type_, kind if type_ == PhoneNumberType.FIXED_LINE_OR_MOBILE and kind in _KINDS.values() else "other")
    return Phone(_e164(number), phonenumbers.region_code_for_number(number), known, number.extension)


def _e164(number: Any) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def parse_all(flat: pa.Array, nothing: frozenset[str]) -> pa.Array:
    """Return the phones of an array of raw ones; a text among `nothing` is a sentinel."""
    raws, regions, kinds = (flat.field(i).to_pylist() for i in range(3))
    keys = list(zip(raws, regions, kinds, strict=True))

    def parse(key: tuple[str, str | None, str | None]) -> Phone:
        raw, region, kind = key
        if raw.strip().lower() in nothing:
            return Phone(reason="sentinel")
        return parse_phone(raw, region, kind)

    columns = zip(*over_distinct(keys, parse), strict=True) if keys else iter([[] for _ in Phone._fields])
    value, region, kind, extension, reason = (pa.array(list(c), pa.string()) for c in columns)
    raw = pa.array(raws, pa.string())
    return pa.StructArray.from_arrays([value, region, kind, extension, raw, reason], names=list(_FIELDS))
