"""Who uses an attribute: everything in the configuration that names it, read from the configuration itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onefold.campaign.settings import AudienceSettings
from onefold.match.keys import parse_key
from onefold.match.settings import BlockingSettings, Comparison, ComparisonSettings
from onefold.publish.settings import EntitySurvivorship, SurvivorshipSettings
from onefold.resolve.settings import ClusteringSettings

__all__ = ["Configured", "attributes_of", "uses_of"]

_TYPES = ("person", "company")
# Columns of silver/party that are made of attributes, by those attributes.
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "full_name_key": ("full_name", "given_name", "middle_name", "family_name"),
    "given_name_key": ("given_name",),
    "family_name_key": ("family_name",),
    "company_key": ("company_name",),
    "street_key": ("street",),
    "city_key": ("city",),
    "emails": ("email",),
    "phones": ("phone",),
    "addresses": ("street", "house_number", "postcode", "city"),
    "identifiers": ("duns", "vat", "registration_number"),
    "all_emails": ("email",),
    "all_phones": ("phone",),
    "age": ("birth_date",),
}
_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "email": ("email",),
    "phone": ("phone",),
    "post": ("house_number", "street", "postcode", "city", "country"),
}


@dataclass(frozen=True)
class Configured:
    """The parts of a configuration that name attributes; `rules` are quality rules as (rule, attribute)."""

    blocking: BlockingSettings
    comparisons: ComparisonSettings
    clustering: ClusteringSettings
    survivorship: SurvivorshipSettings
    audiences: Sequence[AudienceSettings] = ()
    rules: Sequence[tuple[str, str]] = ()


def attributes_of(column: str) -> tuple[str, ...]:
    """Return the attributes that a key or column of silver/party speaks of.

    >>> attributes_of("family_name_key|soundex"), attributes_of("emails.value|domain"), attributes_of("job_title_key")
    (('family_name',), ('email',), ('job_title',))
    """
    name = parse_key(column).column
    return _MADE_OF.get(name) or (name.removesuffix("_key"),)


def uses_of(configured: Configured) -> dict[str, tuple[str, ...]]:
    """Return, for each attribute, what uses it, in the order of the pipeline; each use once."""
    found: dict[str, dict[str, None]] = {}
    for attributes, use in (
        *_blocking(configured.blocking),
        *_comparisons(configured.comparisons),
        *_clustering(configured.clustering),
        *_survivorship(configured.survivorship),
        *(((attribute,), f"quality rule {rule}") for rule, attribute in configured.rules),
        *_audiences(configured.audiences),
    ):
        for attribute in attributes:
            found.setdefault(attribute, {})[use] = None
    return {attribute: tuple(uses) for attribute, uses in found.items()}


_Uses = Iterable[tuple[tuple[str, ...], str]]


def _blocking(blocking: BlockingSettings) -> _Uses:
    for type_ in _TYPES:
        rules = getattr(blocking, type_)
        for rule in rules.rules if rules is not None else ():
            for key in (*rule.keys, *rule.then):
                yield attributes_of(key), f"blocking {type_} {rule.name}"


def _comparisons(comparisons: ComparisonSettings) -> _Uses:
    for type_ in _TYPES:
        for comparison in getattr(comparisons, type_) or ():
            for key in _keys(comparison):
                yield attributes_of(key), f"comparison {type_} {comparison.name}"


def _keys(comparison: Comparison) -> Iterable[str]:
    yield from comparison.column
    for level in comparison.levels:
        if level.column is not None:
            yield level.column
        values = level.value if isinstance(level.value, tuple) else (level.value,)
        yield from (value for value in values if isinstance(value, str))


def _clustering(clustering: ClusteringSettings) -> _Uses:
    for type_ in _TYPES:
        for contradiction in getattr(clustering, type_).contradictions:
            yield attributes_of(contradiction.attribute), f"contradiction {type_}"


def _survivorship(survivorship: SurvivorshipSettings) -> _Uses:
    for type_ in _TYPES:
        rules: EntitySurvivorship = getattr(survivorship, type_)
        for attribute, rule in rules.attributes.items():
            yield (attribute,), f"survivorship {type_} ({', '.join(rule.rules)})"
        for name, group in rules.groups.items():
            yield group.attributes, f"survivorship {type_} group {name} ({', '.join(group.rules)})"


def _audiences(audiences: Sequence[AudienceSettings]) -> _Uses:
    for audience in audiences:
        for condition in audience.filters:
            if condition.attribute is not None:
                yield _MADE_OF.get(condition.attribute, (condition.attribute,)), f"audience {audience.name} (filter)"
            if condition.interacted is not None:
                yield ("interaction.kind", "interaction.occurred_at"), f"audience {audience.name} (filter)"
        yield _CHANNELS[audience.channel], f"audience {audience.name} (contact)"
        yield (f"consent {audience.channel}",), f"audience {audience.name} (consent)"
        if audience.frequency_cap is not None:
            yield ("interaction.occurred_at", "interaction.direction"), f"audience {audience.name} (frequency cap)"
