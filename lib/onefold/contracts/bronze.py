"""Bronze: the raw rows as they came, with lineage; the rows that could not be read; and the ingest ledger."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from onefold.contracts.table import PersonalData, TableContract, column

__all__ = ["INGEST_LOG", "LINEAGE_COLUMNS", "QUARANTINE", "bronze_column", "bronze_columns", "bronze_table", "locate"]

_P = PersonalData.PERSONAL

_LINEAGE = (
    column("_source", "string", "Name of the source configuration that the row came through", nullable=False),
    column("_file", "string", "File the row came from, as its base name and parent folder", nullable=False),
    column("_file_hash", "string", "SHA-256 of the file's bytes, hexadecimal", nullable=False),
    column("_row_number", "bigint", "Position of the record in its file, from 1, header not counted", nullable=False),
    column("_batch", "string", "Ingest batch that wrote the row; only batches in bronze/ingest_log count", nullable=False),
    column(
        "_as_of", "timestamp", "Business time of the file: from its name when configured, else its ingest time", nullable=False
    ),
    column("_ingested_at", "timestamp", "When the batch was read (UTC)", nullable=False),
)

LINEAGE_COLUMNS: tuple[str, ...] = tuple(c.name for c in _LINEAGE)


_SEGMENT = re.compile(r"[^.\[\]]+|\[\d+\]")
# What Delta refuses in a column name without column mapping (which readers outside Spark could not follow), dots and
# backticks (which would read as paths), and control characters.
_FORBIDDEN = re.compile(r"[ ,;{}()=.`\x00-\x1f\x7f]+")


def bronze_column(name: str) -> str:
    """Return the bronze column of a raw column name: the name itself where a table can hold it.

    Configuration always speaks the raw name; the original is kept in the column's comment. Characters that Delta
    refuses become `_`; a leading underscore is kept for lineage columns, so raw names that start with one get `raw`.

    >>> [bronze_column(n) for n in ("E-Mail", "First Name", "_id", "user.id", "Größe (cm)")]
    ['E-Mail', 'First_Name', 'raw_id', 'user_id', 'Größe_cm_']
    """
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name).strip("\ufeff \t\r\n"))
    return f"raw{text}" if text.startswith("_") else text or "column"


def bronze_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return the bronze columns of a whole header: repeated names (without regard to case) get `_2`, `_3`...

    A column without a name is called by its position.

    >>> bronze_columns(["id", "Name", "name", "", "ID"])
    ('id', 'Name', 'name_2', 'column_4', 'ID_2')
    """
    taken: set[str] = set()
    result = []
    for position, name in enumerate(names, start=1):
        base = bronze_column(name) if name.strip("\ufeff \t\r\n") else f"column_{position}"
        candidate, repeat = base, 2
        while candidate.lower() in taken:
            candidate, repeat = f"{base}_{repeat}", repeat + 1
        taken.add(candidate.lower())
        result.append(candidate)
    return tuple(result)


def locate(name: str, columns: Iterable[str]) -> tuple[str, tuple[str, ...]] | None:
    """Find a raw column, or the column that a nested path starts in, among bronze columns; case does not count.

    Returns the bronze column and the rest of the path (empty for a plain column), or None.

    >>> locate("user.id", ["user", "at"]), locate("user.id", ["user_id"]), locate("ids[0]", ["ids"]), locate("x", ["y"])
    (('user', ('id',)), ('user_id', ()), ('ids', ('[0]',)), None)
    """
    by_lower = {c.lower(): c for c in columns}
    whole = by_lower.get(bronze_column(name).lower())
    if whole is not None:
        return whole, ()
    parts = _SEGMENT.findall(name)
    for length in range(len(parts), 0, -1):
        found = by_lower.get(bronze_column(".".join(parts[:length])).lower())
        if found is not None:
            return found, tuple(parts[length:])
    return None


def bronze_table(source: str) -> TableContract:
    """Return the contract of one source's bronze table: lineage first, then every raw column as it came."""
    return TableContract(
        name=f"bronze/{source}",
        comment=f"Raw records of source {source}, every column as it came, with lineage",
        owner="data-engineering",
        key=("_file_hash", "_row_number"),
        columns=_LINEAGE,
        open=True,
    )


QUARANTINE = TableContract(
    name="bronze/quarantine",
    comment="Rows that could not be read or judged, with the reason and the raw line; nothing is dropped in silence",
    owner="data-engineering",
    key=("_file_hash", "_row_number", "_reason"),
    columns=(
        *_LINEAGE,
        column(
            "_reason", "string", "Machine-readable reason, e.g. wrong_column_count, invalid_json, key_missing", nullable=False
        ),
        column("_detail", "string", "What was expected and found, in counts and column names, never values"),
        column("_raw", "string", "The raw line as it came (or the row as JSON when the format has no lines)", _P),
    ),
)

INGEST_LOG = TableContract(
    name="bronze/ingest_log",
    comment="One row per file taken into bronze: the commit mark of a batch; a batch without rows here does not count",
    owner="data-engineering",
    key=("source", "file_hash"),
    columns=(
        column("source", "string", "Source configuration name", nullable=False),
        column("file", "string", "File name with its parent folder", nullable=False),
        column("file_hash", "string", "SHA-256 of the file's bytes", nullable=False),
        column("file_bytes", "bigint", "Size of the file in bytes", nullable=False),
        column("file_modified_at", "timestamp", "Modification time of the file", nullable=False),
        column("as_of", "timestamp", "Business time of the file", nullable=False),
        column("batch", "string", "Batch that read the file", nullable=False),
        column("ingested_at", "timestamp", "When the batch was read (UTC)", nullable=False),
        column("rows_read", "bigint", "Records found in the file", nullable=False),
        column("rows_accepted", "bigint", "Records written to the source's bronze table", nullable=False),
        column("rows_quarantined", "bigint", "Records written to bronze/quarantine", nullable=False),
        column("new_columns", "array<string>", "Columns of the file that the configuration neither maps nor ignores"),
    ),
)
