"""Decisions that cannot all hold: two records kept apart that a chain of joined records makes one customer."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onefold.steward.decisions import Decision, Linked, links

__all__ = ["Conflict", "Groups", "find_conflicts", "groups_of"]

_SHOWN = 5


@dataclass(frozen=True)
class Conflict:
    """A decision that keeps two records apart, and those whose chain joins the two."""

    apart: str
    chain: tuple[str, ...]

    def text(self) -> str:
        """Return the conflict in words: decision ids only."""
        more = f" and {len(self.chain) - _SHOWN} more" if len(self.chain) > _SHOWN else ""
        return f"{self.apart} keeps apart what {', '.join(self.chain[:_SHOWN])}{more} makes one customer; revoke one of them"


class Groups:
    """The records that decisions join, as disjoint sets; each is named by its smallest record."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, record: str) -> str:
        """Return the name of the record's set; the record itself when nothing joins it."""
        root = record
        while (above := self._above.get(root, root)) != root:
            root = above
        while record != root:
            self._above[record], record = root, self._above[record]
        return root

    def join(self, one: str, other: str) -> None:
        """Make one set of the sets of two records."""
        low, high = sorted((self.of(one), self.of(other)))
        if low != high:
            self._above[high] = low

    def records(self) -> tuple[str, ...]:
        """Return the records that are in a set under another one's name."""
        return tuple(self._above)


def groups_of(pairs: Iterable[Linked]) -> Groups:
    """Return the sets of records that the pairs join."""
    groups = Groups()
    for pair in pairs:
        if pair.together:
            groups.join(pair.one, pair.other)
    return groups


def find_conflicts(decisions: Iterable[Decision]) -> tuple[Conflict, ...]:
    """Return the conflicts among the decisions: one for each decision that keeps apart what others join.

    Decisions are few beside records (each one was somebody's work), so this is done in one place and not by a join.
    """
    pairs = tuple(links(decisions))
    groups = groups_of(pairs)
    found: dict[str, Conflict] = {}
    neighbours: dict[str, dict[str, str]] | None = None
    for pair in pairs:
        if pair.together or pair.decision_id in found or groups.of(pair.one) != groups.of(pair.other):
            continue
        if neighbours is None:
            neighbours = _neighbours(pairs)
        found[pair.decision_id] = Conflict(pair.decision_id, _chain(neighbours, pair.one, pair.other))
    return tuple(found.values())


def _neighbours(pairs: Iterable[Linked]) -> dict[str, dict[str, str]]:
    """Return for each record those joined to it, with the decision that joins them."""
    found: dict[str, dict[str, str]] = {}
    for pair in pairs:
        if pair.together:
            for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
                found.setdefault(one, {}).setdefault(other, pair.decision_id)
    return found


def _chain(neighbours: Mapping[str, Mapping[str, str]], start: str, end: str) -> tuple[str, ...]:
    """Return the decisions along the shortest way from one record to the other, each once."""
    came_by: dict[str, tuple[str, str]] = {start: (start, "")}
    waiting = deque([start])
    while end not in came_by:
        here = waiting.popleft()
        for there, decision in sorted(neighbours.get(here, {}).items()):
            if there not in came_by:
                came_by[there] = (here, decision)
                waiting.append(there)
    chain: list[str] = []
    while end != start:
        end, decision = came_by[end]
        chain.append(decision)
    return tuple(dict.fromkeys(reversed(chain)))
