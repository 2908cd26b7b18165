"""Checks of e-mails, phones, postcodes and identifiers: they read what cleansing found, and judge nothing twice."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.quality.checks.listed import listed
from onefold.quality.checks.postcodes import POSTCODE_COUNTRIES, POSTCODE_FORMS
from onefold.quality.checks.value import Value

__all__ = ["check_digit", "email_class", "email_syntax", "no_doubt", "phone_valid", "postcode_for_country"]

_LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?"
_EMAIL = rf"\A[^\s@<>()\[\],;:\"\\]{{1,64}}@(?:{_LABEL}\.)+\p{{L}}[\p{{L}}\p{{N}}-]{{0,61}}[\p{{L}}\p{{N}}]\z"
_LOOSE = " -\t\n\r\u00a0"
_DOTS = r"\A\.|\.\.|\.@"
_E164 = r"\A\+[1-9][0-9]{6,14}\z"


def email_syntax(v: Value) -> Column:
    """Pass texts that are e-mail addresses in form, those of other scripts included."""
    return v.text.rlike(_EMAIL) & ~v.text.rlike(_DOTS) & (F.length(v.text) <= 254)


def email_class(v: Value) -> Column:
    """Pass e-mails of no refused class."""
    p = v.params
    classes = F.col("emails.class")
    if p.every:
        return ~F.coalesce(F.arrays_overlap(classes, F.array(*(F.lit(name) for name in p.refuse))), F.lit(False))
    own = F.get(classes, F.array_position("emails.value", v.column).cast("int") - 1)
    return ~own.isin(*p.refuse)


def phone_valid(v: Value) -> Column:
    """Pass E.164 numbers, of an allowed kind where kinds are named; with every, all phones of the record."""
    p = v.params
    kind = F.lit(True) if not p.kinds else None
    if p.every:
        return ~F.exists("phones", lambda ph: ~(ph["value"].isNotNull() & (_in(ph["kind"], p.kinds) if kind is None else kind)))
    good = v.text.rlike(_E164)
    if kind is None:
        good = good & F.exists("phones", lambda ph: (ph["value"] == v.column) & _in(ph["kind"], p.kinds))
    return good


def postcode_for_country(v: Value) -> Column:
    """Pass postcodes of the form that their country uses; spaces and hyphens do not count, unknown countries pass."""
    country = F.upper(F.expr(v.params.country).cast("string"))
    bare = F.upper(F.translate(v.text, _LOOSE, ""))
    return F.when(listed(POSTCODE_COUNTRIES, country), F.concat(country, bare).rlike(POSTCODE_FORMS))


def check_digit(v: Value) -> Column:
    """Pass where no identifier of the scheme was refused by its check."""
    return ~F.exists("identifiers", lambda i: (i["scheme"] == v.params.scheme) & F.coalesce(~i["valid"], F.lit(False)))


def no_doubt(v: Value) -> Column:
    """Pass where cleansing noted no such doubt about the attribute."""
    attribute = v.params.attribute or v.rule.attribute
    if v.params.reasons:
        return ~F.arrays_overlap("reasons", F.array(*(F.lit(f"{attribute}:{reason}") for reason in v.params.reasons)))
    # As one text, which all such rules of a table share, and without a function of its own for each element.
    return ~F.concat(F.lit("\n"), F.array_join("reasons", "\n")).contains(f"\n{attribute}:")


def _in(kind: Column, kinds: tuple[str, ...]) -> Column:
    return F.coalesce(kind.isin(*kinds), F.lit(False))
