"""Solves a bucket of open components: from columns of records and pairs to columns of entities. Runs on the executors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from onefold.resolve.solve import Opened, Recipe, solve

__all__ = ["SOLVED", "solver"]

SOLVED = (
    "party_id bigint, component bigint, entity bigint, diameter int, bridges int, reasons array<string>, "
    "contradictions array<string>"
)
"""`entity` is the smallest party id in it; `reasons` are the component's, `contradictions` those inside the entity."""

_TEXTS = pa.list_(pa.string())
_ARROW = pa.schema(
    [
        ("party_id", pa.int64()),
        ("component", pa.int64()),
        ("entity", pa.int64()),
        ("diameter", pa.int32()),
        ("bridges", pa.int32()),
        ("reasons", _TEXTS),
        ("contradictions", _TEXTS),
    ]
)

Numbers = NDArray[np.int64]
Link = tuple[int, int, float, bool, str]  # record numbers, smaller first; evidence; joins; kind: score, must or cannot


def solver(known: Mapping[str, Recipe]) -> Callable[[pa.Table, pa.Table], pa.Table]:
    """Return the function that solves every component of a bucket.

    Its records are component, party_id, entity_type, source and the attributes as text; its pairs party_id_l, party_id_r,
    evidence, joins, kind (score, must or cannot), both ends among the records of one component.
    """

    def solve_bucket(nodes: pa.Table, pairs: pa.Table) -> pa.Table:
        nodes = nodes.sort_by([("component", "ascending"), ("party_id", "ascending")])
        component, party = (nodes[name].to_numpy() for name in ("component", "party_id"))
        starts = np.flatnonzero(np.diff(component, prepend=component[:1] - 1))
        kinds, parties = nodes["entity_type"].to_pylist(), party.tolist()
        links = _links(pairs, party, starts)
        columns: dict[str, list[Any]] = {name: [] for name in _ARROW.names}
        described = _Records(nodes)
        for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(parties)], strict=True):
            recipe = known[min(kinds[start:stop])]
            opened = _opened(described.of(recipe, start, stop), next(links))
            for entity in solve(opened, recipe):
                own = [parties[start + record] for record in entity.records]
                told = (entity.diameter, entity.bridges, entity.reasons, entity.contradictions)
                columns["party_id"] += own
                for name, value in zip(_ARROW.names[1:], (int(component[start]), own[0], *told), strict=True):
                    columns[name] += [value] * len(own)
        return pa.table(columns, schema=_ARROW)

    return solve_bucket


class _Records:
    """Sources and attributes of the records of a bucket, as lists."""

    def __init__(self, nodes: pa.Table) -> None:
        self._columns = {n: nodes[n].to_pylist() for n in nodes.column_names if n not in ("bucket", "component", "party_id")}

    def of(self, recipe: Recipe, start: int, stop: int) -> tuple[list[str], list[tuple[str | None, ...]]]:
        """Return source and attribute values of the records from `start` to before `stop`."""
        values = [self._columns[attribute.name][start:stop] for attribute in recipe.attributes]
        return self._columns["source"][start:stop], list(zip(*values, strict=True))


def _links(pairs: pa.Table, party: Numbers, starts: Numbers) -> Iterator[list[Link]]:
    """Give for each component, which start at `starts` of `party`, its pairs by record number, in a fixed order."""
    order = np.argsort(party)
    left, right = (order[np.searchsorted(party, pairs[f"party_id_{side}"].to_numpy(), sorter=order)] for side in "lr")
    low, high = np.minimum(left, right), np.maximum(left, right)
    evidence, joins = pairs["evidence"].to_numpy(), pairs["joins"].to_numpy()
    sort = np.lexsort((joins, evidence, high, low))
    place = np.searchsorted(starts, low[sort], side="right") - 1
    bounds = np.searchsorted(place, np.arange(len(starts) + 1)).tolist()
    numbered = ((ends[sort] - starts[place]).tolist() for ends in (low, high))
    kinds = pairs["kind"].to_numpy(zero_copy_only=False)[sort].tolist()
    links = list(zip(*numbered, evidence[sort].tolist(), joins[sort].tolist(), kinds, strict=True))
    return (links[begin:end] for begin, end in pairwise(bounds))


def _opened(records: tuple[list[str], list[tuple[str | None, ...]]], links: list[Link]) -> Opened:
    """Put a component together: its scored pairs, and those that must and that cannot be together."""
    scored = [link[:4] for link in links if link[4] == "score"]
    if len(scored) == len(links):
        return Opened(*records, scored)
    must = sorted({link[:2] for link in links if link[4] == "must"})
    cannot: dict[int, set[int]] = defaultdict(set)
    for low, high in (link[:2] for link in links if link[4] == "cannot"):
        cannot[low].add(high)
        cannot[high].add(low)
    return Opened(*records, scored, must, {record: frozenset(others) for record, others in cannot.items()})
