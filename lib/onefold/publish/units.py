"""What survives together: single attributes and groups, each with its chain of rules."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql.types import StructType

from onefold.contracts.gold import CUSTOMER
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError
from onefold.publish.settings import AttributeRule, EntitySurvivorship

__all__ = ["Unit", "golden_attributes", "units"]


@dataclass(frozen=True)
class Unit:
    """One attribute, or a group of them that is taken from one record."""

    name: str
    attributes: tuple[str, ...]
    rule: AttributeRule
    anchor: str | None = None
    grouped: bool = False

    @property
    def label(self) -> str:
        """The rule as provenance shows it, e.g. `group address: most_recent, longest`."""
        chain = ", ".join(self.rule.rules)
        return f"group {self.name}: {chain}" if self.grouped else chain


def golden_attributes(schema: StructType) -> tuple[str, ...]:
    """Return the party columns that survive into gold/customer: the shared ones, then those that configuration added.

    The folded `<name>_key` beside an added text attribute stays behind.

    Raises:
        ConfigurationError: when an added attribute has the name of a column that gold/customer makes itself.
    """
    declared, wanted = set(PARTY.column_names), set(CUSTOMER.column_names)
    shared = [n for n in CUSTOMER.column_names if n in declared and n not in ("entity_type",)]
    added = [n for n in schema.names if n not in declared]
    added = [n for n in added if not (n.endswith("_key") and n.removesuffix("_key") in added)]
    taken = sorted(set(added) & wanted)
    if taken:
        raise ConfigurationError(
            "added attributes carry the names of gold/customer's own columns",
            problems=tuple(f"attribute {name}" for name in taken),
            hint="give them other names in the sources' party.attributes",
        )
    return (*shared, *added)


def units(rules: EntitySurvivorship, attributes: Sequence[str]) -> tuple[Unit, ...]:
    """Return every attribute once, alone or in its group, with the rules that apply to it.

    Raises:
        ConfigurationError: when a rule names an attribute that the parties do not have.
    """
    grouped = {a for rule in rules.groups.values() for a in rule.attributes}
    unknown = sorted((grouped | set(rules.attributes)) - set(attributes))
    if unknown:
        raise ConfigurationError(
            "survivorship rules name attributes that the parties do not have",
            problems=tuple(_unknown(name, attributes) for name in unknown),
        )
    groups = [Unit(n, r.attributes, r, r.anchor, grouped=True) for n, r in rules.groups.items()]
    single = [Unit(a, (a,), rules.attributes.get(a, rules.default)) for a in attributes if a not in grouped]
    return (*groups, *single)


def _unknown(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=3)
    return f"{name}: did you mean {', '.join(near)}?" if near else f"{name}: known are {', '.join(known)}"
