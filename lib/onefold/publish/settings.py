"""survivorship.yml: which source value becomes the golden one, attribute by attribute."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from onefold.contracts.settings import Settings

__all__ = ["AttributeRule", "EntitySurvivorship", "GroupRule", "Rule", "SurvivorshipSettings"]

Rule = Literal[
    "source_priority",
    "most_recent",
    "oldest",
    "most_frequent",
    "longest",
    "shortest",
    "most_complete_record",
    "validated_first",
    "min",
    "max",
]
"""What a rule prefers; nulls never win.

source_priority: the value of the more trusted source (listed before; sources not listed come last, together).
most_recent, oldest: by the source's own change date, else the business date of the file.
most_frequent: the value that most records of the customer hold.
longest, shortest: by the number of characters.
most_complete_record: the record with the most golden attributes filled; for a group, with the most of the group's.
validated_first: a value that cleansing raised no doubt about.
min, max: by the value itself.
"""


def _short_form(value: object) -> object:
    """Let `most_recent` or `[source_priority, most_recent]` stand for `{rules: [...]}`."""
    if isinstance(value, str):
        return {"rules": [value]}
    return {"rules": value} if isinstance(value, list | tuple) else value


class AttributeRule(Settings):
    """A chain of rules: the first decides, the next breaks its ties; after the chain the written tie order decides."""

    rules: Annotated[
        tuple[Rule, ...], Field(min_length=1, description="Rules in order; each one breaks the ties of the one before.")
    ]
    source_priority: Annotated[
        tuple[str, ...] | None,
        Field(description="Most trusted source first, for this attribute only; default the list of the file."),
    ] = None


Chain = Annotated[AttributeRule, BeforeValidator(_short_form)]


class GroupRule(AttributeRule):
    """Attributes that survive together: all from one record, so that no address is made of two."""

    attributes: Annotated[tuple[str, ...], Field(min_length=1, description="Attributes taken from one record, nulls included.")]
    anchor: Annotated[
        str | None, Field(description="Attribute whose presence puts a record before those without it, ahead of the rules.")
    ] = None

    @model_validator(mode="after")
    def _fits_a_group(self) -> Self:
        if {"min", "max"} & set(self.rules):
            raise ValueError("min and max compare single values; a group has several")
        if self.anchor is not None and self.anchor not in self.attributes:
            raise ValueError(f"anchor {self.anchor!r} is not one of the group's attributes: {', '.join(self.attributes)}")
        return self


class EntitySurvivorship(Settings):
    """The rules of one entity type; an attribute that is not named follows the default."""

    default: Annotated[Chain, Field(description="Rules of attributes that are not named.")] = AttributeRule(
        rules=("source_priority", "most_recent")
    )
    attributes: dict[str, Chain] = Field(default_factory=dict, description="Rules by attribute.")
    groups: dict[str, GroupRule] = Field(default_factory=dict, description="Attributes that survive together, by group name.")

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        seen: dict[str, str] = dict.fromkeys(self.attributes, "attributes")
        for group, rule in self.groups.items():
            for attribute in rule.attributes:
                if attribute in seen:
                    raise ValueError(f"attribute {attribute!r} has two rules: in {seen[attribute]} and in group {group}")
                seen[attribute] = f"group {group}"
        return self


class SurvivorshipSettings(Settings):
    """How golden values are chosen.

    Ties that a chain leaves go by: newest change, source rank, smallest record id. That order is total, so the same
    records give the same golden record whatever the order they are read in.
    """

    source_priority: Annotated[
        tuple[str, ...], Field(description="Sources, most trusted first; others come after, together.")
    ] = ()
    person: Annotated[EntitySurvivorship, Field(description="Rules for people.")] = EntitySurvivorship()
    company: Annotated[EntitySurvivorship, Field(description="Rules for companies.")] = EntitySurvivorship()
