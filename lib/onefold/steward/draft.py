"""Turns requests into decisions: ids resolved, rules kept, or every reason why not. Pure Python on what was looked up."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pyspark.sql.types import DataType

from onefold.steward.contradictions import find_conflicts
from onefold.steward.decisions import Decision, in_force, states
from onefold.steward.requests import Request
from onefold.steward.values import as_stored

__all__ = ["Drafted", "Known", "Record", "draft"]


@dataclass(frozen=True)
class Record:
    """What has to be known of a source record: its party id, its type, and its customer when resolve has run."""

    record_id: str
    party_id: int
    entity_type: str
    customer_id: str | None


@dataclass(frozen=True)
class Known:
    """What was looked up: records by id, the records of each customer named or touched, and the golden attributes."""

    records: Mapping[str, Record]
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    attributes: Mapping[str, DataType] = field(default_factory=dict)

    def find(self, wanted: str) -> Record | None:
        """Return the record of a record id, or the first record, by id, of a customer id."""
        if wanted in self.records:
            return self.records[wanted]
        inside = self.members.get(wanted)
        return self.records.get(min(inside)) if inside else None

    def fellows(self, record: Record) -> tuple[str, ...]:
        """Return the other records of the record's customer, sorted."""
        inside = self.members.get(record.customer_id or "", ())
        return tuple(sorted(set(inside) - {record.record_id}))


@dataclass(frozen=True)
class Drafted:
    """Decisions to record, those that were in force already, and why the rest is refused (then nothing is recorded)."""

    new: tuple[Decision, ...]
    standing: tuple[Decision, ...]
    problems: tuple[str, ...]


class _RefusedError(Exception):
    """One request cannot become a decision; the text says why."""


def draft(requests: Iterable[Request], known: Known, earlier: Sequence[Decision], now: datetime) -> Drafted:
    """Return the decisions that the requests make, checked one by one and then together with those in force.

    Args:
        requests: what was asked for, in order.
        known: what was looked up of the records that they name.
        earlier: every decision ever recorded.
        now: the moment of the decision.
    """
    said = {_content(d): d for d in in_force(earlier, now)}
    new: list[Decision] = []
    standing, problems = [], []
    for request in requests:
        try:
            decision = _decided(request, known, now, place=len(new))
            if request.kind == "revoke":
                _check_revoke(decision, [*earlier, *new], now)
        except _RefusedError as refused:
            problems.append(f"{request.place}: {refused}" if request.place else str(refused))
            continue
        if decision.kind != "revoke" and (same := said.get(_content(decision))) is not None:
            standing.append(same)
        else:
            said[_content(decision)] = decision
            new.append(decision)
    problems += _conflicts(earlier, new, now)
    return Drafted(tuple(new), tuple(standing), tuple(problems))


def _conflicts(earlier: Sequence[Decision], new: Sequence[Decision], now: datetime) -> list[str]:
    """Return the conflicts that the new decisions bring about, in words.

    Those that were there before do not stand in the way: they are put right one decision at a time.
    """
    before = {conflict.apart for conflict in find_conflicts(in_force(earlier, now))}
    found = [c.text() for c in find_conflicts(in_force([*earlier, *new], now)) if c.apart not in before]
    for decision in new:
        found = [text.replace(decision.decision_id, f"this decision ({decision.kind})") for text in found]
    return found


def _content(d: Decision) -> tuple[object, ...]:
    """Return what makes two decisions the same: all but who made them, when and why."""
    pair = tuple(sorted(d.records)) if d.kind in ("must_link", "cannot_link") else d.records
    return (d.kind, pair, d.apart_from, d.attribute, d.value, d.policy, d.expires_at, d.revokes)


def _decided(request: Request, known: Known, now: datetime, *, place: int) -> Decision:
    if not request.reason.strip():
        raise _RefusedError("no reason given; say why")
    if not request.by.strip():
        raise _RefusedError("nobody named; say who decides")
    if request.expires_at is not None and request.expires_at <= now:
        raise _RefusedError("it would have expired already; give a later date")
    base = Decision(
        decision_id="",
        kind=request.kind,
        entity_type=None,
        record_id=None,
        reason=request.reason.strip(),
        decided_by=request.by.strip(),
        decided_at=now,
        origin=request.origin,
        expires_at=request.expires_at,
        revokes=request.revokes,
    )
    made = base if request.kind == "revoke" else _about_records(base, request, known)
    content = repr((_content(replace(made, value=None)), made.decided_by, now.isoformat(), place))
    digest = hashlib.sha256(content.encode()).hexdigest()[:10]
    return replace(made, decision_id=f"D{now:%Y%m%dT%H%M%S}-{digest}")


def _about_records(base: Decision, request: Request, known: Known) -> Decision:
    own = _found(request.record, known)
    base = replace(base, record_id=own.record_id, party_id=own.party_id, entity_type=own.entity_type)
    if request.kind == "override":
        return replace(base, **_overriding(request, known))  # type: ignore[arg-type]
    if request.kind == "unmerge":
        return _leaving(base, own, request, known)
    other = _found(request.other, known)
    if other.record_id == own.record_id:
        raise _RefusedError(f"{own.record_id} named twice; name two records, or two customers")
    if other.entity_type != own.entity_type:
        raise _RefusedError(f"{own.record_id} is a {own.entity_type} and {other.record_id} a {other.entity_type}")
    base = replace(base, other_record_id=other.record_id, other_party_id=other.party_id)
    if request.kind != "reassign":
        return base
    if request.record not in known.records:
        raise _RefusedError(f"{request.record} is a customer; reassign takes one record, must-link joins customers")
    if own.customer_id is not None and own.customer_id == other.customer_id:
        raise _RefusedError(f"{own.record_id} is of that customer already")
    return replace(base, apart_from=known.fellows(own))


def _leaving(base: Decision, own: Record, request: Request, known: Known) -> Decision:
    if request.record not in known.records:
        raise _RefusedError(f"{request.record} is a customer; name the record that is to leave it")
    fellows = known.fellows(own)
    others = {_found(other, known).record_id for other in request.with_records} - {own.record_id}
    if strangers := sorted(others - set(fellows)):
        raise _RefusedError(f"{', '.join(strangers[:5])} not of the customer of {own.record_id}, and cannot leave with it")
    apart = tuple(r for r in fellows if r not in others)
    if not apart:
        raise _RefusedError(f"nobody would stay behind in the customer of {own.record_id}; there is nothing to unmerge")
    return replace(base, with_records=tuple(sorted(others)), apart_from=apart)


def _overriding(request: Request, known: Known) -> dict[str, object]:
    name, attributes = request.attribute or "", known.attributes
    if name not in attributes:
        near = difflib.get_close_matches(name, attributes, n=3) or sorted(attributes)
        raise _RefusedError(f"{name or 'nothing'} is no golden attribute; there are {', '.join(near)}")
    value = as_stored(request.value or "", attributes[name])
    if value is None:
        wanted = attributes[name].simpleString()
        raise _RefusedError(f"the value given for {name} is not a {wanted}, or empty" + _form(wanted))
    return {"attribute": name, "value": value, "policy": request.policy}


def _form(type_: str) -> str:
    forms = {"date": "2027-01-31", "timestamp": "2027-01-31T18:00", "boolean": "true or false", "double": "1234.5"}
    return f"; write {forms[type_]}" if type_ in forms else ""


def _found(wanted: str | None, known: Known) -> Record:
    if not wanted:
        raise _RefusedError("a record or customer is missing")
    found = known.find(wanted)
    if found is None:
        raise _RefusedError(f"{wanted} is no record of silver/party and no customer; ids are source:key")
    return found


def _check_revoke(decision: Decision, earlier: Sequence[Decision], now: datetime) -> None:
    wanted = decision.revokes or ""
    known = {d.decision_id: d for d in earlier}
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=3)
        hint = f"did you mean {', '.join(near)}" if near else "`onefold decide list` shows them"
        raise _RefusedError(f"no decision {wanted or 'is named'}; {hint}")
    if (state := states(earlier, now)[wanted]) != "in force":
        raise _RefusedError(f"{wanted} is {state} already")
