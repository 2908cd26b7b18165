"""The warehouse writes whole tables with their comments, and keeps personal values out of the Delta log."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.contracts import PersonalData, TableContract, column
from onefold.errors import StageOrderError
from onefold.store import Warehouse

TABLE = TableContract(
    name="gold/thing",
    comment="Things",
    owner="tests",
    key=("id",),
    columns=(
        column("id", "bigint", "Identifier", nullable=False),
        column("mail", "string", "Address", PersonalData.PERSONAL),
    ),
)


def test_a_table_is_replaced_whole_with_comments_and_without_personal_statistics(warehouse: Warehouse) -> None:
    with pytest.raises(StageOrderError, match="gold/thing is not there yet"):
        warehouse.read(TABLE)
    rows = warehouse.spark.createDataFrame([(1, "ann@a.org"), (2, "bob@b.org")], "id long, mail string")
    first = warehouse.overwrite(TABLE, rows)
    second = warehouse.append(TABLE, rows.limit(1))
    nothing = warehouse.append(TABLE, rows.limit(0))
    assert (first.rows, second.rows, nothing.rows) == (2, 1, 0)
    assert second.version == first.version + 1
    assert nothing.version == second.version
    assert warehouse.read(TABLE, version=first.version).count() == 2
    assert [f.metadata["comment"] for f in warehouse.read(TABLE).schema] == ["Identifier", "Address"]
    log = "".join(p.read_text() for p in Path(warehouse.path("gold/thing"), "_delta_log").glob("*.json"))
    assert "maxValues" in log
    assert "ann@a.org" not in log
