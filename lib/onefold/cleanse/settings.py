"""What cleanse needs to know: how a source maps to the canonical model, and how values are standardised."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from onefold.contracts.settings import Settings
from onefold.contracts.silver import PARTY

__all__ = [
    "AddressMapping",
    "AttributeMapping",
    "CleanseSource",
    "ConsentMapping",
    "DeletionMapping",
    "EntityTypeMapping",
    "IdentifierMapping",
    "InteractionMapping",
    "PartyMapping",
    "StandardiseSettings",
    "ValueRef",
]


def _short_form(value: object) -> object:
    """Let a bare string stand for `{column: string}`."""
    return {"column": value} if isinstance(value, str) else value


_PATTERN_LETTERS = set("GyuMLdDQqEaHhKksSmnNxXzVO")


def _date_patterns(value: str | None) -> str | None:
    """Refuse patterns that Spark would refuse at run time, with the usual cure."""
    for pattern in (value or "").split("|"):
        bare = re.sub(r"'[^']*'", "", pattern)
        strange = sorted({c for c in bare if c.isalpha()} - _PATTERN_LETTERS)
        if strange:
            raise ValueError(
                f"date pattern {pattern!r} has letters without meaning: {', '.join(strange)}; "
                "year is yyyy, month MM, day dd, hour HH, minute mm, second ss; quote other letters: 'T'"
            )
    return value


Pattern = Annotated[str, AfterValidator(_date_patterns)]


class ValueRef(Settings):
    """Where a value comes from: a raw column (or nested path `user.email`), or a constant."""

    column: Annotated[str | None, Field(description="Raw column, or a path into nested JSON or structs.")] = None
    value: Annotated[str | None, Field(description="A constant instead of a column.")] = None
    format: Annotated[Pattern | None, Field(description="Date or timestamp pattern, e.g. dd.MM.yyyy (several: a|b).")] = None
    kind: Annotated[str | None, Field(description="Kind of a phone or address: mobile, fixed, billing, home...")] = None
    country: Annotated[str | None, Field(description="ISO country that the value belongs to when it does not say.")] = None
    order: Annotated[
        Literal["given_first", "family_first", "auto"],
        Field(description="Order of a whole name; auto reads 'Family, Given' by its comma."),
    ] = "auto"
    values: Annotated[dict[str, str], Field(description="Translation of codes, compared without case: {Y: opt_in}.")] = {}

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) == (self.value is None):
            raise ValueError("give either column or value")
        return self


Ref = Annotated[ValueRef, BeforeValidator(_short_form)]


class AddressMapping(Settings):
    """One address of the record; either its parts, or lines that cleanse takes apart."""

    kind: Annotated[str | None, Field(description="home, billing, delivery, site...")] = None
    line: Annotated[Ref | None, Field(description="Street line with house number, taken apart by cleanse.")] = None
    line2: Annotated[Ref | None, Field(description="Second line: flat, building, c/o.")] = None
    full: Annotated[Ref | None, Field(description="Whole address in one field, parts separated by commas.")] = None
    house_number: Ref | None = None
    street: Ref | None = None
    city: Ref | None = None
    region: Ref | None = None
    postcode: Ref | None = None
    country: Ref | None = None


class IdentifierMapping(Settings):
    """One identifier: its scheme decides the check (duns, vat, lei, registration, tax, iban; any other name is kept as is)."""

    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    column: str
    country: Annotated[str | None, Field(description="ISO country of the identifier, when the value does not say.")] = None


class ConsentMapping(Settings):
    """One consent flag of the record."""

    channel: Annotated[Literal["email", "phone", "sms", "post"], Field(description="Channel consented to.")]
    purpose: Annotated[str, Field(description="Purpose consented to.")] = "marketing"
    column: Annotated[str, Field(description="Raw column of the flag.")]
    values: Annotated[
        dict[str, Literal["opt_in", "opt_out", "unknown"]],
        Field(description="What the flag's codes mean, compared without case; a code not listed is unknown."),
    ]
    captured_at: Annotated[Ref | None, Field(description="When the consent was given or taken back.")] = None


class AttributeMapping(Settings):
    """A further attribute of the canonical model, declared by the configuration."""

    column: str
    type: Annotated[
        Literal["text", "code", "number", "date"],
        Field(description="text gets a folded `<name>_key` beside it; code is upper-cased and compacted."),
    ] = "text"
    format: Annotated[Pattern | None, Field(description="Date pattern for type date.")] = None


class PartyMapping(Settings):
    """How raw columns become a party of the canonical model."""

    full_name: Ref | None = None
    name_title: Ref | None = None
    given_name: Ref | None = None
    middle_name: Ref | None = None
    family_name: Ref | None = None
    name_suffix: Ref | None = None
    gender: Ref | None = None
    birth_date: Ref | None = None
    company_name: Ref | None = None
    country: Annotated[Ref | None, Field(description="Country of the record, used for phones and addresses without one.")] = None
    emails: tuple[Ref, ...] = ()
    phones: tuple[Ref, ...] = ()
    addresses: tuple[AddressMapping, ...] = ()
    identifiers: tuple[IdentifierMapping, ...] = ()
    consents: tuple[ConsentMapping, ...] = ()
    attributes: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], AttributeMapping],
        Field(description="Further attributes by name; the name must not be one of the canonical columns."),
    ] = {}
    created_at: Ref | None = None
    updated_at: Ref | None = None

    @model_validator(mode="after")
    def _attributes_of_their_own(self) -> Self:
        made = {n: n for n in self.attributes} | {f"{n}_key": n for n, a in self.attributes.items() if a.type == "text"}
        taken = sorted(
            made[column] for column in made if column in PARTY.column_names or made[column] != column in self.attributes
        )
        if taken:
            raise ValueError(f"attributes must not make a column that is already there: {', '.join(taken)}")
        return self


class InteractionMapping(Settings):
    """How raw columns become an interaction of a party."""

    party_source: Annotated[str, Field(description="Source whose records the interaction is about.")]
    party_key: Annotated[tuple[Ref, ...], Field(min_length=1, description="Columns holding that source's key.")]
    channel: Ref
    kind: Ref
    direction: Ref | None = None
    campaign: Ref | None = None
    occurred_at: Ref
    amount: Ref | None = None


class EntityTypeMapping(Settings):
    """Whether rows are people or companies, from a column's codes."""

    column: str
    values: Annotated[dict[str, Literal["person", "company"]], Field(min_length=1, description="Codes, compared without case.")]
    otherwise: Annotated[Literal["quarantine", "person", "company"], Field(description="What rows with other codes are.")] = (
        "quarantine"
    )


class DeletionMapping(Settings):
    """How an export says that a record was deleted at its source."""

    column: Annotated[str, Field(description="Raw column, or nested path, of the kind of change.")]
    values: Annotated[
        tuple[str, ...], Field(min_length=1, description="Codes that mean deleted, compared without case: [D, delete].")
    ]


class CleanseSource(Settings):
    """The part of a source file that cleanse reads: exactly one of `party` and `interaction`."""

    entity_type: Annotated[
        Literal["person", "company"] | EntityTypeMapping | None,
        Field(description="person, company, or {column, values} when the rows are mixed."),
    ] = None
    default_country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$", description="ISO country of rows that name none.")] = None
    deleted: Annotated[
        DeletionMapping | None, Field(description="Rows that say that the record of their key is gone at the source.")
    ] = None
    party: Annotated[PartyMapping | None, Field(description="Mapping of party records.")] = None
    interaction: Annotated[InteractionMapping | None, Field(description="Mapping of interactions.")] = None

    @model_validator(mode="after")
    def _one_mapping(self) -> Self:
        if (self.party is None) == (self.interaction is None):
            raise ValueError("give exactly one of party and interaction")
        if self.party is not None and self.entity_type is None:
            raise ValueError("party needs entity_type: person, company or {column, values}")
        return self


class StandardiseSettings(Settings):
    """standardise.yml: rules of cleansing that hold for every source."""

    default_country: Annotated[
        str | None, Field(pattern=r"^[A-Z]{2}$", description="Country when neither row nor source says.")
    ] = None
    sentinels: Annotated[
        tuple[str, ...], Field(description="Values that mean nothing, compared without case and outer spaces.")
    ] = ("n/a", "na", "null", "none", "unknown", "-", "--", ".", "?", "xxx", "tbd", "not available", "nil")
    placeholder_emails: Annotated[
        tuple[str, ...], Field(description="E-mail addresses or `@domain` endings that are placeholders, never keys.")
    ] = ("test@test.com", "noemail@noemail.com", "none@none.com", "@example.com", "@test.com", "noreply@", "no-reply@")
    date_formats: Annotated[
        tuple[Pattern, ...], Field(description="Date patterns tried in order when the mapping names none.")
    ] = ("yyyy-MM-dd", "yyyyMMdd", "dd.MM.yyyy", "dd/MM/yyyy", "dd-MM-yyyy")
    earliest_birth_year: Annotated[int, Field(description="Birth dates before are refused with a reason.")] = 1600
    nicknames: Annotated[bool, Field(description="Reserved for matching: English nicknames are known.")] = True
