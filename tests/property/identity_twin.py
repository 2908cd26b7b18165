"""Customer ids kept in plain Python, without a thought for cost: what Spark must agree with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PLACES = 4


@dataclass(frozen=True)
class Row:
    customer_id: str
    change: str
    current: str | None
    other: str | None
    reason: str
    records: int | None


@dataclass(frozen=True)
class Entity:
    letter: str
    members: tuple[str, ...]  # sorted

    @property
    def founder(self) -> str:
        return self.members[0]


def name(letter: str, record: str, place: int = 0) -> str:
    return letter + hashlib.sha256(f"{record}#{place}".encode() if place else record.encode()).hexdigest()[:16]


def entities_of(blocks: Iterable[Iterable[str]], kinds: Mapping[str, str]) -> list[Entity]:
    """Return the entities, one of each type in a block."""
    found = []
    for block in blocks:
        for letter in "CP":
            members = tuple(sorted(r for r in block if kinds.get(r, "P") == letter))
            found += [Entity(letter, members)] if members else []
    return found


def blocks(where: Mapping[str, int | None]) -> list[list[str]]:
    """Return the records block by block; those that are nowhere are left out."""
    return [[r for r, block in where.items() if block == wanted] for wanted in {b for b in where.values() if b is not None}]


@dataclass
class Twin:
    """The assignment after each step, and every step's rows of the history."""

    held: dict[str, str] = field(default_factory=dict)
    steps: list[list[Row]] = field(default_factory=list)

    @property
    def leads(self) -> dict[str, str | None]:
        return {row.customer_id: row.current for rows in self.steps for row in rows}

    @property
    def issued(self) -> dict[str, int]:
        return {row.customer_id: number for number, rows in reversed([*enumerate(self.steps)]) for row in rows}

    def step(self, entities: list[Entity], stewarded: frozenset[str] = frozenset()) -> None:
        leads, issued = self.leads, self.issued
        won = self._winners(entities)
        kept = _kept(won, issued)
        living = {self.held[r] for e in entities for r in e.members if r in self.held}
        given = {e: kept[e] if e in kept else self._named(e, living, leads, issued, len(self.steps)) for e in entities}
        rows = [self._fresh(e, given[e], won, issued, stewarded) for e in entities if e not in kept]
        rows += [
            Row(id_, "merged", given[e], given[e], _why(e, stewarded, "matched"), sum(self.held.get(r) == id_ for r in e.members))
            for id_, e in won.items()
            if given[e] != id_
        ]
        gone = sorted(set(self.held.values()) - set(won) - set(given.values()))
        rows += [Row(i, "retired", None, None, "records_gone", sum(h == i for h in self.held.values())) for i in gone]
        rows += self._redirected(given, leads, rows, stewarded)
        self.held = {record: given[e] for e in entities for record in e.members}
        self.steps.append(rows)

    def _winners(self, entities: list[Entity]) -> dict[str, Entity]:
        bids: dict[str, list[tuple[bool, int, str, str, Entity]]] = {}
        for e in entities:
            for id_ in {self.held[r] for r in e.members if r in self.held}:
                own = [r for r in e.members if self.held.get(r) == id_]
                founded = any(name("", r) == id_[1:] for r in own)
                bids.setdefault(id_, []).append((not founded, -len(own), own[0], e.letter, e))
        return {id_: min(offers, key=lambda bid: bid[:4])[4] for id_, offers in bids.items()}

    def _named(self, e: Entity, living: set[str], leads: dict[str, str | None], issued: dict[str, int], run: int) -> str:
        former = [
            (issued[id_], id_)
            for r in e.members
            for id_ in (name(e.letter, r, place) for place in range(PLACES))
            if id_ in issued and id_ not in living and (r not in self.held or self.held[r] == leads[id_])
        ]
        if former:
            return min(former)[1]
        fresh = [name(e.letter, e.founder, place) for place in range(PLACES)]
        return next((id_ for id_ in fresh if id_ not in living), name(e.letter, f"{e.founder}#run-{run}"))

    def _fresh(self, e: Entity, id_: str, won: dict[str, Entity], issued: dict[str, int], stewarded: frozenset[str]) -> Row:
        came = [self.held[r] for r in e.members if r in self.held] if e not in won.values() else []
        origin = min(came, key=lambda i: (-came.count(i), i), default=None)
        change = "revived" if id_ in issued else "split" if origin else "created"
        reason = _why(e, stewarded, "unmatched") if origin else "returned" if id_ in issued else "first_seen"
        return Row(id_, change, id_, origin, reason, len(e.members))

    def _redirected(
        self, given: dict[Entity, str], leads: dict[str, str | None], rows: list[Row], stewarded: frozenset[str]
    ) -> list[Row]:
        moved = {row.customer_id: row for row in rows if row.change in ("merged", "retired")}
        founders = {name(e.letter, r, place): (r, e) for e in given for r in e.members for place in range(PLACES)}
        found = []
        for id_, lead in leads.items():
            if lead == id_ or id_ in given.values():
                continue
            goal, reason = (moved[lead].current, moved[lead].reason) if lead in moved else (lead, "")
            record, e = founders.get(id_, (None, None))
            if e is not None and self.held.get(record or "") == lead:
                goal, reason = given[e], "returned" if lead is None else _why(e, stewarded, "unmatched")
            if goal != lead:
                found.append(Row(id_, "redirected", goal, lead, reason, None))
        return found


def _kept(won: Mapping[str, Entity], issued: Mapping[str, int]) -> dict[Entity, str]:
    kept: dict[Entity, tuple[int, str]] = {}
    for id_, e in won.items():
        if id_[0] == e.letter:
            kept[e] = min(kept.get(e, (issued[id_], id_)), (issued[id_], id_))
    return {e: id_ for e, (_, id_) in kept.items()}


def _why(e: Entity, stewarded: frozenset[str], otherwise: str) -> str:
    return "steward" if stewarded & set(e.members) else otherwise
