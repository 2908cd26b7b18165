"""The server's desk on a real warehouse: an answer in the page becomes a decision and a label, and the item stays away."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.matching import ENTITY_MAP, LABEL, MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.contracts.stewardship import REVIEW_QUEUE
from onefold.match.settings import BlockingSettings
from onefold.resolve import ClusteringSettings
from onefold.run.context import RunContext
from onefold.run.desk import WarehouseDesk
from onefold.run.stewardship import decisions_of
from onefold.store import Warehouse
from onefold.web.desk import Desk

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PAIRS = ((1, 2), (1, 3), (2, 3))


def _write(warehouse: Warehouse, table: TableContract, rows: list[dict[str, Any]]) -> None:
    tuples = [tuple(row.get(name) for name in table.schema.names) for row in rows]
    warehouse.overwrite(table, warehouse.spark.createDataFrame(tuples, table.schema))


def _fill(warehouse: Warehouse) -> None:
    traced = {"batch": "b", "file": "f", "file_hash": "h", "row_number": 1, "as_of": NOW, "source": "crm"}
    ids = [{"record_id": f"crm:{n}", "party_id": n, "entity_type": "person"} for n in range(1, 4)]
    _write(warehouse, PARTY, [row | traced | {"source_key": row["record_id"][4:], "full_name": "Kathi Meier"} for row in ids])
    _write(warehouse, ENTITY_MAP, [row | {"entity_size": 1, "customer_id": f"P{row['party_id']}"} for row in ids])
    ends = [
        {"entity_type": "person", "party_id_l": a, "party_id_r": b, "record_id_l": f"crm:{a}", "record_id_r": f"crm:{b}"}
        for a, b in PAIRS
    ]
    scored = {"rule": "name", "match_weight": 3.5, "match_probability": 0.9}
    compared = [("family_name", "exact", 3.5, 0.0)]
    _write(warehouse, PAIR, [row | scored | {"comparisons": compared} for row in ends])
    prior = {
        "entity_type": "person",
        "comparison": "(prior)",
        "level_number": 0,
        "level": "prior",
        "weight": 0.0,
        "trained": "em",
    }
    _write(warehouse, MODEL, [prior])
    asked = [
        row | scored | {"item_id": f"R{row['party_id_l']}{row['party_id_r']}", "kind": "pair", "why": "near", "run_id": "r"}
        | {"customer_ids": [f"P{row['party_id_l']}"], "record_ids": [row["record_id_l"], row["record_id_r"]]}
        | {"value": 9.0 - row["party_id_r"]}
        for row in ends
    ]  # fmt: skip
    _write(warehouse, REVIEW_QUEUE, asked)


def _until_written(desk: Desk) -> None:
    deadline = time.monotonic() + 60
    while desk.worker.writing:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_answers_are_recorded_and_revoked_through_the_desk(warehouse: Warehouse) -> None:
    _fill(warehouse)
    project = Project.model_construct(
        blocking=BlockingSettings(), clustering=ClusteringSettings.model_validate({"person": {"threshold": 0.95}})
    )
    context = RunContext(warehouse.spark, warehouse, project, "serve", NOW)
    desk = Desk(WarehouseDesk(context), patience=60, look_every=3600)
    items = desk.items()
    assert [i.item_id for i in items] == ["R12", "R13", "R23"]
    sheet = desk.pair(items[0])
    assert sheet is not None
    assert (sheet.left["full_name"], sheet.explanation.match_weight) == ("Kathi Meier", 3.5)
    assert desk.entity("P1").cluster.records == ("crm:1",)

    assert desk.answer(items[0], "match", "seen the papers", "ann")
    assert desk.answer(items[1], "no_match", "another birth date", "ben")
    assert desk.items() == (items[2],)
    _until_written(desk)
    assert desk.items() == ()  # 2 is not 3, as 1 is 2 and 1 is not 3
    assert [(d.kind, d.reason, d.decided_by, d.origin) for d in decisions_of(context)] == [
        ("must_link", "seen the papers (review of R12)", "ann", "review"),
        ("cannot_link", "another birth date (review of R13)", "ben", "review"),
    ]
    labels = {(row.party_id_l, row.party_id_r): (row.answer, row.labelled_by) for row in warehouse.read(LABEL).collect()}
    assert labels == {(1, 2): ("match", "ann"), (1, 3): ("no_match", "ben")}

    taken = desk.decisions()[-1]["decision"]
    desk.revoke(str(taken), "a mistake", "ben")
    _until_written(desk)
    assert {d["decision"]: d["state"] for d in desk.decisions()}[taken] == "revoked"
    assert [i.item_id for i in desk.items()] == ["R23"]  # open again; R12 keeps its label
    desk.close()
