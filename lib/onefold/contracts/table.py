"""What a table is: its name, columns, key, owner, comments and class of personal data, declared once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StructField, StructType

from onefold.contracts.types import parse_type

__all__ = ["ColumnContract", "PersonalData", "TableContract", "column"]


class PersonalData(StrEnum):
    """How close a column is to a person: decides masking, erasure and what statistics may be written."""

    NONE = "none"
    """Says nothing about a person (counts, run ids, configuration names)."""
    PSEUDONYM = "pseudonym"
    """Identifies a record only together with another table (record ids, customer ids)."""
    PERSONAL = "personal"
    """Describes or identifies a person (names, e-mails, phones, addresses, dates of birth)."""


@dataclass(frozen=True)
class ColumnContract:
    """One column: its name, Spark type, comment for people, class of personal data and whether it may be null."""

    name: str
    type: DataType
    comment: str
    personal: PersonalData
    nullable: bool = True

    def field(self) -> StructField:
        """Return the Spark field, with the comment and personal-data class in its metadata."""
        return StructField(self.name, self.type, self.nullable, {"comment": self.comment, "personal_data": self.personal.value})


def column(
    name: str,
    type_: str,
    comment: str,
    personal: PersonalData = PersonalData.NONE,
    *,
    nullable: bool = True,
) -> ColumnContract:
    """Declare a column from a DDL type such as `string` or `array<struct<value:string>>`."""
    return ColumnContract(name, parse_type(type_), comment, personal, nullable)


@dataclass(frozen=True)
class TableContract:
    """A table of the warehouse, by its path `layer/name`.

    `open` tables may carry further columns after the declared ones (bronze keeps every source column; silver parties
    carry the attributes that the configuration adds).
    """

    name: str
    comment: str
    owner: str
    key: tuple[str, ...]
    columns: tuple[ColumnContract, ...]
    open: bool = False

    @property
    def schema(self) -> StructType:
        """The declared columns as a Spark schema, comments included."""
        return StructType([c.field() for c in self.columns])

    @property
    def column_names(self) -> tuple[str, ...]:
        """The declared column names in order."""
        return tuple(c.name for c in self.columns)

    def conform(self, frame: DataFrame) -> DataFrame:
        """Select exactly the declared columns, cast to their types, plus the further ones if the table is open.

        Raises:
            pyspark.errors.AnalysisException: if a declared column is missing from the frame.
        """
        declared: list[Column] = [
            F.col(f"`{c.name}`").cast(c.type).alias(c.name, metadata=c.field().metadata) for c in self.columns
        ]
        known = set(self.column_names)
        further = [F.col(f"`{n}`") for n in frame.columns if n not in known] if self.open else []
        return frame.select(*declared, *further)
