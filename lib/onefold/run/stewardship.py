"""Brings the decisions in force to a run: which records must, and which cannot, be one customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.stewardship import DECISION
from onefold.errors import ConfigurationError, DataContractError
from onefold.resolve import Judgements
from onefold.run.context import ItemReport, RunContext
from onefold.run.parties import parties_of
from onefold.steward import Decision, find_conflicts, in_force, links, read_decisions
from onefold.store.small import small, texts

__all__ = ["decided_records", "decisions_of", "judgements", "links_in_force", "note_of"]

_SHOWN = 5
_PAIRS = pa.schema([("party_id_l", pa.int64()), ("party_id_r", pa.int64())])


def decisions_of(context: RunContext) -> tuple[Decision, ...]:
    """Return every decision that was ever recorded, the oldest first."""
    if not context.warehouse.exists(DECISION):
        return ()
    return read_decisions(context.warehouse.read(DECISION))


def links_in_force(context: RunContext) -> tuple[Decision, ...]:
    """Return the decisions in force at the run's start that join records or keep them apart."""
    return tuple(d for d in in_force(decisions_of(context), context.started_at) if d.kind != "override")


def decided_records(context: RunContext, found: Sequence[Decision]) -> DataFrame:
    """Return record_id of every record that one of the decisions joins or keeps apart."""
    named = sorted({record for d in found for record in (*d.records, *d.apart_from)})
    return texts(context.spark, ["record_id"], ((record,) for record in named))


def judgements(context: RunContext, found: Sequence[Decision]) -> tuple[Judgements, tuple[ItemReport, ...]]:
    """Return the pairs of parties that must and that cannot be one, by what `links_in_force` found, and a report.

    A decision about a record that silver/party does not hold any more, or that would join a person and a company, has no effect:
    it is named in the report, and kept.

    Raises:
        DataContractError: when decisions contradict each other.
        ConfigurationError: when records are to be kept apart and splitting, which does that, is off.
    """
    spark = context.spark
    if not found:
        # An empty frame of the optimizer's own kind: all joins with it are dropped.
        nothing = small(spark, _PAIRS, ())
        return Judgements(must=nothing, cannot=nothing), ()
    if conflicts := find_conflicts(found):
        told = "\n  - ".join(c.text() for c in conflicts[:_SHOWN])
        raise DataContractError(
            f"{len(conflicts)} of the decisions in force contradict others\n  - {told}", hint="onefold decide revoke DECISION"
        )
    pairs = tuple(links(found))
    parties = _parties_of(context, {record for p in pairs for record in (p.one, p.other)})
    rows: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
    idle, missing, mixed = set[str](), set[str](), set[str]()
    for pair in pairs:
        one, other = parties.get(pair.one), parties.get(pair.other)
        if one is None or other is None:
            missing.add(pair.decision_id)
        elif pair.together and one[1] != other[1]:
            mixed.add(pair.decision_id)
        else:
            rows[pair.together].add((min(one[0], other[0]), max(one[0], other[0])))
            idle.add(pair.decision_id)
    if rows[False] and not context.project.clustering.splitting.enabled:
        raise ConfigurationError(
            f"{len(rows[False])} pairs of records are kept apart by decisions, and splitting, which does that, is off",
            hint="set splitting.enabled: true in clustering.yml, or revoke these decisions",
        )
    must, cannot = (small(spark, _PAIRS, sorted(rows[together])) for together in (True, False))
    note = note_of(found, {"name records that are gone": missing, "would join a person and a company": mixed})
    return Judgements(must, cannot), (ItemReport(DECISION.name, rows_in=len(found), rows_out=len(idle), note=note),)


def _parties_of(context: RunContext, records: set[str]) -> dict[str, tuple[int, str]]:
    """Return party id and entity type of those of the records that silver/party holds."""
    named = texts(context.spark, ["record_id"], ((record,) for record in sorted(records)))
    known = parties_of(context).select("record_id", "party_id", "entity_type")
    # bounded: the records that decisions name
    rows = known.join(F.broadcast(named), on="record_id", how="left_semi").toLocalIterator()
    return {row["record_id"]: (row["party_id"], row["entity_type"]) for row in rows}


def note_of(found: Sequence[Decision], without_effect: Mapping[str, Iterable[str]]) -> str:
    """Return the decisions in force by kind, and those without effect by why, five of each named."""
    counts = Counter(d.kind for d in found)
    parts = [f"{len(found):,} in force: " + ", ".join(f"{n:,} {kind}" for kind, n in sorted(counts.items()))]
    for why, ids in without_effect.items():
        if named := sorted(ids):
            more = f" and {len(named) - _SHOWN:,} more" if len(named) > _SHOWN else ""
            parts.append(f"{len(named):,} {why}: {', '.join(named[:_SHOWN])}{more}")
    return "; ".join(parts)
