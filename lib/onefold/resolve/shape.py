"""The shape of one cluster: its diameter and its bridges. Pure Python."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

__all__ = ["bridges", "connected", "diameter", "neighbours"]

Graph = Sequence[Sequence[int]]

_EXACT = 400
"""Clusters up to this size have their diameter found from every record."""


def neighbours(size: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the neighbours of each of `size` records; each edge is given once."""
    found: list[list[int]] = [[] for _ in range(size)]
    for left, right in edges:
        found[left].append(right)
        found[right].append(left)
    return found


def diameter(graph: Graph) -> int:
    """Return the longest of the shortest paths, in edges, of a connected graph; over 400 records a lower bound of it.

    >>> diameter(neighbours(4, [(0, 1), (1, 2), (2, 3)]))
    3
    """
    if len(graph) <= _EXACT:
        return _rounds_to_see_all(graph)
    end, _ = _farthest(graph, 0)
    return _farthest(graph, end)[1]


def connected(graph: Graph) -> bool:
    """Tell whether every record is reached from the first."""
    seen, found = {0}, [0]
    for here in found:
        for near in graph[here]:
            if near not in seen:
                seen.add(near)
                found.append(near)
    return len(seen) == len(graph)


def _rounds_to_see_all(graph: Graph) -> int:
    """Return in how many rounds all records see all others, when in each everyone hears of those whom its neighbours see.

    Whom a record sees is an integer, a bit for each record: a round is an OR for each edge.
    """
    seen = [1 << record for record in range(len(graph))]
    rounds = 0
    while True:
        further = []
        for own, near in zip(seen, graph, strict=True):
            for other in near:
                own |= seen[other]
            further.append(own)
        if further == seen:
            return rounds
        seen, rounds = further, rounds + 1


def _farthest(graph: Graph, start: int) -> tuple[int, int]:
    """Return a record as far from `start` as any, and how far that is."""
    distance = {start: 0}
    queue = deque([start])
    last = start
    while queue:
        last = queue.popleft()
        for near in graph[last]:
            if near not in distance:
                distance[near] = distance[last] + 1
                queue.append(near)
    return last, distance[last]


def bridges(graph: Graph) -> int:
    """Return how many edges of a connected graph are bridges: taking one away parts its ends (Tarjan, without recursion).

    >>> bridges(neighbours(4, [(0, 1), (1, 2), (0, 2), (2, 3)]))
    1
    """
    edges = sum(map(len, graph)) // 2
    if edges < len(graph):  # a tree
        return edges
    if min(map(len, graph)) > 1 and 2 * edges == len(graph) * (len(graph) - 1):  # complete
        return 0
    order = [-1] * len(graph)
    low = [0] * len(graph)
    found = clock = 0
    for root in range(len(graph)):
        if order[root] >= 0:
            continue
        order[root] = low[root] = clock
        clock += 1
        stack = [(root, -1, iter(graph[root]))]
        while stack:
            here, parent, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                if parent >= 0:
                    low[parent] = min(low[parent], low[here])
                    found += low[here] > order[parent]
            elif order[step] < 0:
                order[step] = low[step] = clock
                clock += 1
                stack.append((step, here, iter(graph[step])))
            elif step != parent:
                low[here] = min(low[here], order[step])
    return found
