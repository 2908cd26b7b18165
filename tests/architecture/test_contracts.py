"""Every table says what it is, who owns it and how personal each column is."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import onefold.contracts
from onefold.contracts import ColumnContract, PersonalData, TableContract
from onefold.contracts.bronze import bronze_table

FOLDER = Path(onefold.contracts.__file__).parent
_MODULES = [importlib.import_module(f"onefold.contracts.{path.stem}") for path in sorted(FOLDER.glob("[a-z]*.py"))]
_FOUND = [value for module in _MODULES for value in vars(module).values() if isinstance(value, TableContract)]
TABLES = sorted({table.name: table for table in [*_FOUND, bronze_table("example")]}.items())
# Words in a column's name that make it personal unless the contract argues otherwise.
PERSONAL_WORDS = ("email", "phone", "birth", "given_name", "family_name", "full_name", "street", "postcode")


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_table_is_described(name: str, table: TableContract) -> None:
    layer, _, rest = name.partition("/")
    assert layer in {"bronze", "silver", "quality", "match", "gold", "steward"}
    assert rest
    assert len(table.comment) > 20
    assert table.owner
    assert table.columns


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_columns_are_described_and_classed(name: str, table: TableContract) -> None:
    undescribed = [c.name for c in table.columns if len(c.comment.strip()) < 4]
    unclassed = [c.name for c in table.columns if not isinstance(c.personal, PersonalData)]
    assert undescribed == []
    assert unclassed == []
    assert len(set(table.column_names)) == len(table.columns)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_key_is_among_the_columns(name: str, table: TableContract) -> None:
    assert table.key
    assert set(table.key) <= set(table.column_names)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_columns_with_personal_names_are_personal(name: str, table: TableContract) -> None:
    def says_personal(column: ColumnContract) -> bool:
        return any(word in column.name for word in PERSONAL_WORDS)

    assert [c.name for c in table.columns if says_personal(c) and c.personal is not PersonalData.PERSONAL] == []


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_comment_and_class_travel_with_the_schema(name: str, table: TableContract) -> None:
    for field, column in zip(table.schema, table.columns, strict=True):
        assert field.metadata == {"comment": column.comment, "personal_data": column.personal.value}
