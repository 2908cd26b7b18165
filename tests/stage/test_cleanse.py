"""Silver as a stage: current state, counts that add up, run again, killed and run again, empty and strange sources."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import DataFrame

from onefold.cleanse import CleanseSource, StandardiseSettings
from onefold.contracts import TableContract
from onefold.contracts.silver import INTERACTION, PARTY, SILVER_QUARANTINE
from onefold.errors import StageOrderError
from onefold.ingest import IngestSource
from onefold.run.cleanse import run_cleanse
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.run.ingest import ingest_sources
from onefold.store import Warehouse

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TABLES = (PARTY, INTERACTION, SILVER_QUARANTINE)


class Source(IngestSource, CleanseSource):
    """What the configuration makes of a source file, without the other rooms."""


def source(name: str, path: Path, **settings: Any) -> Source:
    plain = {"source": name, "owner": {"team": "t"}, "path": str(path), "format": "csv", "key": ["id"]}
    return Source.model_validate(plain | settings)


@pytest.fixture()
def sources(tmp_path: Path) -> list[Source]:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "crm_20260101.csv").write_text("id,name,mail\n1,Old Ada,a@acme.com\n9,Gone,g@acme.com\n")
    (raw / "crm_20260102.csv").write_text("id,name,mail\n1,Ada Byron,a@acme.com\n2,Bob Ray,N/A\n2,Bob Ray,b@acme.com\n3,,\n")
    (raw / "shop_1.csv").write_text("id,firm,changed\n1,Acme Ltd,2026-01-01\n2,Foo,2026-01-01\n")
    (raw / "shop_2.csv").write_text("id,firm,changed\n1,Acme GmbH,2026-01-02\n1,Acme Inc,2025-01-01\n")
    (raw / "mail.jsonl").write_text(
        "\n".join(json.dumps({"id": i, "user": {"key": k}, "at": "2026-01-01T10:00:00Z"}) for i, k in ((1, "1"), (2, None)))
    )
    (raw / "empty.csv").write_text("id,name\n")
    (raw / "nulls.csv").write_text("id,name,mail\n1,,\n")
    people = {"full_name": "name", "emails": ["mail"]}
    touch = {"party_source": "crm", "party_key": ["user.key"], "channel": {"value": "email"}, "kind": {"value": "sent"}}
    return [
        source("crm", raw / "crm_*.csv", as_of=r"crm_(\d{8})", entity_type="person", party=people),
        source(
            "shop",
            raw / "shop_*.csv",
            mode="increment",
            entity_type="company",
            party={"company_name": "firm", "updated_at": "changed"},
        ),
        source("mail", raw / "mail.jsonl", format="json_lines", mode="increment", interaction={**touch, "occurred_at": "at"}),
        source("empty", raw / "empty.csv", entity_type="person", party=people),
        source("nulls", raw / "nulls.csv", entity_type="person", party={**people, "gender": "sex"}),
    ]


def context(warehouse: Warehouse, sources: list[Source]) -> RunContext:
    project: Any = SimpleNamespace(sources=tuple(sources), standardise=StandardiseSettings())
    return RunContext(warehouse.spark, warehouse, project, "r1", NOW)


def content(warehouse: Warehouse, table: TableContract) -> list[str]:
    rows: DataFrame = warehouse.read(table)
    return sorted(json.dumps(row.asDict(recursive=True), default=str, sort_keys=True) for row in rows.collect())


def items(report: StageReport) -> dict[str, ItemReport]:
    return {item.item: item for item in report.items}


def test_current_state_and_counts(warehouse: Warehouse, sources: list[Source]) -> None:
    with pytest.raises(StageOrderError):
        run_cleanse(context(warehouse, sources))
    ingest_sources(warehouse, sources, "i1", NOW)
    report = items(run_cleanse(context(warehouse, sources)))
    party = {row["record_id"]: row for row in warehouse.read(PARTY).collect()}
    assert sorted(party) == ["crm:1", "crm:2", "crm:3", "nulls:1", "shop:1", "shop:2"]
    assert (party["crm:1"]["full_name"], party["crm:2"]["email"]) == ("Ada Byron", "b@acme.com")
    assert (party["shop:1"]["company_name"], party["shop:1"]["legal_form"]) == ("Acme GmbH", "gmbh")
    assert (party["nulls:1"]["full_name"], party["nulls:1"]["reasons"]) == (None, [])
    touches = [(r["interaction_id"], r["record_id"], r["channel"]) for r in warehouse.read(INTERACTION).collect()]
    assert touches == [("mail:1", "crm:1", "email")]
    aside = sorted((r["source"], r["row_number"], r["reason"]) for r in warehouse.read(SILVER_QUARANTINE).collect())
    assert aside == [("crm", 2, "superseded"), ("mail", 2, "party_key_missing")]
    for name, expected in {"silver/party": (11, 6, 1, 4), "silver/interaction": (2, 1, 1, 0)}.items():
        item = report[name]
        assert (item.rows_in, item.rows_out, item.rows_quarantined, item.rows_superseded) == expected
    assert report["silver/party"].note == "nulls lacks sex"
    assert report["silver/quarantine"].rows_out == 2
    _run_again(warehouse, sources)


def _run_again(warehouse: Warehouse, sources: list[Source]) -> None:
    """A second run gives the same tables, and so does a run after one that died between its writes."""
    before = {table.name: content(warehouse, table) for table in TABLES}
    warehouse.overwrite(SILVER_QUARANTINE, warehouse.read(SILVER_QUARANTINE).limit(0))
    killed = context(warehouse, sources)
    real = Warehouse.overwrite

    def dies(self: Warehouse, table: TableContract, frame: DataFrame, **note: Any) -> Any:
        if table.name == INTERACTION.name:
            raise KeyboardInterrupt
        return real(self, table, frame, **note)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Warehouse, "overwrite", dies)
        with pytest.raises(KeyboardInterrupt):
            run_cleanse(killed)
    run_cleanse(context(warehouse, sources))
    assert {table.name: content(warehouse, table) for table in TABLES} == before


def test_sources_without_rows_make_empty_tables(warehouse: Warehouse, sources: list[Source]) -> None:
    ingest_sources(warehouse, sources, "i1", NOW)
    report = items(run_cleanse(context(warehouse, [s for s in sources if s.source == "empty"])))
    assert warehouse.read(PARTY).count() == 0
    assert report["silver/party"].rows_in == 0
    assert report["silver/party"].rows_out == 0


def test_late_files_and_deletions(warehouse: Warehouse, tmp_path: Path) -> None:
    crm = source("crm", tmp_path / "crm_*.csv", as_of=r"crm_(\d{8})", entity_type="person", party={"full_name": "name"})
    shop = source(
        "shop",
        tmp_path / "shop_*.csv",
        as_of=r"shop_(\d{8})",
        mode="increment",
        entity_type={"column": "kind", "values": {"P": "person"}},
        deleted={"column": "op", "values": ["D", "delete"]},
        party={"full_name": "name", "updated_at": "at"},
    )
    (tmp_path / "crm_20260102.csv").write_text("id,name\n1,New Ada\n")
    (tmp_path / "shop_20260102.csv").write_text(
        "id,kind,name,op,at\n1,P,New Bob,,2026-01-02\n2,P,Cy Day,,2026-01-02\n"
        "3,P,Di Fox,,2026-01-02 10:00:00\n4,P,Ed Gee,,2026-01-02\n"
    )
    ingest_sources(warehouse, [crm, shop], "i1", NOW)
    run_cleanse(context(warehouse, [crm, shop]))
    # What was before comes later: it changes nothing. Deleted: 2 with its time, 3 without; 9 was never there; 4 came back.
    (tmp_path / "crm_20260101.csv").write_text("id,name\n1,Old Ada\n7,Gone\n")
    (tmp_path / "shop_20260101.csv").write_text("id,kind,name,op,at\n1,P,Old Bob,,2026-01-01\n4,,,D,2026-01-01\n")
    (tmp_path / "shop_20260103.csv").write_text("id,kind,name,op,at\n2,,,d ,2026-01-03\n9,,,delete,2026-01-03\n")
    (tmp_path / "shop_20260102b.csv").write_text("id,kind,name,op,at\n3,,,D,\n9,,,delete,2026-01-02\n")
    ingest_sources(warehouse, [crm, shop], "i2", NOW)
    report = items(run_cleanse(context(warehouse, [crm, shop])))["silver/party"]
    names = {row["record_id"]: row["full_name"] for row in warehouse.read(PARTY).collect()}
    assert names == {"crm:1": "New Ada", "shop:1": "New Bob", "shop:4": "Ed Gee"}
    aside = [(r["source"], r["file"], r["reason"]) for r in warehouse.read(SILVER_QUARANTINE).collect()]
    assert [(s, f.rpartition("/")[2], r) for s, f, r in aside] == [("shop", "shop_20260103.csv", "deleted_unknown")]
    assert report.note == "new or changed, and so standardised: 0; deleted at the source: 2"
    assert (report.rows_in, report.rows_out, report.rows_quarantined, report.rows_superseded) == (13, 3, 1, 9)


def test_only_what_is_new_or_changed_is_standardised(warehouse: Warehouse, sources: list[Source], tmp_path: Path) -> None:
    ingest_sources(warehouse, sources, "i1", NOW)
    first = items(run_cleanse(context(warehouse, sources)))
    assert "standardised" not in (first[PARTY.name].note or "")
    (tmp_path / "raw" / "crm_20260103.csv").write_text(
        "id,name,mail\n1,Ada Byron,a@acme.com\n2,Bob Ray,new@acme.com\n4,Eve,N/A\n,,\n"
    )
    (tmp_path / "raw" / "shop_3.csv").write_text("id,firm,changed\n2,Foo,2026-01-01\n")
    ingest_sources(warehouse, sources, "i2", NOW)
    again = items(run_cleanse(context(warehouse, sources)))
    # crm:2 and crm:4; shop:2 says what it said, in another file; crm:3 is gone
    assert (again[PARTY.name].note or "").startswith("new or changed, and so standardised: 2")
    increment = {table.name: content(warehouse, table) for table in TABLES}
    assert any("crm_20260103.csv" in row and '"crm:1"' in row for row in increment[PARTY.name])
    rebuilt = items(run_cleanse(replace(context(warehouse, sources), fresh="rebuild")))
    assert {table.name: content(warehouse, table) for table in TABLES} == increment
    same = ("rows_in", "rows_out", "rows_quarantined", "rows_superseded")
    assert [getattr(rebuilt[PARTY.name], n) for n in same] == [getattr(again[PARTY.name], n) for n in same]


def test_another_way_of_standardising_takes_nothing_over(warehouse: Warehouse, sources: list[Source]) -> None:
    ingest_sources(warehouse, sources[:1], "i1", NOW)
    run_cleanse(context(warehouse, sources[:1]))
    stricter = StandardiseSettings(sentinels=("bob ray",))
    project: Any = SimpleNamespace(sources=(sources[0],), standardise=stricter)
    report = items(run_cleanse(replace(context(warehouse, sources[:1]), project=project)))
    assert (report[PARTY.name].note or "").startswith("new or changed, and so standardised: 3")
    assert warehouse.read(PARTY).where("full_name = 'Bob Ray'").count() == 0
