"""Bronze: the raw rows as they came, with lineage; the rows that could not be read; and the ingest ledger."""

from __future__ import annotations

from onefold.contracts.table import PersonalData, TableContract, column

__all__ = ["INGEST_LOG", "LINEAGE_COLUMNS", "QUARANTINE", "bronze_table"]

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
