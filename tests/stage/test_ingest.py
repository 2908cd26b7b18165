"""Bronze as a stage: idempotence, quarantine, failures that leave the others running, kill and rerun."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.contracts import TableContract
from onefold.contracts.bronze import INGEST_LOG, QUARANTINE, bronze_table
from onefold.errors import DataContractError, MissingInputError
from onefold.ingest import IngestSource, Owner, committed
from onefold.run.context import StageReport
from onefold.run.ingest import ingest_sources
from onefold.store import Warehouse

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OWNER = Owner(team="data")


def source(name: str, path: Path, **settings: object) -> IngestSource:
    return IngestSource.model_validate(
        {"source": name, "owner": OWNER, "path": str(path), "format": "csv", "key": ["id"], **settings}
    )


def run(warehouse: Warehouse, sources: list[IngestSource], run_id: str, **more: object) -> StageReport:
    return ingest_sources(warehouse, sources, run_id, NOW, **more)  # type: ignore[arg-type]


def content(warehouse: Warehouse) -> dict[str, list[object]]:
    """What the tables hold, batches and times left out, and nothing that is not committed."""
    ledger = [row.asDict() for row in warehouse.read(INGEST_LOG).collect()]
    batches = {row["batch"] for row in ledger}
    tables = {"ledger": [{k: v for k, v in row.items() if k.startswith(("source", "file_h", "rows", "new"))} for row in ledger]}
    for table in (bronze_table("crm"), bronze_table("web"), QUARANTINE):
        rows = [row.asDict() for row in warehouse.read(table).collect()]
        assert {row["_batch"] for row in rows} <= batches, "leftovers of a killed run are still there"
        tables[table.name] = [{k: v for k, v in row.items() if k not in ("_batch", "_as_of", "_ingested_at")} for row in rows]
    return {name: sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) for name, rows in tables.items()}


@pytest.fixture()
def exports(tmp_path: Path) -> list[IngestSource]:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "crm_20260101.csv").write_text("id,First Name\n1,Ada\n2,Bob,extra\n,nobody\n")
    (raw / "crm_20260102.csv").write_text("First Name,id,shoe\nEve,3,42\n")
    with gzip.open(raw / "web.jsonl.gz", "wt") as file:
        file.write('{"user":{"id":"u1"},"page":"/"}\nnot json\n{"user":{"id":" "}}\n')
    return [
        source("crm", raw / "crm_*.csv", as_of=r"crm_(\d{8})"),
        source("web", raw / "*.jsonl.gz", format="json_lines", key=["user.id"]),
    ]


def test_rows_are_taken_once_counted_and_nothing_is_dropped(warehouse: Warehouse, exports: list[IngestSource]) -> None:
    known = {"crm": frozenset({"First Name"}), "web": frozenset({"page", "country"})}
    first = run(warehouse, exports, "r1", known=known)
    assert [(i.item, i.status, i.rows_in, i.rows_out, i.rows_quarantined) for i in first.items] == [
        ("crm", "ok", 4, 2, 2),
        ("web", "ok", 3, 1, 2),
    ]
    assert first.items[0].note == "new columns kept: shoe"
    assert first.items[1].note == "mapped but not in the files: country"
    crm = warehouse.read(bronze_table("crm"))
    rows = {r["id"]: r for r in crm.collect()}
    assert (rows["1"]["First_Name"], rows["1"]["_row_number"], rows["3"]["shoe"]) == ("Ada", 1, "42")
    assert rows["3"]["_file"].endswith("/crm_20260102.csv")
    assert crm.where(F.col("id") == "3").select(F.col("_as_of").cast("string")).first()[0] == "2026-01-02 00:00:00"  # type: ignore[index]
    assert crm.schema["First_Name"].metadata["comment"] == "raw column 'First Name'"
    refused = {(r["_source"], r["_row_number"]): (r["_reason"], r["_raw"]) for r in warehouse.read(QUARANTINE).collect()}
    assert refused == {
        ("crm", 2): ("wrong_column_count", "2,Bob,extra"),
        ("crm", 3): ("key_missing", ",nobody"),
        ("web", 2): ("invalid_json", "not json"),
        ("web", 3): ("key_missing", '{"user":{"id":" "}}'),
    }
    before = content(warehouse)
    versions = {t: warehouse.version(t) for t in ("bronze/crm", "bronze/web", "bronze/quarantine", "bronze/ingest_log")}
    raw = Path(exports[0].path).parent
    (raw / "crm_20260103.csv").write_bytes((raw / "crm_20260101.csv").read_bytes())  # the same content under another name
    again = run(warehouse, exports, "r2")
    assert [(i.status, i.note) for i in again.items] == [
        ("skipped", "already ingested: 3 files"),
        ("skipped", "already ingested: 1 files"),
    ]
    assert content(warehouse) == before
    assert versions == {t: warehouse.version(t) for t in versions}


def test_a_source_that_breaks_its_contract_leaves_the_others_running(
    warehouse: Warehouse, exports: list[IngestSource], tmp_path: Path
) -> None:
    (tmp_path / "nokey.csv").write_text("name;town\nsecret;x\n")
    broken = source("nokey", tmp_path / "nokey.csv", delimiter=";", key=["customer"])
    absent = source("absent", tmp_path / "none*.csv")
    empty = source("empty", tmp_path / "empty*.csv")
    (tmp_path / "empty1.csv").write_bytes(b"")
    (tmp_path / "empty2.csv").write_text("id,name\n")
    truncated = source("truncated", tmp_path / "t*.csv.gz")
    whole = gzip.compress("".join(f"{i},x{i * 7919}\n" for i in range(20_000)).encode())
    (tmp_path / "t1.csv.gz").write_bytes(gzip.compress(b"id,x\n") + whole[: len(whole) // 2])
    (tmp_path / "t2.csv.gz").write_bytes(gzip.compress(b"id,x\n9,y\n"))
    report = run(warehouse, [broken, absent, exports[1], empty, truncated], "r1")
    assert [(i.item, i.status, i.rows_in, i.rows_out, i.rows_quarantined) for i in report.items] == [
        ("nokey", "failed", 0, 0, 0),
        ("absent", "failed", 0, 0, 0),
        ("web", "ok", 3, 1, 2),
        ("empty", "ok", 0, 0, 0),
        ("truncated", "ok", 2, 1, 1),
    ]
    key, missing = report.failures
    assert type(key) is DataContractError
    assert type(missing) is MissingInputError
    assert all(part in str(key) for part in ("nokey", "nokey.csv", "customer", "name, town"))
    assert "secret" not in str(key)
    assert warehouse.read(bronze_table("empty")).columns[-2:] == ["id", "name"]
    assert warehouse.read(INGEST_LOG).where("source = 'empty' and rows_read = 0").count() == 2
    assert [r["_reason"] for r in warehouse.read(QUARANTINE).where("_source = 'truncated'").collect()] == ["unreadable_file"]


class _Killed(BaseException):
    """The process dies here."""


def test_killed_anywhere_and_started_again_gives_the_same_tables(
    spark: SparkSession, exports: list[IngestSource], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = Warehouse(spark, str(tmp_path / "undisturbed"))
    run(undisturbed, exports, "r1")
    expected = content(undisturbed)
    append: Callable[..., object] = Warehouse.append
    # Killed right after each kind of write; then started again under another run id, or under the same.
    for name, again in (("bronze/crm", "r2"), (QUARANTINE.name, "r1"), (INGEST_LOG.name, "r2")):
        killed = Warehouse(spark, str(tmp_path / f"killed-{name.replace('/', '-')}"))

        def dying(self: Warehouse, table: TableContract, *args: object, _at: str = name, **more: object) -> object:
            written = append(self, table, *args, **more)
            if table.name == _at:
                raise _Killed
            return written

        monkeypatch.setattr(Warehouse, "append", dying)
        with pytest.raises(_Killed):
            run(killed, exports, "r1")
        monkeypatch.setattr(Warehouse, "append", append)
        if name != INGEST_LOG.name:
            left = killed.read("bronze/crm")
            assert committed(left, killed.read_or_empty(INGEST_LOG)).isEmpty(), "readers must not see an uncommitted batch"
        run(killed, exports, again)
        assert content(killed) == expected, f"killed after {name}"


def test_a_snapshot_that_has_shrunk_too_much_is_not_taken_unless_accepted(warehouse: Warehouse, tmp_path: Path) -> None:
    def day(number: int, rows: int) -> None:
        lines = "".join(f"{row},x{number}\n" for row in range(rows))
        (tmp_path / f"crm_2026010{number}.csv").write_text(f"id,x\n{lines}")

    crm = source("crm", tmp_path / "crm_*.csv", as_of=r"crm_(\d{8})")
    web = source("web", tmp_path / "web.csv")
    day(2, 10)
    run(warehouse, [crm], "r1")
    day(1, 3)  # an older snapshot that comes late may be as small as it likes
    assert run(warehouse, [crm], "r2").items[0].rows_out == 3
    day(3, 4)
    (tmp_path / "web.csv").write_text("id,x\n1,y\n")
    report = run(warehouse, [crm, web], "r3")
    assert [(i.item, i.status, i.rows_out) for i in report.items] == [("crm", "failed", 0), ("web", "ok", 1)]
    told = "the snapshot of 2026-01-03 has 4 rows where that of 2026-01-02 had 10"
    assert told in str(report.failures[0])
    assert told in str(report.items[0].note)
    assert "--accept crm" in str(report.failures[0])
    assert warehouse.read("bronze/crm").count() == 13, "nothing of it is left"
    assert warehouse.read(INGEST_LOG).where("source = 'crm'").count() == 2
    day(4, 5)
    assert run(warehouse, [crm], "r4").items[0].status == "ok", "half is enough, and the small one before it is history"
    day(5, 1)
    assert run(warehouse, [crm.model_copy(update={"min_share": 0.0})], "r5").items[0].status == "ok"
    day(6, 10)
    run(warehouse, [crm], "r6")
    day(7, 1)
    assert run(warehouse, [crm], "r7", accept=frozenset({"crm"})).items[0].rows_out == 1
