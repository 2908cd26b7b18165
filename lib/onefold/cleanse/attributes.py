"""Further attributes that the configuration adds to the canonical model: text, code, number or date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.dates import patterns, read_date
from onefold.cleanse.paths import RawColumns
from onefold.cleanse.settings import AttributeMapping, PartyMapping, StandardiseSettings
from onefold.errors import ConfigurationError

__all__ = ["PREFIX", "attribute_types", "read", "read_code", "read_number"]

PREFIX = "attribute_"
"""Before an attribute's name while it travels beside the canonical raw columns."""


def attribute_types(parties: Iterable[PartyMapping]) -> dict[str, str]:
    """Return every declared attribute with its type, sorted by name.

    Raises:
        ConfigurationError: when two sources declare one attribute with different types.
    """
    types: dict[str, set[str]] = {}
    for party in parties:
        for name, attribute in party.attributes.items():
            types.setdefault(name, set()).add(attribute.type)
    torn = tuple(f"attribute {name} is declared as {' and '.join(sorted(t))}" for name, t in types.items() if len(t) > 1)
    if torn:
        raise ConfigurationError("an attribute must have one type in all sources", problems=torn)
    return {name: min(types[name]) for name in sorted(types)}


def read(raw: RawColumns, attributes: Mapping[str, AttributeMapping], standardise: StandardiseSettings) -> dict[str, Column]:
    """Return the attributes of one source, read by their types; text stays as it came until it is tidied with the rest."""
    found = {}
    for name, attribute in attributes.items():
        text = raw.text(attribute.column)
        if attribute.type == "number":
            text = read_number(text)
        elif attribute.type == "date":
            text = read_date(text, patterns(attribute.format, standardise.date_formats))
        elif attribute.type == "code":
            text = read_code(text)
        found[PREFIX + name] = text
    return found


def read_code(text: Column) -> Column:
    """Return a code in upper case, letters and digits only; null when none is left."""
    return F.nullif(F.regexp_replace(F.upper(text), r"[^\p{L}\p{N}]+", ""), F.lit(""))


def read_number(text: Column) -> Column:
    """Return a number written with a decimal point or comma, thousands marks and a currency; null when it is none.

    `1.234,5` and `1,234.5` are the same; one mark before exactly three digits (`1,234`) is a thousands mark when it is a
    comma and a decimal mark when it is a point, as in the exports' own number formats.
    """
    digits = F.regexp_replace(text, r"[^\d.,eE+\-]", "")
    comma_last = F.locate(",", F.reverse(digits)) < F.locate(".", F.reverse(digits))
    both = digits.contains(",") & digits.contains(".")
    thousands = digits.rlike(r"^[+-]?\d{1,3}(,\d{3})+\z") | digits.rlike(r"^[+-]?\d{1,3}(\.\d{3}){2,}\z")
    plain = (
        F.when(both & comma_last, F.replace(F.replace(digits, F.lit("."), F.lit("")), F.lit(","), F.lit(".")))
        .when(both, F.replace(digits, F.lit(","), F.lit("")))
        .when(thousands, F.regexp_replace(digits, "[.,]", ""))
        .otherwise(F.replace(digits, F.lit(","), F.lit(".")))
    )
    number = F.when(plain.rlike(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\z"), plain.try_cast("double"))
    return F.when(F.abs(number) < 1e300, number)
