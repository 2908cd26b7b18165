"""A steward's decision, which of them are in force at a moment, and the pairs of records that they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal

from pyspark.sql import DataFrame

from onefold.contracts.stewardship import DECISION

__all__ = ["Decision", "Kind", "Linked", "Origin", "Policy", "State", "in_force", "links", "read_decisions", "states", "tabled"]

Kind = Literal["must_link", "cannot_link", "unmerge", "reassign", "override", "revoke"]
Policy = Literal["always", "until_source_changes", "if_null"]
Origin = Literal["command", "file", "review"]
State = Literal["in force", "expired", "revoked"]


@dataclass(frozen=True)
class Decision:
    """One row of steward/decision; the fields are its columns. What people wrote is not shown in its text form."""

    decision_id: str
    kind: Kind
    entity_type: str | None
    record_id: str | None
    reason: str = field(repr=False)
    decided_by: str
    decided_at: datetime
    origin: Origin
    other_record_id: str | None = None
    party_id: int | None = None
    other_party_id: int | None = None
    with_records: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()
    attribute: str | None = None
    value: str | None = field(default=None, repr=False)
    policy: Policy | None = None
    seen_hash: str | None = None
    expires_at: datetime | None = None
    revokes: str | None = None

    @property
    def records(self) -> tuple[str, ...]:
        """The records that the decision is about; not those that it only keeps them apart from."""
        return tuple(r for r in (self.record_id, self.other_record_id, *self.with_records) if r is not None)


@dataclass(frozen=True)
class Linked:
    """Two records of which a decision says that they are, or are not, one customer."""

    decision_id: str
    one: str
    other: str
    together: bool


def read_decisions(table: DataFrame) -> tuple[Decision, ...]:
    """Return the rows of steward/decision, the oldest first."""
    names = [f.name for f in fields(Decision)]
    # bounded: what stewards decided, one by one or by a file
    found = [_decision(row.asDict()) for row in table.select(*names).toLocalIterator()]
    return tuple(sorted(found, key=lambda d: (d.decided_at, d.decision_id)))


def _decision(row: dict[str, Any]) -> Decision:
    for name in ("decided_at", "expires_at"):
        if row[name] is not None:  # Spark hands out local time without saying so
            row[name] = row[name].astimezone(UTC)
    for name in ("with_records", "apart_from"):
        row[name] = tuple(row[name] or ())
    return Decision(**row)


def tabled(decisions: Iterable[Decision]) -> list[tuple[Any, ...]]:
    """Return the decisions as rows in the order of the table's columns."""
    return [tuple(_stored(getattr(d, name)) for name in DECISION.column_names) for d in decisions]


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def states(decisions: Iterable[Decision], at: datetime) -> dict[str, State]:
    """Return the state of every decision made by that moment.

    A revoke is a decision too: it can expire or be revoked itself, and what it took back is then in force again.
    """
    found: dict[str, State] = {}
    revoked: set[str] = set()
    for decision in sorted(decisions, key=lambda d: (d.decided_at, d.decision_id), reverse=True):
        if decision.decided_at > at:
            continue
        if decision.decision_id in revoked:
            found[decision.decision_id] = "revoked"
        elif decision.expires_at is not None and decision.expires_at <= at:
            found[decision.decision_id] = "expired"
        else:
            found[decision.decision_id] = "in force"
            if decision.revokes is not None:
                revoked.add(decision.revokes)
    return found


def in_force(decisions: Iterable[Decision], at: datetime) -> tuple[Decision, ...]:
    """Return the decisions in force at that moment, revokes left out: they have done their work."""
    every = tuple(decisions)
    known = states(every, at)
    return tuple(d for d in every if d.kind != "revoke" and known.get(d.decision_id) == "in force")


def links(decisions: Iterable[Decision]) -> Iterator[Linked]:
    """Give every pair of records that the decisions join or keep apart.

    Records that leave a customer are kept apart from each one that was in it when they left, so that neither a later run nor a
    new record brings them back; those that leave together stay together.
    """
    for d in decisions:
        if d.record_id is None:
            continue
        joined = [d.other_record_id] if d.kind in ("must_link", "reassign") else d.with_records
        kept_apart = [d.other_record_id] if d.kind == "cannot_link" else d.apart_from
        leavers = (d.record_id, *d.with_records)
        yield from (Linked(d.decision_id, d.record_id, other, together=True) for other in joined if other)
        yield from (Linked(d.decision_id, one, other, together=False) for one in leavers for other in kept_apart if other)
