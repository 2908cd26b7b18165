"""Splits one component: average linkage over signed evidence, under constraints. Pure Python; the same input, the same answer.

A pair of records is evidence: it speaks for one entity when positive and against it when negative. A pair that is not there
(never made by blocking, or scored under the storing bound) counts `absent`. Two clusters merge while the mean over all pairs
across them is positive, the largest mean first, where one of those pairs joins and no constraint forbids it. After Bailoni
et al., "GASP, a generalized framework for agglomerative clustering of signed graphs".
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from onefold.resolve.constraints import Constraints
from onefold.resolve.shape import connected, neighbours

__all__ = ["Pair", "Partition", "partition"]

Pair = tuple[int, int, float, bool]  # left, right, evidence, whether it joins
_MARGIN = 1e-6

Cross = tuple[float, int, bool]  # of the pairs between two clusters: sum of their evidence, count, whether one joins


@dataclass
class Partition:
    """The cluster of each record (the smallest record of it), and why clusters that a pair would join stayed apart."""

    labels: list[int]
    refused: set[str] = field(default_factory=set)


def partition(size: int, pairs: Sequence[Pair], absent: float, constraints: Constraints) -> Partition:
    """Return the clusters of a component.

    Args:
        size: number of records; records are 0 to size - 1.
        pairs: the scored pairs inside it, each once; those that do not join count as evidence only.
        absent: what a pair counts that is not there.
        constraints: what forbids or demands that records are together.

    Returns:
        A label for each record; `refused` holds "weak" for a joining pair outweighed by the rest, and the constraints met.
    """
    if _undivided(size, pairs, absent, constraints):
        return Partition([0] * size)
    clusters = _Clusters(size, pairs, absent, constraints)
    for left, right in constraints.must:
        clusters.force(left, right)
    clusters.agglomerate()
    return Partition(clusters.labels(), clusters.refused | clusters.outweighed())


def _undivided(size: int, pairs: Sequence[Pair], absent: float, constraints: Constraints) -> bool:
    """Tell quickly of most components that stay whole that they do.

    Any two parts have a joining pair across. If the lightest one outweighs all that speaks against, the absent pairs included,
    the mean across any two clusters is positive to the end. The margin is far over what sums of doubles can be off.
    """
    against = absent * (size * (size - 1) // 2 - len(pairs)) + sum(evidence for _, _, evidence, _ in pairs if evidence < 0)
    lightest = min((evidence for _, _, evidence, joins in pairs if joins), default=0.0)
    if lightest + against < _MARGIN or constraints.must or not constraints.idle(size):
        return False
    return connected(neighbours(size, [(left, right) for left, right, _, joins in pairs if joins]))


class _Clusters:
    """Clusters in the making: who is in each, and the pairs across."""

    def __init__(self, size: int, pairs: Iterable[Pair], absent: float, constraints: Constraints) -> None:
        self.absent = absent
        self.members = [[i] for i in range(size)]
        self.idle = constraints.idle(size)
        self.states = [] if self.idle else [constraints.state(i) for i in range(size)]
        self.constraints = constraints
        self.cross: list[dict[int, Cross]] = [{} for _ in range(size)]
        self.version = [0] * size
        self.home = list(range(size))
        self.refused: set[str] = set()
        for left, right, evidence, joins in pairs:
            self.cross[left][right] = self.cross[right][left] = (evidence, 1, joins)

    def mean(self, one: int, other: int) -> float:
        """Return the mean evidence over all pairs across two clusters, absent ones included."""
        total, count, _ = self.cross[one][other]
        every = len(self.members[one]) * len(self.members[other])
        return (total + self.absent * (every - count)) / every

    def force(self, left: int, right: int) -> None:
        """Merge the clusters of two records whatever speaks against it."""
        one, other = self.home[left], self.home[right]
        if one != other:
            self._merge(one, other)

    def agglomerate(self) -> None:
        """Merge the pair of clusters with the largest positive mean until there is none."""
        heap: list[tuple[float, int, int, int, int]] = []
        for one, others in enumerate(self.cross):
            self._offer(heap, one, (other for other in others if one < other))
        while heap:
            _, one, other, seen, seen_other = heapq.heappop(heap)
            if (self.version[one], self.version[other]) != (seen, seen_other):
                continue  # one of the two has grown since, and was offered again
            forbidden = None if self.idle else self.constraints.forbids(self.states[one], self.states[other])
            if forbidden is not None:
                self.refused.add(forbidden)  # for good: a cluster never loses what forbids
                continue
            grown = self._merge(one, other)
            self._offer(heap, grown, self.cross[grown])

    def outweighed(self) -> set[str]:
        """Return "weak" if a joining pair was left across two clusters because the others speak against it."""
        for one, others in enumerate(self.cross):
            if any(joins and self.mean(one, other) <= 0 for other, (_, _, joins) in others.items()):
                return {"weak"}
        return set()

    def labels(self) -> list[int]:
        """Return for each record the smallest record of its cluster."""
        smallest = [min(members) if members else -1 for members in self.members]
        return [smallest[home] for home in self.home]

    def _offer(self, heap: list[tuple[float, int, int, int, int]], one: int, others: Iterable[int]) -> None:
        for other in others:
            if self.cross[one][other][2]:
                mean = self.mean(one, other)
                if mean > 0:
                    low, high = min(one, other), max(one, other)
                    heapq.heappush(heap, (-mean, low, high, self.version[low], self.version[high]))

    def _merge(self, one: int, other: int) -> int:
        """Move the cluster with fewer neighbours into the other one and return that."""
        if (len(self.cross[one]), other) < (len(self.cross[other]), one):
            one, other = other, one
        kept, gone = self.cross[one], self.cross[other]
        kept.pop(other, None)
        gone.pop(one, None)
        for third, (total, count, joins) in gone.items():
            total_kept, count_kept, joins_kept = kept.get(third, (0.0, 0, False))
            kept[third] = (total + total_kept, count + count_kept, joins or joins_kept)
            self.cross[third][one] = kept[third]
            del self.cross[third][other]
        for member in self.members[other]:
            self.home[member] = one
        self.members[one] += self.members[other]
        if not self.idle:
            self.states[one] = self.constraints.merge(self.states[one], self.states[other])
        self.members[other], self.cross[other] = [], {}
        self.version[one] += 1
        self.version[other] = -1
        return one
