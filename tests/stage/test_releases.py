"""Publish is one switch: readers see a whole release or the one before, whatever dies, and can go back to any."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame
from pyspark.sql.types import ArrayType, BooleanType, DoubleType, LongType, StructType, TimestampType

from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.gold import CUSTOMER, CUSTOMER_CHANGE, CUSTOMER_XREF, RELEASE
from onefold.contracts.matching import ENTITY_MAP
from onefold.errors import DataContractError, MissingInputError, StageOrderError
from onefold.run import publish
from onefold.run.context import RunContext
from onefold.run.publish import run_publish
from onefold.run.releases import changes_between, keep_changes, roll_back
from onefold.store import Warehouse, read_released
from onefold.store.release import find_release, newest_release, recover, releases

NOW = datetime(2026, 11, 20, tzinfo=UTC)
# Two of the gold tables stand for all: each costs a write and a restore.
GOLD = (CUSTOMER, CUSTOMER_XREF)
_VALUES: tuple[tuple[type, Any], ...] = (
    (ArrayType, []),
    (LongType, 1),
    (DoubleType, 1.0),
    (BooleanType, True),
    (TimestampType, NOW),
)


class _Killed(BaseException):
    """The process dies here."""


def one_row(warehouse: Warehouse, table: TableContract, run_id: str) -> DataFrame:
    """A row of the table that says nothing but which run made it: what publish computes is not the subject here."""
    schema: StructType = table.schema
    values = [None if f.nullable else next((v for t, v in _VALUES if isinstance(f.dataType, t)), "x") for f in schema]
    names = schema.names
    if "run_id" in names:
        values[names.index("run_id")] = run_id
    if table is CUSTOMER:
        values[names.index("city")] = f"city of {run_id}"
    return warehouse.spark.createDataFrame([tuple(values)], schema).coalesce(1)


@pytest.fixture(autouse=True)
def tiny_gold(monkeypatch: pytest.MonkeyPatch) -> None:
    def gold(context: RunContext) -> dict[TableContract, DataFrame]:
        return {table: one_row(context.warehouse, table, context.run_id) for table in GOLD}

    monkeypatch.setattr(publish, "_gold", gold)


def context_of(warehouse: Warehouse, run_id: str) -> RunContext:
    if not warehouse.exists(ENTITY_MAP):
        warehouse.overwrite(ENTITY_MAP, one_row(warehouse, ENTITY_MAP, run_id))
    return RunContext(warehouse.spark, warehouse, Project.model_construct(), run_id, NOW)


def shown(warehouse: Warehouse, as_of: str | None = None) -> set[str]:
    """The runs whose rows readers of releases see."""
    return {row["run_id"] for table in GOLD for row in read_released(warehouse, table, as_of).select("run_id").collect()}


def in_folders(warehouse: Warehouse) -> set[str]:
    """The runs whose rows those see who open the folders themselves."""
    return {row["run_id"] for table in GOLD for row in warehouse.read(table).select("run_id").collect()}


def dying_after(count: int, how: type[BaseException]) -> dict[str, Any]:
    """Writes of a warehouse of which only the first `count` happen."""
    done: list[str] = []

    def wrapped(real: Any) -> Any:
        def write(self: Warehouse, table: TableContract, *args: Any, **more: Any) -> Any:
            done.append(table.name)
            if len(done) > count:
                raise how
            return real(self, table, *args, **more)

        return write

    return {name: wrapped(getattr(Warehouse, name)) for name in ("overwrite", "append")}


def test_a_publish_that_dies_between_any_two_writes_is_not_seen(warehouse: Warehouse) -> None:
    with pytest.raises(StageOrderError, match="nothing has been published"):
        read_released(warehouse, CUSTOMER)
    run_publish(context_of(warehouse, "r1"))
    assert [(r.kind, r.content_run) for r in releases(warehouse)] == [("released", "r1")]
    released = newest_release(warehouse)
    assert released is not None
    for how, count in ((_Killed, 1), (_Killed, 2), (RuntimeError, 1)):
        with pytest.MonkeyPatch.context() as patch:
            for name, dies in dying_after(count, how).items():
                patch.setattr(Warehouse, name, dies)
            with pytest.raises(how):
                run_publish(context_of(warehouse, "r2"))
        assert newest_release(warehouse) == released, f"readers see what died after {count} writes"
        moved = recover(warehouse)  # what the next run does first; after an exception it is done already
        assert len(moved) == (count if how is _Killed else 0)
        assert all(warehouse.stands_at(name, version) for name, version in released.gold.items())
    assert shown(warehouse) == in_folders(warehouse) == {"r1"}
    assert recover(warehouse) == ()
    run_publish(context_of(warehouse, "r2"))
    assert shown(warehouse) == in_folders(warehouse) == {"r2"}
    assert shown(warehouse, "r1") == {"r1"}


def test_going_back_and_what_changed(warehouse: Warehouse) -> None:
    for run_id in ("r1", "r2"):
        run_publish(context_of(warehouse, run_id))
    context = context_of(warehouse, "back")
    with pytest.raises(MissingInputError, match="no release of r9"):
        roll_back(context, "r9")

    changes = changes_between(context, "r1", "r2")
    told = [(row["attribute"], row["change"], row["before"], row["after"]) for row in changes.collect()]
    assert told == [("city", "changed", "city of r1", "city of r2")]
    assert keep_changes(context, "r1", "r2") == 1
    assert warehouse.read(CUSTOMER_CHANGE).count() == 1

    assert roll_back(context, "r1", note="wrong merge").content_run == "r1"
    assert shown(warehouse) == in_folders(warehouse) == {"r1"}
    assert [(r.kind, r.run_id, r.content_run) for r in releases(warehouse)] == [
        ("released", "r1", "r1"), ("released", "r2", "r2"), ("rollback", "back", "r1"),
    ]  # fmt: skip
    assert recover(warehouse) == ()
    assert shown(warehouse, "r2") == {"r2"}
    moment = releases(warehouse)[1].released_at
    assert read_released(warehouse, CUSTOMER, moment).select("run_id").first() == ("r2",)
    assert find_release(warehouse, datetime.now(UTC).date()).kind == "rollback"
    with pytest.raises(MissingInputError):
        find_release(warehouse, date(2020, 1, 1))
    # A table that no release names is read at its newest version, or as of the time of the release.
    assert read_released(warehouse, RELEASE).count() == 3
    assert read_released(warehouse, CUSTOMER_CHANGE, "back").count() == 1
    with pytest.raises(MissingInputError, match="not there as of r1"):
        read_released(warehouse, CUSTOMER_CHANGE, "r1")

    # Where files of a release are gone, gold stays as it is.
    needed = {Path(name).name for name in warehouse.read(CUSTOMER_XREF).inputFiles()}
    for file in Path(warehouse.path(CUSTOMER_XREF.name)).glob("*.parquet"):
        if file.name not in needed:
            file.unlink()
    with pytest.raises(DataContractError, match="can no longer be read"):
        roll_back(context, "r2")
    assert shown(warehouse) == in_folders(warehouse) == {"r1"}
    assert len(releases(warehouse)) == 3
