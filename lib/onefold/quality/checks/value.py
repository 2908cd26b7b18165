"""What a check is given: the rule's value and its type, and what lies around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, BinaryType, DataType, DateType, MapType, StringType, TimestampType

from onefold.quality.settings import Rule

__all__ = ["LONGEST", "Surroundings", "Value", "given"]

LONGEST = 2_000
"""Characters of a text that patterns look at; the rest of a longer one is left out, for they may take its length squared."""


@dataclass(frozen=True)
class Surroundings:
    """What is the same for all rules of a table.

    Attributes:
        frame: the table; only its schema is used here.
        now: the moment of the run (UTC).
        sentinels: values that mean nothing, in lower case.
        references: sets of reference data by name.
    """

    frame: DataFrame
    now: datetime
    sentinels: tuple[str, ...] = ()
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def typed(self, sql: str) -> tuple[Column, DataType]:
        """Return the column of an SQL expression, and its type.

        Raises:
            pyspark.errors.AnalysisException: when it does not parse, or names a column that is not there.
        """
        if sql in self.frame.columns:
            return F.col(f"`{sql}`"), self.frame.schema[sql].dataType
        column = F.expr(sql)
        return column, self.frame.select(column).schema[0].dataType

    def given(self, sql: str) -> Column:
        """Tell whether an SQL expression has a value that is not empty."""
        return given(*self.typed(sql))


@dataclass(frozen=True)
class Value:
    """The value that a rule judges."""

    rule: Rule
    column: Column
    type: DataType
    around: Surroundings

    @property
    def params(self) -> Any:
        """The parameters of the rule's check, of the type that the catalogue names."""
        return self.rule.params

    @property
    def text(self) -> Column:
        """The value as text, cut at `LONGEST` characters."""
        text = self.column if isinstance(self.type, StringType) else self.column.cast("string")
        # The length in bytes is known without looking at the text.
        return F.when(F.octet_length(text) > LONGEST, F.substring(text, 1, LONGEST)).otherwise(text)

    @property
    def date(self) -> Column:
        """The value as a date; null for a text that is none."""
        return as_date(self.column, self.type)


def as_date(column: Column, type_: DataType) -> Column:
    """Return a column of any type as a date, null where it is none."""
    return column.cast("date") if isinstance(type_, DateType | TimestampType) else column.cast("string").try_cast("date")


def given(column: Column, type_: DataType) -> Column:
    """Tell whether a value is there and is not an empty text, list or map; never null."""
    if isinstance(type_, StringType | BinaryType):
        text = column.cast("string")
        # Nearly every text is told apart by its first byte: beyond the space, it is no white space of ASCII.
        return F.coalesce((F.trim(text) > "!") | text.rlike(r"\S"), F.lit(False))
    if isinstance(type_, ArrayType | MapType):
        return F.coalesce(F.size(column) > 0, F.lit(False))
    return column.isNotNull()
