"""Reads identifiers of parties (DUNS, VAT, LEI, IBAN, tax, registration) and checks what can be checked."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pyarrow as pa
import stdnum
from pyspark.sql import Column
from pyspark.sql import functions as F
from stdnum import iban, lei
from stdnum.eu import vat as eu_vat

from onefold.cleanse.arrays import arrow_column, over_distinct

__all__ = ["check_all", "check_identifier", "first_usable", "identifiers_to_read", "read_identifiers"]

_DUNS_DIGITS = 9
_LONGEST = 100
_TAX_MODULES = ("tin", "vat", "businessid", "personalid")


def identifiers_to_read(items: Column, country: Column) -> Column:
    """Return the raw identifiers with the country that each belongs to: its own, else the record's."""
    return F.transform(
        items,
        lambda i: F.struct(
            i["scheme"].alias("scheme"), i["raw"].alias("raw"), F.coalesce(i["country"], country).alias("country")
        ),
    )


def read_identifiers(items: Column, sentinels: tuple[str, ...]) -> Column:
    """Return the identifiers as structs of scheme, compact value, valid (null: not checkable), and raw."""
    nothing = frozenset({"", *(s.strip().lower() for s in sentinels)})

    # Python, because check digits are a library of hundreds of rules; distinct values of a batch are checked once.
    type_ = "array<struct<scheme:string,value:string,valid:boolean,raw:string>>"
    return arrow_column(partial(check_all, nothing=nothing), type_, items)


def first_usable(items: Column, scheme: str) -> Column:
    """Return the first value of a scheme that was not refused by its check."""
    usable = F.filter(items, lambda i: (i["scheme"] == scheme) & F.coalesce(i["valid"], F.lit(True)) & i["value"].isNotNull())
    return F.get(usable, F.lit(0))["value"]


def check_identifier(scheme: str, raw: str, country: str | None = None) -> tuple[str | None, bool | None]:
    """Return the compact value and whether its check holds (None: there is none); a refused value is kept, marked False.

    >>> check_identifier("duns", "15-048-3782"), check_identifier("vat", "136 695 976", "DE")
    (('150483782', True), ('DE136695976', True))
    >>> check_identifier("vat", "DE136695975")
    ('DE136695975', False)
    """
    compact = re.sub(r"[^0-9A-Z]", "", raw[:_LONGEST].upper())
    if not compact:
        return None, None
    if scheme == "duns":
        digits = re.sub(r"\.0\Z", "", raw.strip())
        digits = re.sub(r"\D", "", digits)
        return digits or compact, len(digits) == _DUNS_DIGITS and len(set(digits)) > 1
    if scheme == "vat":
        return _vat(compact, country)
    if scheme == "lei":
        return compact, bool(lei.is_valid(compact))
    if scheme == "iban":
        return compact, bool(iban.is_valid(compact))
    if scheme == "tax":
        return compact, _tax(compact, country)
    if scheme == "registration":
        return compact, (False if len(set(compact)) == 1 and len(compact) > 3 else None)
    return " ".join(raw.split()), None


def _vat(compact: str, country: str | None) -> tuple[str, bool | None]:
    """Put the country before a VAT number that lacks it and check its digits by the country's rule."""
    prefix = compact[:2] if compact[:2].isalpha() else {"GR": "EL"}.get(country or "", country or "")
    number = compact if compact.startswith(prefix) else prefix + compact
    if not prefix:
        return compact, None
    if eu_vat.is_valid(number):
        return str(eu_vat.compact(number)), True
    if prefix.lower().replace("el", "gr") in eu_vat.MEMBER_STATES:
        return number, False
    module = _module(prefix.lower(), "vat")
    return number, None if module is None else bool(module.is_valid(number) or module.is_valid(number[2:]))


def _tax(compact: str, country: str | None) -> bool | None:
    modules = [m for m in (_module((country or "").lower(), name) for name in _TAX_MODULES) if m is not None]
    return any(m.is_valid(compact) for m in modules) if modules else None


def _module(country: str, name: str) -> Any:
    return stdnum.get_cc_module(country, name) if country else None


def check_all(flat: pa.Array, nothing: frozenset[str]) -> pa.Array:
    """Return the identifiers of an array of raw ones; a text among `nothing` has no value."""
    schemes, raws, countries = (flat.field(i).to_pylist() for i in range(3))
    keys = list(zip(schemes, raws, countries, strict=True))

    def check(key: tuple[str, str, str | None]) -> tuple[str | None, bool | None]:
        scheme, raw, country = key
        return (None, None) if raw.strip().lower() in nothing else check_identifier(scheme, raw, country)

    found = over_distinct(keys, check)
    values = pa.array([value for value, _ in found], pa.string())
    valid = pa.array([ok for _, ok in found], pa.bool_())
    columns = [pa.array(schemes, pa.string()), values, valid, pa.array(raws, pa.string())]
    return pa.StructArray.from_arrays(columns, names=["scheme", "value", "valid", "raw"])
