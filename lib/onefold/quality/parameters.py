"""The parameters of each check: what may stand under `params` of a rule."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from onefold.contracts.settings import Settings

__all__ = [
    "Aggregate", "Agrees", "Bounds", "Charset", "CheckDigit", "Columns", "DateOrder", "DateValid", "Drift", "EmailClass",
    "ExistsIn", "Expression", "Freshness", "MaxAge", "NoDoubt", "NotFuture", "Nothing", "Other", "Pattern", "Phone", "Postcode",
    "Ratio", "RawKept", "Reference", "Repeated", "RequiredIf", "Sentinels", "Span", "Together", "Unique", "ValueSet", "Volume",
    "Words",
]  # fmt: skip

Sql = Annotated[str, Field(min_length=1)]


def _regular(value: str) -> str:
    """Refuse what is no regular expression, as far as Python can tell; Java knows a little more."""
    try:
        re.compile(re.sub(r"\\p\{[^}]*\}|\\P\{[^}]*\}", ".", value).replace(r"\z", r"\Z"))
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


class Nothing(Settings):
    """No parameters."""


class Sentinels(Settings):
    """Values that mean nothing."""

    values: Annotated[
        tuple[str, ...], Field(description="Values that mean nothing, besides those known; without case and outer spaces.")
    ] = ()


class Columns(Settings):
    """Several values of the record."""

    columns: Annotated[tuple[Sql, ...], Field(min_length=2, description="Columns, or SQL expressions over them.")]


class RequiredIf(Settings):
    """When the value must be there."""

    when: Annotated[Sql, Field(description="SQL condition; where it does not hold the record passes.")]


class RawKept(Settings):
    """The raw text that a value was made from."""

    raw: Annotated[str | None, Field(description="Key in the column raw; default the rule's attribute.")] = None


class Pattern(Settings):
    """A regular expression over the whole value."""

    pattern: Annotated[
        str,
        AfterValidator(_regular),
        Field(min_length=1, description="Java regular expression, anchored at both ends by itself."),
    ]
    part: Annotated[bool, Field(description="The pattern may match a part of the value.")] = False
    negate: Annotated[bool, Field(description="Values that match fail.")] = False


class Span(Settings):
    """How many characters, or elements of a list."""

    min: Annotated[int | None, Field(ge=0, description="Least.")] = None
    max: Annotated[int | None, Field(ge=0, description="Most.")] = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        return self


class Bounds(Settings):
    """From where to where, both included; numbers, or dates as YYYY-MM-DD."""

    min: Annotated[float | str | None, Field(description="Least, included.")] = None
    max: Annotated[float | str | None, Field(description="Most, included.")] = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        return self


class ValueSet(Settings):
    """The values that are allowed."""

    values: Annotated[tuple[str | int | float, ...], Field(min_length=1, description="Values allowed.")]
    ignore_case: Annotated[bool, Field(description="Compare without case.")] = False
    negate: Annotated[bool, Field(description="These values are the ones that fail.")] = False


class Reference(Settings):
    """A set of reference data by name."""

    reference: Annotated[
        Literal[
            "countries",
            "currencies",
            "languages",
            "subdivisions",
            "disposable_domains",
            "free_domains",
            "role_names",
            "legal_forms",
            "legal_form_countries",
            "region_postcodes",
            "mistyped_email_domains",
            "mistyped_email_endings",
            "placeholder_companies",
            "placeholder_names",
            "placeholder_streets",
        ],
        Field(description="Name of the set."),
    ]
    negate: Annotated[bool, Field(description="Values of the set are the ones that fail.")] = False


class Charset(Settings):
    """Which characters a text may have."""

    allow: Annotated[
        Literal["printable", "latin", "ascii", "digits"],
        Field(
            description="printable: no control character and no U+FFFD; latin: letters of the Latin script only; ascii; digits."
        ),
    ] = "printable"


class DateValid(Settings):
    """Years that a date may lie in; a text must be a date of the calendar."""

    min_year: Annotated[int, Field(description="First year.")] = 1900
    max_year: Annotated[int, Field(description="Last year.")] = 2100
    format: Annotated[str | None, Field(description="Pattern of a text, e.g. yyyy-MM-dd; default ISO 8601.")] = None


class NotFuture(Settings):
    """How far ahead of the run a date may lie."""

    days: Annotated[int, Field(ge=0, description="Days of grace.")] = 0


class DateOrder(Settings):
    """Dates that the value must lie between."""

    not_before: Annotated[Sql | None, Field(description="Column or SQL expression: the value is this or later.")] = None
    not_after: Annotated[Sql | None, Field(description="Column or SQL expression: the value is this or earlier.")] = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.not_before is None and self.not_after is None:
            raise ValueError("give not_before, not_after or both")
        return self


class MaxAge(Settings):
    """How old a date may be."""

    days: Annotated[int, Field(gt=0, description="Most days.")]
    relative_to: Annotated[Sql | None, Field(description="Column or SQL expression to count from; default the run's time.")] = (
        None
    )


class EmailClass(Settings):
    """Classes of e-mail that fail, as cleansing gave them in the column emails."""

    refuse: Annotated[
        tuple[Literal["personal", "free", "role", "disposable"], ...], Field(min_length=1, description="Classes that fail.")
    ] = ("disposable",)
    every: Annotated[bool, Field(description="Every e-mail of the record counts, not only the rule's value.")] = False


class Phone(Settings):
    """What a phone must be."""

    kinds: Annotated[tuple[str, ...], Field(description="Kinds allowed (mobile, fixed, other); none: every kind.")] = ()
    every: Annotated[bool, Field(description="Every phone of the record must be usable, not only the rule's value.")] = False


class Postcode(Settings):
    """By which country's rules a postcode is judged."""

    country: Annotated[Sql, Field(description="Column or SQL expression of the country.")] = "country"


class CheckDigit(Settings):
    """The scheme of the identifiers whose check must hold; cleansing made it (column identifiers)."""

    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="duns, vat, lei, iban, tax, registration or another.")]


class NoDoubt(Settings):
    """Doubts that cleansing found (column reasons, as attribute:reason)."""

    reasons: Annotated[tuple[str, ...], Field(description="Reasons that fail, e.g. syntax; none: every one.")] = ()
    attribute: Annotated[str | None, Field(description="Attribute of the doubts; default the rule's.")] = None


class Expression(Settings):
    """A condition in Spark SQL over the row's columns; true passes, false fails."""

    sql: Annotated[Sql, Field(description="Condition; null passes unless null_fails.")]
    null_fails: Annotated[bool, Field(description="Where the condition is null the record fails.")] = False


class Other(Settings):
    """A value that the rule's must differ from."""

    other: Annotated[Sql, Field(description="Column or SQL expression.")]


class Repeated(Settings):
    """How often a character may stand in a row."""

    times: Annotated[int, Field(ge=2, le=20, description="So many times in a row fail.")] = 4


class Words(Settings):
    """Words that stand in for a name."""

    values: Annotated[tuple[str, ...], Field(description="Placeholders besides those known; without case.")] = ()


class Unique(Settings):
    """Where a value may stand once only."""

    within: Annotated[Literal["source", "table"], Field(description="Once in its source, or once in the whole table.")] = "source"


class Together(Unique):
    """Values that may stand together once only."""

    columns: Annotated[tuple[Sql, ...], Field(min_length=1, description="Columns, or SQL expressions over them.")]


class ExistsIn(Settings):
    """Where the value must be found."""

    table: Annotated[Literal["party", "interaction", "customer"], Field(description="Table looked into.")] = "party"
    column: Annotated[Sql, Field(description="Its column, or SQL expression.")]


class Agrees(Settings):
    """Records that must agree: those of several sources with the same key."""

    by: Annotated[Sql, Field(description="Column or SQL expression that ties records of several sources, e.g. vat.")]


class Aggregate(Settings):
    """A figure over the eligible records of each source, and its bounds."""

    sql: Annotated[Sql, Field(description="Spark SQL aggregate, e.g. avg(size(phones)).")]
    min: Annotated[float | None, Field(description="Least, included.")] = None
    max: Annotated[float | None, Field(description="Most, included.")] = None


class Ratio(Settings):
    """The share of records that meet a condition, and its bounds."""

    of: Annotated[Sql, Field(description="SQL condition; the figure is the share of eligible records that meet it.")]
    min: Annotated[float | None, Field(ge=0, le=1, description="Least share.")] = None
    max: Annotated[float | None, Field(ge=0, le=1, description="Most share.")] = None


class Volume(Settings):
    """How many records a source has."""

    min: Annotated[int | None, Field(ge=0, description="Least.")] = None
    max: Annotated[int | None, Field(ge=0, description="Most.")] = None
    change: Annotated[float | None, Field(gt=0, description="Most change against the last run, as a share of it.")] = None


class Freshness(Settings):
    """How old the newest record of a source may be."""

    days: Annotated[float, Field(gt=0, description="Most days between the newest value and the run.")]
    column: Annotated[Sql, Field(description="Column or SQL expression of the time.")] = "as_of"


class Drift(Settings):
    """How far the distribution of the value may move from that of the last run."""

    max_psi: Annotated[float, Field(gt=0, description="Most population stability index; 0.2 is the usual alarm.")] = 0.2
    least: Annotated[int, Field(gt=0, description="Fewer records than this are not judged.")] = 200
