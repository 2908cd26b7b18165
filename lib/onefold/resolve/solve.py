"""Solves one open component: its clusters, their shape and why it was split. Runs on the executors, on plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onefold.resolve.constraints import Attribute, Constraints
from onefold.resolve.linkage import Pair, partition
from onefold.resolve.settings import ClusteringSettings
from onefold.resolve.shape import bridges, diameter, neighbours
from onefold.resolve.thresholds import Threshold

__all__ = ["Recipe", "recipes", "solve"]

Row = Mapping[str, Any]


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


def solve(records: Sequence[Row], pairs: Iterable[Row], recipe: Recipe) -> list[dict[str, Any]]:
    """Return for each record of a component its entity and what there is to say of that.

    Args:
        records: party_id, source and the attributes as text; in any order.
        pairs: party_id_l, party_id_r, evidence, joins, kind (score, must or cannot), between these records.
        recipe: of the records' entity type.

    Returns:
        party_id, entity (its smallest party id), diameter, bridges, reasons (of the component), contradictions (inside the
        entity, demanded by must-link), a row per record.
    """
    ordered = sorted(records, key=lambda row: row["party_id"])
    number = {row["party_id"]: i for i, row in enumerate(ordered)}
    scored, must, cannot = _by_kind(pairs, number)
    constraints = Constraints(
        sources=[row["source"] for row in ordered],
        values=[[row[a.name] for a in recipe.attributes] for row in ordered],
        attributes=recipe.attributes,
        source_limits=recipe.source_limits,
        max_size=recipe.max_size,
        must=must,
        cannot=cannot,
    )
    found = partition(len(ordered), scored, recipe.absent, constraints)
    joining = [(left, right) for left, right, _, joins in scored if joins]
    edges = sorted({*joining, *must})
    split = len(set(found.labels)) > 1
    rows: list[dict[str, Any]] = []
    for label, members in _clusters(found.labels).items():
        about = _about(members, edges, constraints, found.labels)
        about["reasons"] = sorted(found.refused) if split else []
        about["entity"] = ordered[label]["party_id"]
        rows += [{"party_id": ordered[member]["party_id"], **about} for member in members]
    return rows


def _by_kind(
    pairs: Iterable[Row], number: Mapping[int, int]
) -> tuple[list[Pair], list[tuple[int, int]], dict[int, frozenset[int]]]:
    """Return the scored pairs, those that must and those that cannot be together, by record number and in a fixed order."""
    scored: list[Pair] = []
    must: set[tuple[int, int]] = set()
    cannot: dict[int, set[int]] = defaultdict(set)
    for row in pairs:
        ends = number[row["party_id_l"]], number[row["party_id_r"]]
        low, high = min(ends), max(ends)
        if row["kind"] == "score":
            scored.append((low, high, row["evidence"], row["joins"]))
        elif row["kind"] == "must":
            must.add((low, high))
        else:
            cannot[low].add(high)
            cannot[high].add(low)
    return sorted(scored), sorted(must), {record: frozenset(others) for record, others in cannot.items()}


def _clusters(labels: Sequence[int]) -> dict[int, list[int]]:
    clusters: dict[int, list[int]] = defaultdict(list)
    for record, label in enumerate(labels):
        clusters[label].append(record)
    return clusters


def _about(
    members: Sequence[int], edges: Sequence[tuple[int, int]], constraints: Constraints, labels: Sequence[int]
) -> dict[str, Any]:
    """Return the diameter, the bridges and the contradictions of one cluster."""
    place = {member: i for i, member in enumerate(members)}
    label = labels[members[0]]
    inside = [(place[left], place[right]) for left, right in edges if labels[left] == label == labels[right]]
    graph = neighbours(len(members), inside)
    state = constraints.state(members[0])
    for member in members[1:]:
        state = constraints.merge(state, constraints.state(member))
    return {"diameter": diameter(graph), "bridges": bridges(graph), "contradictions": constraints.broken(state)}
