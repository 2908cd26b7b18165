"""The graph of one entity, small enough for the driver: its spanning tree, its bridges, and where to draw its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Bridge", "Hinge", "Link", "bridges", "hinges", "places", "spanning_tree"]


@dataclass(frozen=True)
class Link:
    """A scored pair within an entity; `joins` when its weight reaches the threshold."""

    left: str
    right: str
    weight: float
    probability: float
    rule: str
    joins: bool


@dataclass(frozen=True)
class Bridge:
    """A link without which the entity falls apart, and the records on the smaller side of it."""

    link: Link
    cut_off: tuple[str, ...]


@dataclass(frozen=True)
class Hinge:
    """A record without which the entity falls apart, and the sizes of the parts, the largest first."""

    record: str
    parts: tuple[int, ...]


def spanning_tree(records: Sequence[str], links: Sequence[Link]) -> list[tuple[str, Link | None, str | None]]:
    """Return (record, link, parent) for every record: the heaviest tree, from the record of the heaviest links, depth first.

    A record that no link reaches starts a tree of its own, without link and parent.
    """
    kept: dict[str, list[tuple[Link, str]]] = defaultdict(list)
    group = {record: record for record in records}

    def root(record: str) -> str:
        while group[record] != record:
            group[record] = group[group[record]]
            record = group[record]
        return record

    for link in sorted(links, key=lambda each: (not each.joins, -each.weight, each.left, each.right)):
        left, right = root(link.left), root(link.right)
        if left != right:
            group[left] = right
            kept[link.left].append((link, link.right))
            kept[link.right].append((link, link.left))
    total = {r: sum(link.weight for link, _ in kept[r]) for r in records}
    rows: list[tuple[str, Link | None, str | None]] = []
    seen: set[str] = set()
    for start in sorted(records, key=lambda r: (-len(kept[r]), -total[r], r)):
        waiting: list[tuple[str, Link | None, str | None]] = [(start, None, None)]
        while waiting:
            record, by, parent = waiting.pop()
            if record not in seen:
                seen.add(record)
                rows.append((record, by, parent))
                further = sorted(kept[record], key=lambda item: (item[0].weight, item[1]))
                waiting += [(other, link, record) for link, other in further if other not in seen]
    return rows


def bridges(records: Sequence[str], links: Sequence[Link]) -> list[Bridge]:
    """Return the joining links without which the entity falls apart, the lightest first."""
    joining = [link for link in links if link.joins]
    tree = [(record, link, parent) for record, link, parent in spanning_tree(records, joining)]
    children: dict[str, list[str]] = defaultdict(list)
    for record, _, parent in tree:
        if parent is not None:
            children[parent].append(record)
    below: dict[str, frozenset[str]] = {}
    for record, _, _ in reversed(tree):
        below[record] = frozenset({record}).union(*(below[child] for child in children[record]))
    found = []
    for record, link, _ in tree:
        if link is None:
            continue
        crossing = sum((each.left in below[record]) != (each.right in below[record]) for each in joining)
        if crossing == 1:
            rest = frozenset(_component(record, tree)) - below[record]
            sides = sorted((sorted(below[record]), sorted(rest)), key=lambda side: (len(side), side))
            found.append(Bridge(link, tuple(sides[0])))
    return sorted(found, key=lambda bridge: (bridge.link.weight, bridge.link.left, bridge.link.right))


def _component(record: str, tree: Sequence[tuple[str, Link | None, str | None]]) -> set[str]:
    """Return the records of the tree that holds this record."""
    part: set[str] = set()
    for each, link, _ in tree:
        if link is None:
            if record in part:
                return part
            part = set()
        part.add(each)
    return part


def hinges(records: Sequence[str], links: Sequence[Link]) -> list[Hinge]:
    """Return the records without which the entity falls apart, those that hold the most records together first."""
    joining = [link for link in links if link.joins]
    whole = len(_parts(records, joining))
    found = []
    for record in records:
        rest = [link for link in joining if record not in (link.left, link.right)]
        parts = _parts([r for r in records if r != record], rest)
        if len(parts) > whole:
            found.append(Hinge(record, tuple(sorted(map(len, parts), reverse=True))))
    return sorted(found, key=lambda hinge: (hinge.parts[0], -len(hinge.parts), hinge.record))


def _parts(records: Sequence[str], links: Sequence[Link]) -> list[set[str]]:
    """Return the records of every connected part."""
    neighbours: dict[str, set[str]] = {record: set() for record in records}
    for link in links:
        neighbours[link.left].add(link.right)
        neighbours[link.right].add(link.left)
    parts, seen = [], set[str]()
    for start in records:
        if start not in seen:
            part, waiting = {start}, [start]
            while waiting:
                fresh = neighbours[waiting.pop()] - part
                part |= fresh
                waiting += fresh
            seen |= part
            parts.append(part)
    return parts


def places(records: Sequence[str], links: Sequence[Link], *, rounds: int = 300) -> npt.NDArray[np.float64]:
    """Return a place between 0 and 1 for every record, the same every time: stress majorization of the graph's distances.

    Records start on a circle in the order of the spanning tree; each round moves every record to where its distances to
    the others suit best (Gansner, Koren and North 2004).
    """
    size = len(records)
    if size == 1:
        return np.array([[0.5, 0.5]])
    index = {record: i for i, record in enumerate(records)}
    apart = np.full((size, size), np.inf)
    np.fill_diagonal(apart, 0.0)
    for link in links:
        length = 1.0 if link.joins else 1.6
        i, j = index[link.left], index[link.right]
        apart[i, j] = apart[j, i] = min(apart[i, j], length)
    for k in range(size):
        apart = np.minimum(apart, apart[:, [k]] + apart[[k], :])
    finite = apart[np.isfinite(apart)]
    apart[~np.isfinite(apart)] = finite.max() + 1.5
    ordered = [record for record, _, _ in spanning_tree(records, links)]
    angles = np.empty(size)
    angles[[index[record] for record in ordered]] = 2.0 * np.pi * np.arange(size) / size
    at = np.stack([np.cos(angles), np.sin(angles)], axis=1) * finite.max()
    weights = 1.0 / np.maximum(apart, 0.5) ** 2
    np.fill_diagonal(weights, 0.0)
    for _ in range(rounds):
        between = at[:, None, :] - at[None, :, :]
        now = np.maximum(np.linalg.norm(between, axis=2), 1e-9)
        wished = at[None, :, :] + between * (apart / now)[:, :, None]
        at = (weights[:, :, None] * wished).sum(axis=1) / weights.sum(axis=1)[:, None]
    spread = at.max(axis=0) - at.min(axis=0)
    if spread[1] > spread[0]:  # pages are wider than high
        at, spread = at[:, ::-1], spread[::-1]
    centred = (at - (at.max(axis=0) + at.min(axis=0)) / 2.0) / max(float(spread.max()), 1e-9)
    return np.asarray(centred + 0.5, dtype=np.float64)
