"""What stewards decide, through the warehouse: it holds at the next run, over growth and a rebuild, until it is revoked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any
from zlib import crc32

import pytest

from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.gold import CUSTOMER
from onefold.contracts.matching import CLUSTER, ENTITY_MAP, LABEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.contracts.stewardship import DECISION, REVIEW_QUEUE
from onefold.errors import ConfigurationError, DataContractError
from onefold.match.settings import ComparisonSettings
from onefold.publish import SurvivorshipSettings
from onefold.resolve import ClusteringSettings
from onefold.run.context import RunContext, StageReport
from onefold.run.decide import append_decisions, list_decisions, record_decisions
from onefold.run.publish import run_publish
from onefold.run.resolve import run_resolve
from onefold.run.review import run_review
from onefold.run.stewardship import decided_records, decisions_of, judgements, links_in_force
from onefold.steward import Request
from onefold.store import Warehouse
from onefold.store.scratch import delete_folder

START = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = {(1, 2): 12.0, (1, 3): 12.0, (2, 3): 12.0, (4, 5): 12.0, (2, 4): 3.5}
GROWN = {(3, 8): 12.0, (1, 8): 11.0, (2, 8): 11.0}


def _write(warehouse: Warehouse, table: TableContract, rows: list[dict[str, Any]]) -> None:
    tuples = [tuple(row.get(name) for name in table.schema.names) for row in rows]
    warehouse.overwrite(table, warehouse.spark.createDataFrame(tuples, table.schema))


def _silver(warehouse: Warehouse, numbers: range | list[int], weights: dict[tuple[int, int], float], **emails: str) -> None:
    """Write so many people, one firm, and the scored pairs."""
    traced = {"batch": "b", "file": "f", "file_hash": "h", "row_number": 1, "as_of": START, "source": "crm"}
    people = [
        {"record_id": f"crm:{n}", "party_id": n, "entity_type": "person", "source_key": str(n), "email": f"{n}@x.org"} | traced
        for n in numbers
    ]
    for person in people:
        person["email"] = emails.get(f"p{person['party_id']}", person["email"])
    firm = {"record_id": "erp:1", "party_id": crc32(b"erp:1"), "entity_type": "company", "source_key": "1"} | traced
    _write(warehouse, PARTY, [*people, firm])
    pairs = [
        {"entity_type": "person", "party_id_l": a, "party_id_r": b, "record_id_l": f"crm:{a}", "record_id_r": f"crm:{b}"}
        | {"rule": "name", "match_weight": weight, "match_probability": 1 / (1 + 2**-weight), "comparisons": []}
        for (a, b), weight in weights.items()
        if {a, b} <= set(numbers)
    ]
    _write(warehouse, PAIR, pairs)


def _context(warehouse: Warehouse, day: int, **splitting: Any) -> RunContext:
    person = {"threshold": 0.95}
    clustering = ClusteringSettings.model_validate({"person": person, "splitting": {"absent_weight": -0.1} | splitting})
    project = Project.model_construct(
        comparisons=ComparisonSettings(), clustering=clustering, survivorship=SurvivorshipSettings()
    )
    return RunContext(warehouse.spark, warehouse, project, f"run-{day}", START + timedelta(days=day))


def _run(context: RunContext) -> tuple[StageReport, StageReport]:
    return run_resolve(context), run_publish(context)


def _customers(warehouse: Warehouse) -> set[frozenset[int]]:
    """Return the people of each customer."""
    found: dict[str, set[int]] = {}
    for row in warehouse.read(ENTITY_MAP).where("entity_type = 'person'").collect():
        found.setdefault(row.customer_id, set()).add(int(row.record_id.removeprefix("crm:")))
    return {frozenset(members) for members in found.values()}


def _sets(*groups: tuple[int, ...]) -> set[frozenset[int]]:
    return {frozenset(group) for group in groups}


def _emails(warehouse: Warehouse) -> dict[str, tuple[str, str]]:
    rows = warehouse.read(CUSTOMER).where("entity_type = 'person'").collect()
    return {row.provenance["email"].record_id: (row.email, row.provenance["email"].rule) for row in rows}


def _ask(kind: Any, record: str | None = None, other: str | None = None, **further: Any) -> Request:
    return Request(kind, "seen the papers", "ann", record, other, **further)


def _note(report: StageReport) -> str:
    return next(item.note or "" for item in report.items if item.item == DECISION.name)


def test_decisions_hold_over_growth_and_rebuild_until_revoked(warehouse: Warehouse) -> None:
    _silver(warehouse, [*range(1, 8), 9], FIRST)
    customers = {1: "P1", 2: "P1", 3: "P1", 4: "P4", 5: "P4", 6: "P6", 7: "P7", 9: "P9"}  # as resolve finds them
    known = {"entity_type": "person", "entity_size": 1}
    _write(
        warehouse, ENTITY_MAP, [{"record_id": f"crm:{n}", "party_id": n, "customer_id": c} | known for n, c in customers.items()]
    )

    context, day = _context(warehouse, 1), START + timedelta(hours=1)
    asked = [
        _ask("must_link", "crm:6", "crm:7"),  # no scored pair joins them
        _ask("cannot_link", "crm:4", "crm:5"),  # two records, as sure as any
        _ask("unmerge", "crm:3"),
        _ask("override", "crm:1", attribute="email", value="golden@x.org"),
        _ask("override", "crm:9", attribute="email", value="for-now@x.org", policy="until_source_changes"),
    ]
    recorded = record_decisions(context, asked, now=day)
    assert record_decisions(context, asked[:2], now=day + timedelta(minutes=1)).new == ()
    joined, _, unmerged, _, bound = (d.decision_id for d in recorded.new)
    with pytest.raises(DataContractError, match=f"{unmerged} keeps apart what this decision .must_link. makes one"):
        record_decisions(context, [_ask("must_link", "crm:3", "crm:2")], now=day + timedelta(minutes=2))
    with pytest.raises(DataContractError, match="crm:99 is no record"):
        record_decisions(context, [_ask("must_link", "crm:3", "crm:99")], now=day)
    assert {row.record_id for row in decided_records(context, links_in_force(context)).collect()} == {
        f"crm:{n}" for n in range(1, 8)
    }

    # The next run, with a new record that resembles both the one that left and those who stayed. Silver and match are made anew.
    for folder in ("silver", "match"):
        delete_folder(warehouse.spark, warehouse.path(folder))
    _silver(warehouse, range(1, 10), FIRST | GROWN)
    resolved, published = _run(context)
    groups = _customers(warehouse)
    assert _sets((4,), (5,), (6, 7), (9,)) <= groups
    assert not any(3 in group and group & {1, 2} for group in groups)
    assert _note(resolved) == "3 in force: 1 cannot_link, 1 must_link, 1 unmerge"
    assert (_emails(warehouse)["crm:1"], _emails(warehouse)["crm:9"]) == (
        ("golden@x.org", "steward"),
        ("for-now@x.org", "steward"),
    )
    assert "crm:3" not in {
        r for row in warehouse.read(REVIEW_QUEUE).collect() for r in row.record_ids if "crm:1" in row.record_ids
    }

    # A record is gone, a source says something else, and the unmerge is taken back.
    record_decisions(context, [_ask("revoke", revokes=unmerged)], now=day + timedelta(days=1))
    _silver(warehouse, [1, 2, 3, 4, 5, 6, 9], FIRST, p9="new@x.org")
    resolved, published = _run(_context(warehouse, 3))
    assert _customers(warehouse) == _sets((1, 2, 3), (4,), (5,), (6,), (9,))
    assert f"1 name records that are gone: {joined}" in _note(resolved)
    assert f"1 lapsed because the sources have changed: {bound}" in _note(published)
    emails = _emails(warehouse)
    assert (emails["crm:1"], emails["crm:9"][0]) == (("golden@x.org", "steward"), "new@x.org")
    columns, rows = list_decisions(context)
    listed = [dict(zip(columns, row, strict=True)) for row in rows]
    assert {row["decision"]: row["state"] for row in listed}[unmerged] == "revoked"
    assert {row["value"] for row in listed} == {None, "***"}

    with pytest.raises(ConfigurationError, match="splitting, which does that, is off"):
        judgements(off := _context(warehouse, 3, enabled=False), links_in_force(off))
    first = decisions_of(context)[0]
    against = replace(first, decision_id="D-by-hand", kind="cannot_link", record_id="crm:6", other_record_id="crm:7")
    append_decisions(context, [against])  # as two stewards at the same moment would
    with pytest.raises(DataContractError, match=f"D-by-hand keeps apart what {joined}"):
        judgements(later := _context(warehouse, 3), links_in_force(later))


def test_answers_become_decisions_and_labels_and_do_not_come_back(warehouse: Warehouse) -> None:
    _silver(warehouse, range(1, 8), {})
    items = [
        {"item_id": f"R{a}{b}", "kind": "pair", "entity_type": "person", "customer_ids": [f"P{a}", f"P{b}"], "run_id": "run-1"}
        | {"record_ids": [f"crm:{a}", f"crm:{b}"], "party_id_l": a, "party_id_r": b, "match_weight": 3.0}
        | {"match_probability": 0.9, "why": "near", "value": 10.0 - a - b / 10}
        for a, b in [*combinations((1, 2, 3), 2), (4, 5), (6, 7), (6, 8)]
    ]
    _write(warehouse, REVIEW_QUEUE, items)
    context = _context(warehouse, 1)
    said = iter(["match", "no_match", "unsure", None])
    shown: list[str] = []

    def ask(item: Any, sheet: Any) -> Any:
        shown.append(f"{item.item_id} {sheet.number}")
        return next(said)

    reviewed = run_review(context, ask, "ann", 20)

    # 2 != 3 follows from 1 = 2 and 1 != 3 and is not asked.
    assert shown == ["R12 1", "R13 2", "R45 4", "R67 5"]
    assert (reviewed.answers, reviewed.refused, reviewed.remaining) == ({"match": 1, "no_match": 1, "unsure": 1}, (), 2)
    assert [(d.kind, d.origin, d.record_id, d.other_record_id) for d in decisions_of(context)] == [
        ("must_link", "review", "crm:1", "crm:2"), ("cannot_link", "review", "crm:1", "crm:3"),
    ]  # fmt: skip
    labels = {(row.party_id_l, row.party_id_r): row.answer for row in warehouse.read(LABEL).collect()}
    assert labels == {(1, 2): "match", (1, 3): "no_match", (4, 5): "unsure"}

    # A session that died between decisions and labels: the next one makes them up.
    delete_folder(warehouse.spark, warehouse.path(LABEL.name))
    # Record 8 is gone, so that nobody can be asked about it.
    again = run_review(context, lambda item, sheet: shown.append(item.item_id) or "match", "ben", 20)
    assert shown[4:] == ["R45", "R67"]
    assert again.remaining == 0
    labels = {(row.party_id_l, row.party_id_r): (row.answer, row.labelled_by) for row in warehouse.read(LABEL).collect()}
    assert (labels[1, 2], labels[1, 3]) == (("match", "ann"), ("no_match", "ann"))
    assert not warehouse.exists(CLUSTER)
