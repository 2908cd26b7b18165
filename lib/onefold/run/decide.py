"""Records what stewards decide, after every check, in one append; and lists what was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import ENTITY_MAP
from onefold.contracts.silver import PARTY
from onefold.contracts.stewardship import DECISION
from onefold.errors import DataContractError
from onefold.publish.units import golden_attributes
from onefold.run.context import RunContext
from onefold.run.overriding import hashes_of
from onefold.run.stewardship import decisions_of
from onefold.steward import Decision, Known, Record, Request, draft, states, tabled
from onefold.store.small import texts

__all__ = ["Recorded", "append_decisions", "list_decisions", "listed", "record_decisions"]

_MASKED = "***"


@dataclass(frozen=True)
class Recorded:
    """The decisions that were recorded, and those that were in force already and were not recorded again."""

    new: tuple[Decision, ...]
    standing: tuple[Decision, ...]

    def text(self) -> str:
        """Return what was recorded, a line each, without values."""
        lines = [f"{d.decision_id}  {_said(d)}" for d in self.new]
        lines += [f"{d.decision_id}  {_said(d)} (in force already, not recorded again)" for d in self.standing]
        told = f"{len(self.new)} decision{'s'[: len(self.new) != 1]} recorded in {DECISION.name}, in effect from the next run on"
        return "\n".join([*lines, told])


def _said(d: Decision) -> str:
    if d.kind == "revoke":
        return f"revoke {d.revokes}"
    words = [d.kind, d.record_id or "", d.other_record_id or "", d.attribute or ""]
    words += [f"with {', '.join(d.with_records)}"] if d.with_records else []
    words += [f"apart from {len(d.apart_from)} records"] if d.apart_from else []
    return " ".join(word for word in words if word)


def record_decisions(context: RunContext, requests: Sequence[Request], *, now: datetime | None = None) -> Recorded:
    """Check the requests and record the decisions that they make: all of them or none.

    Args:
        context: of the command.
        requests: what was asked for.
        now: the moment of the decision; default the present.

    Raises:
        StageOrderError: when cleanse has not run yet, so that there is no record to decide about.
        DataContractError: with every reason why a request is refused; nothing is recorded then.
    """
    earlier, now = decisions_of(context), now or datetime.now(UTC)
    context.progress("looking up what is decided about")
    known = _looked_up(context, requests)
    drafted = draft(requests, known, earlier, now)
    problems = list(drafted.problems)
    bound = [d for d in drafted.new if d.policy == "until_source_changes"]
    if bound and not context.warehouse.exists(ENTITY_MAP):
        problems.append("until_source_changes needs the customer's records, and resolve has not run yet; run it, or take always")
    if problems:
        raise DataContractError(
            f"{len(problems)} problem{'s'[: len(problems) != 1]}, nothing recorded\n  - " + "\n  - ".join(problems),
            hint="`onefold decide list` shows what is in force, `onefold decide revoke DECISION` takes one back",
        )
    new = drafted.new
    if bound:
        hashes = hashes_of(context.warehouse.read(PARTY), context.warehouse.read(ENTITY_MAP), bound)
        new = tuple(replace(d, seen_hash=hashes.get(d.decision_id)) for d in new)
    context.progress("recording")
    append_decisions(context, new)
    return Recorded(new, drafted.standing)


def append_decisions(context: RunContext, decisions: Sequence[Decision]) -> None:
    """Append decisions that have been checked, in one transaction."""
    if decisions:
        frame = context.spark.createDataFrame(tabled(decisions), DECISION.schema)
        context.warehouse.append(DECISION, frame, note={"run_id": context.run_id})


def _looked_up(context: RunContext, requests: Sequence[Request]) -> Known:
    """Return the records that the requests name, and all records of the customers that they name or touch."""
    parties = context.warehouse.read(PARTY)
    customers = context.warehouse.read_or_empty(ENTITY_MAP).select("record_id", "customer_id")
    every = parties.select("record_id", "party_id", "entity_type").join(customers, on="record_id", how="left")
    names = {name for request in requests for name in request.named}
    if not names:
        return Known({})
    records = _rows(every, "record_id", names)
    touched = {records[r.record].customer_id for r in requests if r.record in records and r.kind in ("unmerge", "reassign")}
    wanted = (names - records.keys()) | {c for c in touched if c is not None}
    inside = _rows(every, "customer_id", wanted) if wanted else {}
    members: dict[str, list[str]] = {}
    for record in inside.values():
        members.setdefault(record.customer_id or "", []).append(record.record_id)
    golden = {name: parties.schema[name].dataType for name in golden_attributes(parties.schema)}
    return Known({**inside, **records}, members, golden)


def _rows(every: DataFrame, column: str, wanted: Collection[str]) -> dict[str, Record]:
    named = texts(every.sparkSession, [column], ((name,) for name in sorted(wanted)))
    found = every.join(F.broadcast(named), on=column, how="left_semi").select(
        "record_id", "party_id", "entity_type", "customer_id"
    )
    # bounded: the records that people name, and those of their customers
    return {row["record_id"]: Record(*row) for row in found.toLocalIterator()}


def list_decisions(context: RunContext, *, show_values: bool = False) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the columns and the rows of all decisions with their states, the newest first; values masked unless asked for."""
    columns = ("decision", "kind", "state", "records", "attribute", "value", "policy", "by", "at", "expires", "reason")
    decisions = decisions_of(context)
    known = states(decisions, datetime.now(UTC))
    return columns, [_listed(d, known.get(d.decision_id, "in force"), show_values) for d in reversed(decisions)]


def _listed(d: Decision, state: str, show_values: bool) -> tuple[object, ...]:
    value = d.value if show_values or d.value is None else _MASKED
    about = d.revokes or " ".join([*d.records, *([f"(apart from {len(d.apart_from)})"] if d.apart_from else [])])
    return (
        *(d.decision_id, d.kind, state, about, d.attribute, value, d.policy, d.decided_by),
        *(_minute(d.decided_at), _minute(d.expires_at), d.reason),
    )


def listed(row: Mapping[str, object]) -> str:
    """Return a decision in two lines, its ids whole."""
    what = " ".join(str(row[name]) for name in ("records", "attribute", "value", "policy") if row[name] is not None)
    until = f", until {row['expires']}" if row["expires"] else ""
    return f"{row['decision']}  {row['state']}  {row['kind']} {what}\n    {row['by']}, {row['at']}{until}: {row['reason']}"


def _minute(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"
