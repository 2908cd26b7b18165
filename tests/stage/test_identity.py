"""Customer ids over a lost map, a lost crosswalk and a lost history."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from tests.property.identity_lake import LINK

from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.gold import CUSTOMER_XREF
from onefold.contracts.matching import CUSTOMER_ID, CUSTOMER_ID_HISTORY, ENTITY_MAP
from onefold.errors import OnefoldError
from onefold.resolve import customer_ids, lay_entities
from onefold.run.context import RunContext
from onefold.run.customer_id import find_customer_id
from onefold.run.identity import IdentityRun
from onefold.store import Warehouse
from onefold.store.scratch import checkpoint_folder, cut_lineage

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from sql_server import register

NOW = datetime(2026, 11, 20, tzinfo=UTC)
NUMBERS = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}


def own(record: str) -> str:
    return "P" + hashlib.sha256(record.encode()).hexdigest()[:16]


class _Killed(BaseException):
    """The process dies here."""


class Dying(Warehouse):
    """A warehouse whose process dies before it writes one of its tables."""

    dies_before = ""

    def overwrite(self, table: TableContract, *args: Any, **more: Any) -> Any:
        if table.name == self.dies_before:
            raise _Killed
        return super().overwrite(table, *args, **more)

    def append(self, table: TableContract, *args: Any, **more: Any) -> Any:
        if table.name == self.dies_before:
            raise _Killed
        return super().append(table, *args, **more)


def resolve(warehouse: Warehouse, run: str, *entities: str) -> dict[str, str]:
    """Do what run_resolve does with customer ids; an entity is a text with a letter for each record."""
    spark, context = warehouse.spark, RunContext(warehouse.spark, warehouse, Project.model_construct(), run, NOW)
    rows = [(record, NUMBERS[record], "person") for entity in entities for record in entity]
    clustered = [(NUMBERS[r], min(entity), len(entity)) for entity in entities for r in entity if len(entity) > 1]
    parties = spark.createDataFrame(rows, "record_id string, party_id bigint, entity_type string")
    members = spark.createDataFrame(clustered, "party_id bigint, founding_record string, entity_size bigint")
    with checkpoint_folder(warehouse):
        identities = IdentityRun(context, parties)
        laid = cut_lineage(lay_entities(parties, members, spark.createDataFrame([], LINK), identities.previous()))
        identities.write(identities.assign(laid), {"run_id": run})
    return {row.record_id: row.customer_id for row in warehouse.read(ENTITY_MAP).collect()}


def killed(warehouse: Warehouse, before: TableContract, run: str, *entities: str) -> None:
    dying = Dying(warehouse.spark, warehouse.root)
    dying.dies_before = before.name
    with pytest.raises(_Killed):
        resolve(dying, run, *entities)


def publish(warehouse: Warehouse, run: str) -> None:
    xref = warehouse.read(ENTITY_MAP).withColumns({n: F.lit("x") for n in ("source", "source_key")} | {"run_id": F.lit(run)})
    warehouse.overwrite(CUSTOMER_XREF, xref, note={"run_id": run})


def lose(warehouse: Warehouse, *tables: str) -> None:
    for table in tables:
        shutil.rmtree(Path(warehouse.root) / table)


@pytest.fixture(scope="module")
def grown(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Two customers, founded by b and d, that smaller records have joined since."""
    warehouse = Warehouse(spark, str(tmp_path_factory.mktemp("grown") / "warehouse"))
    assert resolve(warehouse, "r1", "b", "de") == {"b": own("b"), "d": own("d"), "e": own("d")}
    assert resolve(warehouse, "r2", "ab", "cde") == {"a": own("b"), "b": own("b")} | dict.fromkeys("cde", own("d"))
    publish(warehouse, "r2")
    yield warehouse


@pytest.fixture()
def copy(grown: Warehouse, tmp_path: Path) -> Warehouse:
    shutil.copytree(grown.root, tmp_path / "copy")
    return Warehouse(grown.spark, str(tmp_path / "copy"))


def test_the_crosswalk_stands_in_for_the_map_and_a_death_does_no_harm(copy: Warehouse) -> None:
    lose(copy, ENTITY_MAP.name)
    killed(copy, ENTITY_MAP, "r3", "a", "cd", "e")
    assert {row.run_id for row in copy.read(CUSTOMER_ID_HISTORY).collect()} == {"r1", "r3"}
    assert resolve(copy, "r4", "a", "cd", "e") == {"a": own("b"), "c": own("d"), "d": own("d"), "e": own("e")}
    rows = copy.read(CUSTOMER_ID_HISTORY).where("run_id != 'r1'").collect()
    assert [(row.run_id, row.customer_id, row.change) for row in rows] == [("r4", own("e"), "split")]


def test_the_founders_stand_in_for_map_and_crosswalk(copy: Warehouse) -> None:
    lose(copy, ENTITY_MAP.name, CUSTOMER_XREF.name)
    # The founder of the first customer is gone, so that nothing tells that the other record was its.
    assert resolve(copy, "r3", "a", "cde") == {"a": own("a")} | dict.fromkeys("cde", own("d"))
    assert customer_ids(copy.read(CUSTOMER_ID_HISTORY)).where(F.col("customer_id") == own("b")).first().status == "retired"


def test_a_first_run_that_died_is_made_good(warehouse: Warehouse) -> None:
    killed(warehouse, CUSTOMER_ID_HISTORY, "r1", "ab", "c")
    assert not warehouse.exists(CUSTOMER_ID_HISTORY)
    assert resolve(warehouse, "r2", "ab", "c") == {"a": own("a"), "b": own("a"), "c": own("c")}
    rows = warehouse.read(CUSTOMER_ID_HISTORY).collect()
    assert {(row.customer_id, row.change, row.records, row.run_id) for row in rows} == {
        (own("a"), "created", 2, "r2"), (own("c"), "created", 1, "r2"),
    }  # fmt: skip


def test_ids_older_than_the_history_are_taken_into_it_and_looked_up(copy: Warehouse) -> None:
    lose(copy, CUSTOMER_ID_HISTORY.name)
    stays, goes = sorted((own("b"), own("d")))
    assert set(resolve(copy, "r3", "abcde").values()) == {stays}
    assert copy.read(CUSTOMER_ID_HISTORY).count() == 3

    found = find_customer_id(copy, f" {goes} ")
    assert (found.current_customer_id, found.status, found.text()) == (stays, "merged", f"{goes} leads to {stays}.")
    assert [change[1:4] for change in found.changes] == [("created", "first_seen", goes), ("merged", "matched", stays)]
    assert find_customer_id(copy, stays).text() == f"{stays} is a customer today."
    with pytest.raises(OnefoldError, match="no customer ever had the id P0"):
        find_customer_id(copy, "P0")
    _over_sql(copy, stays, goes)


def _over_sql(copy: Warehouse, stays: str, goes: str) -> None:
    spark = copy.spark
    try:
        known: dict[str, str] = {}
        register(copy, known)
        assert set(known) == {"gold.customer_xref", "gold.customer_id", "gold.customer_id_history"}
        rows = spark.sql("SELECT customer_id, current_customer_id, status, changed_at > issued_at AS moved FROM gold.customer_id")
        assert {tuple(row) for row in rows.collect()} == {(stays, stays, "current", False), (goes, stays, "merged", True)}
        described = {row["col_name"]: row["comment"] for row in spark.sql("DESCRIBE gold.customer_id").collect()}
        assert described == {c.name: c.comment for c in CUSTOMER_ID.columns}
        register(copy, known)  # the views are there, and stay
    finally:
        for database in ("gold", "quality"):
            spark.sql(f"DROP DATABASE IF EXISTS {database} CASCADE")
