"""The ledger of files taken in: it commits a batch, and it knows which files need not be read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.contracts.bronze import INGEST_LOG
from onefold.ingest.files import RawFile

__all__ = ["Entry", "Past", "committed", "entries_frame", "newest_of", "past_of"]


@dataclass(frozen=True)
class Entry:
    """One file taken in: what the ledger says of it."""

    source: str
    file: RawFile
    batch: str
    at: datetime
    accepted: int
    quarantined: int
    new_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Past:
    """What earlier runs have taken in: their batches, and per source the files by hash and by identity."""

    batches: frozenset[str] = frozenset()
    hashes: dict[str, set[str]] = field(default_factory=dict)
    identities: dict[str, set[tuple[str, int, int]]] = field(default_factory=dict)
    newest: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Per source the newest business time (microseconds) and the rows accepted of it."""


def past_of(rows: Iterable[tuple[str, str, str, int, int, str, int, int]]) -> Past:
    """Return what rows (source, file, hash, bytes, modified in ms, batch, as_of in µs, rows accepted) of the ledger say."""
    batches: set[str] = set()
    hashes: dict[str, set[str]] = defaultdict(set)
    identities: dict[str, set[tuple[str, int, int]]] = defaultdict(set)
    newest: dict[str, tuple[int, int]] = {}
    for source, label, hash_, size, modified_ms, batch, as_of, accepted in rows:
        batches.add(batch)
        hashes[source].add(hash_)
        identities[source].add((label, size, modified_ms))
        newest[source] = newest_of(newest.get(source), (as_of, accepted))
    return Past(frozenset(batches), dict(hashes), dict(identities), newest)


def newest_of(known: tuple[int, int] | None, more: tuple[int, int]) -> tuple[int, int]:
    """Return the later of two (business time, rows), with the rows of both where they are of one time.

    >>> newest_of((5, 10), (5, 2)), newest_of((5, 10), (4, 99)), newest_of(None, (1, 1))
    ((5, 12), (5, 10), (1, 1))
    """
    if known is None or more[0] > known[0]:
        return more
    return (known[0], known[1] + more[1]) if more[0] == known[0] else known


def committed(rows: DataFrame, ledger: DataFrame, *, batch: str = "_batch") -> DataFrame:
    """Return the rows of batches that the ledger knows; what a killed run left behind does not count."""
    known = ledger.select(F.col("batch").alias(batch)).distinct()
    return rows.join(F.broadcast(known), on=batch, how="left_semi").select(*rows.columns)


def entries_frame(spark: SparkSession, entries: Sequence[Entry]) -> DataFrame:
    """Return the entries as rows of bronze/ingest_log."""
    stamp = pa.timestamp("us", tz="UTC")
    columns = {
        "source": pa.array([e.source for e in entries], pa.string()),
        "file": pa.array([e.file.label for e in entries], pa.string()),
        "file_hash": pa.array([e.file.hash for e in entries], pa.string()),
        "file_bytes": pa.array([e.file.size for e in entries], pa.int64()),
        "file_modified_at": pa.array([e.file.modified_ms * 1000 for e in entries], stamp),
        "as_of": pa.array([e.file.as_of for e in entries], stamp),
        "batch": pa.array([e.batch for e in entries], pa.string()),
        "ingested_at": pa.array([e.at for e in entries], stamp),
        "rows_read": pa.array([e.accepted + e.quarantined for e in entries], pa.int64()),
        "rows_accepted": pa.array([e.accepted for e in entries], pa.int64()),
        "rows_quarantined": pa.array([e.quarantined for e in entries], pa.int64()),
        "new_columns": pa.array([list(e.new_columns) for e in entries], pa.list_(pa.string())),
    }
    return INGEST_LOG.conform(spark.createDataFrame(pa.table(columns)))
