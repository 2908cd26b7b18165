"""What forbids that two clusters become one: contradicting values, refused pairs, and bounds on size and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Attribute", "Constraints", "State", "contradict"]

Tolerance = Literal["none", "typo"]


def contradict(one: str, other: str, tolerance: Tolerance) -> bool:
    """Tell whether two values of an attribute cannot be those of one entity.

    `typo` lets pass what one slip of the hand explains: an edit or a swap of neighbours, and, in a date, day and month changed
    places.

    >>> contradict("1970-03-05", "1970-05-03", "typo"), contradict("1970-03-05", "1971-03-06", "typo")
    (False, True)
    """
    if one == other:
        return False
    if tolerance == "none":
        return True
    if _one_slip(one, other):
        return False
    parts, others = one.split("-"), other.split("-")
    return not (len(parts) == len(others) == 3 and parts[0] == others[0] and parts[1:] == others[:0:-1])


def _one_slip(one: str, other: str) -> bool:
    """Tell whether one character replaced, added or dropped, or two neighbours swapped, makes one text the other."""
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, rest_other = one[start:], other[start:]
    if rest[1:] == rest_other[1:] or rest[1:] == rest_other or rest == rest_other[1:]:
        return True
    return len(rest) > 1 and rest[1] + rest[0] + rest[2:] == rest_other


@dataclass(frozen=True)
class Attribute:
    """An attribute of which an entity has one value: its name, the difference that is none, and how often a value must occur.

    With `confirmed` 2 a value counts only once two records of a cluster have it: a single mistyped one then forbids nothing.
    """

    name: str
    tolerance: Tolerance = "none"
    confirmed: int = 1

    def contradicted(self, values: Mapping[str, int], others: Mapping[str, int]) -> bool:
        """Tell whether a value that counts on one side contradicts one that counts on the other."""
        ours = [value for value, count in values.items() if count >= self.confirmed]
        theirs = [value for value, count in others.items() if count >= self.confirmed]
        return any(contradict(a, b, self.tolerance) for a in ours for b in theirs)


@dataclass(frozen=True)
class State:
    """What of a cluster matters to the constraints."""

    size: int
    sources: Mapping[str, int]
    values: tuple[Mapping[str, int], ...]
    members: frozenset[int]
    refused: frozenset[int]


@dataclass(frozen=True)
class Constraints:
    """The constraints of one component.

    `values` holds for each record the value of each attribute in `attributes`, None where it has none;
    `source_limits` bounds the records of a source in an entity. `must` and `cannot` are pairs of records.
    """

    sources: Sequence[str] = ()
    values: Sequence[Sequence[str | None]] = ()
    attributes: Sequence[Attribute] = ()
    source_limits: Mapping[str, int] = field(default_factory=dict)
    max_size: int | None = None
    must: Sequence[tuple[int, int]] = ()
    cannot: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def idle(self, size: int) -> bool:
        """Tell whether nothing here can forbid a merge of `size` records, so that no merge need be asked about."""
        alike = all(len(set(values) - {None}) < 2 for values in zip(*self.values, strict=True)) if self.attributes else True
        small = self.max_size is None or size <= self.max_size
        return alike and small and not self.source_limits and not self.cannot

    def state(self, record: int) -> State:
        """Return the state of a record alone."""
        own = self.values[record] if self.attributes else ()
        source = self.sources[record] if self.source_limits else ""
        return State(
            size=1,
            sources={source: 1} if source in self.source_limits else {},
            values=tuple({} if value is None else {value: 1} for value in own),
            members=frozenset((record,)) if self.cannot else frozenset(),
            refused=self.cannot.get(record, frozenset()),
        )

    def merge(self, one: State, other: State) -> State:
        """Return the state of two clusters together."""
        return State(
            one.size + other.size,
            _added(one.sources, other.sources),
            tuple(_added(a, b) for a, b in zip(one.values, other.values, strict=True)),
            one.members | other.members,
            one.refused | other.refused,
        )

    def forbids(self, one: State, other: State) -> str | None:
        """Return what forbids the merge of two clusters, as `kind` or `kind:which`; None when nothing does."""
        if not one.refused.isdisjoint(other.members) or not other.refused.isdisjoint(one.members):
            return "cannot_link"
        for attribute, values, others in zip(self.attributes, one.values, other.values, strict=True):
            if values and others and attribute.contradicted(values, others):
                return f"contradiction:{attribute.name}"
        for source, count in one.sources.items():
            if source in other.sources and count + other.sources[source] > self.source_limits[source]:
                return f"source_limit:{source}"
        if self.max_size is not None and one.size + other.size > self.max_size:
            return "max_size"
        return None

    def broken(self, state: State) -> list[str]:
        """Return the contradictions that a cluster holds all the same, because a person demanded it."""
        return [
            f"contradiction:{attribute.name}"
            for attribute, values in zip(self.attributes, state.values, strict=True)
            if len(values) > 1 and attribute.contradicted(values, values)
        ]


def _added(counts: Mapping[str, int], more: Mapping[str, int]) -> Mapping[str, int]:
    return {key: counts.get(key, 0) + more.get(key, 0) for key in (*counts, *more)} if more else counts
