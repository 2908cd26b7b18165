"""Solves one open component: its clusters, their shape and why it was split. Runs on the executors, on plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from onefold.resolve.constraints import Attribute, Constraints
from onefold.resolve.linkage import Pair, partition
from onefold.resolve.settings import ClusteringSettings
from onefold.resolve.shape import bridges, diameter, neighbours
from onefold.resolve.thresholds import Threshold

__all__ = ["Opened", "Recipe", "Solved", "recipes", "solve"]


@dataclass(frozen=True)
class Recipe:
    """What splitting needs to know of one entity type."""

    absent: float
    attributes: tuple[Attribute, ...]
    source_limits: Mapping[str, int]
    max_size: int | None


def recipes(settings: ClusteringSettings, thresholds: Mapping[str, Threshold]) -> dict[str, Recipe]:
    """Return the recipe of each entity type."""
    return {
        kind: Recipe(
            threshold.absent,
            tuple(Attribute(c.attribute, c.tolerance, c.confirmed) for c in settings.of(kind).contradictions),
            settings.of(kind).source_limits,
            settings.of(kind).max_size,
        )
        for kind, threshold in thresholds.items()
    }


@dataclass(frozen=True)
class Opened:
    """One component: its records in the order of their party ids, and its pairs as record numbers, smaller first, in order.

    `values` holds for each record the texts of the recipe's attributes. `cannot` has each pair in both directions.
    """

    sources: Sequence[str]
    values: Sequence[Sequence[str | None]]
    scored: Sequence[Pair]
    must: Sequence[tuple[int, int]] = ()
    cannot: Mapping[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Solved:
    """One entity of a component: its records (numbers, the smallest first) and what there is to say of it.

    `reasons` are the component's, `contradictions` those inside the entity.
    """

    records: Sequence[int]
    diameter: int
    bridges: int
    reasons: list[str]
    contradictions: list[str]


def solve(component: Opened, recipe: Recipe) -> list[Solved]:
    """Return the entities of a component; the recipe is that of its records' entity type."""
    constraints = Constraints(
        sources=component.sources,
        values=component.values,
        attributes=recipe.attributes,
        source_limits=recipe.source_limits,
        max_size=recipe.max_size,
        must=component.must,
        cannot=component.cannot,
    )
    found = partition(len(component.sources), component.scored, recipe.absent, constraints)
    joining = [(left, right) for left, right, _, joins in component.scored if joins]
    edges = sorted({*joining, *component.must}) if component.must else joining
    clusters = _clusters(found.labels)
    reasons = sorted(found.refused) if len(clusters) > 1 else []
    return [Solved(records, *_shape(records, edges), reasons, _broken(records, constraints)) for records in clusters.values()]


def _clusters(labels: Sequence[int]) -> dict[int, list[int]]:
    clusters: dict[int, list[int]] = defaultdict(list)
    for record, label in enumerate(labels):
        clusters[label].append(record)
    return clusters


def _shape(records: Sequence[int], edges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the diameter and the bridges of one cluster."""
    if len(records) == 1:
        return 0, 0
    place = {record: i for i, record in enumerate(records)}
    graph = neighbours(len(records), [(place[left], place[right]) for left, right in edges if left in place and right in place])
    return diameter(graph), bridges(graph)


def _broken(records: Sequence[int], constraints: Constraints) -> list[str]:
    """Return the contradictions inside one cluster."""
    if not constraints.attributes:
        return []
    state = constraints.state(records[0])
    for record in records[1:]:
        state = constraints.merge(state, constraints.state(record))
    return constraints.broken(state)
