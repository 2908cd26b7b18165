"""Values are read as their attribute's type, in one form."""

from __future__ import annotations

import pytest
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DateType,
    DoubleType,
    IntegerType,
    StringType,
    TimestampType,
)

from onefold.steward.values import as_stored


@pytest.mark.parametrize(
    ("text", "type_", "stored"),
    [
        (" Ann ", StringType(), " Ann "),
        ("", StringType(), None),
        ("19700305", DateType(), "1970-03-05"),
        ("1970-02-30", DateType(), None),
        ("2026-11-01T12:00+02:00", TimestampType(), "2026-11-01 10:00:00"),
        ("soon", TimestampType(), None),
        ("Yes", BooleanType(), "true"),
        ("maybe", BooleanType(), None),
        ("1.50", DoubleType(), "1.5"),
        ("nan", DoubleType(), None),
        ("2147483647", IntegerType(), "2147483647"),
        ("2147483648", IntegerType(), None),
        ("x", ArrayType(StringType()), None),
    ],
)
def test_values(text: str, type_: DataType, stored: str | None) -> None:
    assert as_stored(text, type_) == stored
