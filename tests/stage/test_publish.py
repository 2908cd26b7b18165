"""From parties and scored pairs to gold and an audience, through the warehouse, twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from onefold.campaign import AudienceSettings
from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.gold import AUDIENCE, CONSENT, CUSTOMER, CUSTOMER_INTERACTION, CUSTOMER_XREF, MATCH_PAIR
from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.contracts.silver import INTERACTION, PARTY
from onefold.contracts.stewardship import REVIEW_QUEUE
from onefold.errors import ConfigurationError, DataContractError, StageOrderError
from onefold.match.settings import ComparisonSettings
from onefold.publish import SurvivorshipSettings
from onefold.resolve import ClusteringSettings
from onefold.run.audience import run_audience
from onefold.run.context import RunContext
from onefold.run.publish import run_publish
from onefold.run.resolve import run_resolve
from onefold.store import Warehouse

NOW = datetime(2026, 11, 20, tzinfo=UTC)
OPT_IN = [("email", "marketing", "opt_in", None, "Y")]
OPT_OUT = [("email", "marketing", "opt_out", None, "N")]


def _party(record_id: str, **values: Any) -> dict[str, Any]:
    source, _, key = record_id.partition(":")
    given = {"record_id": record_id, "party_id": crc32(record_id.encode()), "source": source, "source_key": key}
    traced = {"entity_type": "person", "batch": "b", "file": "f", "file_hash": "h", "row_number": 1, "as_of": NOW}
    return given | traced | values


PARTIES = [
    _party("crm:1", given_name="Ann", email="a@x.org", consents=OPT_IN),
    _party("web:1", given_name="Anna", email="a@x.org"),
    _party("shop:1", given_name="Annie", email="a@x.org"),
    _party("crm:2", given_name="Bob", email="b@x.org", consents=OPT_OUT),
    _party("erp:1", entity_type="company", company_name="Acme", duns="123456789"),
]


def _pair(left: str, right: str, weight: float) -> dict[str, Any]:
    (low, low_record), (high, high_record) = sorted((crc32(r.encode()), r) for r in (left, right))
    ends = {"party_id_l": low, "party_id_r": high, "record_id_l": low_record, "record_id_r": high_record}
    scored = {"entity_type": "person", "rule": "email", "match_weight": weight, "match_probability": 0.9, "comparisons": []}
    return ends | scored


def _write(warehouse: Warehouse, table: TableContract, rows: list[dict[str, Any]]) -> None:
    tuples = [tuple(row.get(name) for name in table.schema.names) for row in rows]
    warehouse.overwrite(table, warehouse.spark.createDataFrame(tuples, table.schema))


@pytest.fixture()
def context(warehouse: Warehouse) -> RunContext:
    audiences = [{"name": "mail", "channel": "email"}, {"name": "calls", "channel": "phone"}]
    project = Project.model_construct(
        comparisons=ComparisonSettings(),
        clustering=ClusteringSettings(),
        survivorship=SurvivorshipSettings(source_priority=("crm",)),
        audiences=tuple(AudienceSettings.model_validate(a) for a in audiences),
    )
    return RunContext(warehouse.spark, warehouse, project, "run-1", NOW)


def _silver(warehouse: Warehouse) -> None:
    _write(warehouse, PARTY, PARTIES)
    pairs = [_pair("crm:1", "web:1", 9.0), _pair("web:1", "shop:1", 7.0), _pair("crm:1", "crm:2", 1.0)]
    _write(warehouse, PAIR, pairs)
    sent = {"interaction_id": "m:1", "record_id": "web:1", "source": "m", "source_key": "1", "channel": "email"}
    traced = {"kind": "sent", "direction": "outbound", "occurred_at": NOW, "batch": "b", "file": "f", "file_hash": "h"}
    _write(warehouse, INTERACTION, [sent | traced | {"row_number": 1}])


def _rows(warehouse: Warehouse, table: TableContract) -> set[str]:
    return {str(row) for row in warehouse.read(table).collect()}


def test_gold_and_audience_from_silver_and_the_same_again(context: RunContext, warehouse: Warehouse) -> None:
    _silver(warehouse)
    resolved, published = run_resolve(context), run_publish(context)
    report, steps = run_audience(context, "mail")
    run_audience(context, "calls")

    assert [(i.item, i.rows_in, i.rows_out) for i in resolved.items] == [
        ("match/cluster", None, 1), ("match/customer_id_history", None, 3), ("match/entity_map", 5, 5),
    ]  # fmt: skip
    assert {i.item: i.rows_out for i in published.items} == {
        CUSTOMER.name: 3, CUSTOMER_XREF.name: 5, MATCH_PAIR.name: 3, CONSENT.name: 2, CUSTOMER_INTERACTION.name: 1,
        REVIEW_QUEUE.name: 2,
    }  # fmt: skip
    assert {tuple(r) for r in warehouse.read(CUSTOMER).select("given_name", "record_count", "duns").collect()} == {
        ("Ann", 3, None), ("Bob", 1, None), (None, 1, "123456789"),
    }  # fmt: skip
    assert [(s.reason, s.remaining) for s in steps] == [
        ("considered", 3), ("no_contact_point", 2), ("consent_opt_out", 1), ("selected", 1),
    ]  # fmt: skip
    assert (report.items[0].rows_in, report.items[0].rows_out) == (3, 3)
    assert not list((Path(warehouse.root) / "_checkpoints").glob("*"))  # nothing is left behind

    tables = (ENTITY_MAP, CUSTOMER, CUSTOMER_XREF, MATCH_PAIR, CONSENT, CUSTOMER_INTERACTION, REVIEW_QUEUE, AUDIENCE)
    before = {table.name: _rows(warehouse, table) for table in tables}
    run_resolve(context)
    run_publish(context)
    run_audience(context, "mail")
    assert {table.name: _rows(warehouse, table) for table in tables} == before
    assert warehouse.read(AUDIENCE).count() == 6  # the other audience stayed

    _write(warehouse, PARTY, [*PARTIES, PARTIES[0]])
    with pytest.raises(DataContractError, match="6 rows for 5 records"):
        run_publish(context)


def test_stage_before_its_turn_and_unknown_audience_are_clear_errors(context: RunContext) -> None:
    with pytest.raises(StageOrderError, match="match/entity_map"):
        run_publish(context)
    with pytest.raises(ConfigurationError, match="known: mail"):
        run_audience(context, "mial")
