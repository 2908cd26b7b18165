"""What ingest needs to know of one source: where its files are, their format, their key."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from onefold.contracts.settings import Settings

__all__ = ["FixedField", "IngestSource", "Owner"]

Format = Literal["csv", "tsv", "json_lines", "parquet", "excel", "fixed_width"]


class Owner(Settings):
    """Who answers for a source's data."""

    team: Annotated[str, Field(description="Team that owns the source, shown beside every finding about it.")]
    contact: Annotated[str | None, Field(description="Mailbox or channel of the team.")] = None


class FixedField(Settings):
    """One field of a fixed-width line."""

    name: Annotated[str, Field(min_length=1, description="Column name in bronze.")]
    start: Annotated[int, Field(ge=1, description="First character, counted from 1.")]
    length: Annotated[int, Field(ge=1, description="Number of characters.")]


class IngestSource(Settings):
    """The part of a source file that ingest reads."""

    source: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name of the source; names its bronze table and its record ids.")
    ]
    description: Annotated[str, Field(description="What the system is, for people.")] = ""
    owner: Annotated[Owner, Field(description="Who answers for the data.")]
    division: Annotated[str | None, Field(description="Division that the source belongs to; quality is told by it.")] = None
    path: Annotated[str, Field(min_length=1, description="Path glob of the raw files; may use ${NAME}.")]
    format: Annotated[Format, Field(description="File format.")]
    encoding: Annotated[str, Field(description="Character encoding of text formats.")] = "utf-8"
    delimiter: Annotated[str | None, Field(description="CSV field delimiter; default comma, tab for tsv.")] = None
    quote: Annotated[str, Field(max_length=1, description="CSV quote character; empty for none.")] = '"'
    escape: Annotated[str, Field(max_length=1, description="CSV escape character inside quotes.")] = '"'
    multiline: Annotated[bool, Field(description="Whether quoted CSV fields hold line breaks (reads a file per task).")] = False
    header: Annotated[bool, Field(description="Whether CSV/TSV/Excel files start with column names.")] = True
    columns: Annotated[tuple[str, ...], Field(description="Column names when there is no header.")] = ()
    sheet: Annotated[str | None, Field(description="Excel sheet name; default the first.")] = None
    fields: Annotated[tuple[FixedField, ...], Field(description="Layout of fixed-width lines.")] = ()
    key: Annotated[tuple[str, ...], Field(min_length=1, description="Columns (or nested paths) that identify a record.")]
    mode: Annotated[
        Literal["snapshot", "increment"],
        Field(description="snapshot: the newest files are the whole source; increment: newest row per key wins."),
    ] = "snapshot"
    as_of: Annotated[
        str | None,
        Field(description="Regular expression over the file name; its one group is the business date (yyyyMMdd or yyyy-MM-dd)."),
    ] = None
    min_share: Annotated[
        float,
        Field(
            ge=0, le=1, description="Least rows of a new snapshot as a share of the one before; fewer stop the source. 0: never."
        ),
    ] = 0.5
    ignore: Annotated[tuple[str, ...], Field(description="Raw columns known and left unmapped on purpose.")] = ()

    @field_validator("as_of")
    @classmethod
    def _one_group(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                groups = re.compile(value).groups
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
            if groups != 1:
                raise ValueError(f"needs exactly one group around the date, found {groups}")
        return value

    @model_validator(mode="after")
    def _format_options(self) -> Self:
        if self.format == "fixed_width" and not self.fields:
            raise ValueError("format fixed_width needs fields: a list of {name, start, length}")
        if self.format != "fixed_width" and self.fields:
            raise ValueError("fields belongs to format fixed_width only")
        if self.format in ("csv", "tsv", "excel") and not self.header and not self.columns:
            raise ValueError("header: false needs columns: a list of names")
        return self
