"""The embedded file of an entity type: block keys, prepared records and known values in SQLite, read in milliseconds.

A file is written once, as a whole, and never changed: readers open it unchangeable and share the operating system's cache.
It holds personal data (prepared names, dates, addresses): its folder is for its owner alone.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = ["Block", "EmbeddedReader", "EmbeddedWriter", "Stored"]

_TABLES = """
CREATE TABLE block (key INTEGER PRIMARY KEY, size INTEGER NOT NULL, ids BLOB);
CREATE TABLE record (party_id INTEGER PRIMARY KEY, record_id TEXT NOT NULL, source TEXT NOT NULL, customer_id TEXT,
    prepared TEXT NOT NULL);
CREATE TABLE known (kind TEXT NOT NULL, name TEXT NOT NULL, hash INTEGER NOT NULL, number REAL NOT NULL,
    PRIMARY KEY (kind, name, hash)) WITHOUT ROWID;
"""
_ASKED = 500  # parameters of one query

Block = tuple[int, "array[int] | None"]
"""Records of a block, and their ids; None where the block is over its bound."""
Stored = tuple[int, str, str, str | None, dict[str, Any]]
"""party_id, record_id, source, customer_id and prepared values of a record."""


class EmbeddedWriter:
    """Writes a file that is not there yet; rows come in any order, in the order of their keys they go in fastest."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;" + _TABLES)

    def __enter__(self) -> Self:
        self._file.execute("BEGIN")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._file.execute("COMMIT")
        self._file.close()

    def blocks(self, rows: Iterable[tuple[int, int, Sequence[int] | None]]) -> None:
        """Add blocks: key, size and the ids of their records, None for one over its bound."""
        packed = ((key, size, None if ids is None else array("q", ids).tobytes()) for key, size, ids in rows)
        self._file.executemany("INSERT INTO block VALUES (?, ?, ?)", packed)

    def records(self, rows: Iterable[tuple[int, str, str, str | None, str]]) -> None:
        """Add records: party_id, record_id, source, customer_id and the prepared values as a JSON object."""
        self._file.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?)", rows)

    def known(self, rows: Iterable[tuple[str, str, int, float]]) -> None:
        """Add known values: kind, name, hash and number."""
        self._file.executemany("INSERT INTO known VALUES (?, ?, ?, ?)", rows)


class EmbeddedReader:
    """Reads a file; may be used by several threads, one after another."""

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._file = sqlite3.connect(uri, uri=True, check_same_thread=False)

    def blocks(self, keys: Sequence[int]) -> dict[int, Block]:
        """Return the blocks of these keys that there are."""
        found: dict[int, Block] = {}
        for key, size, packed in self._rows("SELECT key, size, ids FROM block WHERE key IN", keys):
            ids = None
            if packed is not None:
                ids = array("q")
                ids.frombytes(packed)
            found[key] = (size, ids)
        return found

    def records(self, ids: Sequence[int]) -> list[Stored]:
        """Return the records of these ids that there are."""
        rows = self._rows("SELECT party_id, record_id, source, customer_id, prepared FROM record WHERE party_id IN", ids)
        return [(party, record, source, customer, json.loads(text)) for party, record, source, customer, text in rows]

    def known(self, kind: str, name: str, hashes: Sequence[int]) -> dict[int, float]:
        """Return the numbers of these hashes, those that there are."""
        start = "SELECT hash, number FROM known WHERE kind = ? AND name = ? AND hash IN"
        return dict(self._rows(start, hashes, (kind, name)))

    def count(self) -> int:
        """Return how many records there are."""
        return int(self._file.execute("SELECT count(*) FROM record").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _rows(self, start: str, values: Sequence[int], before: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for at in range(0, len(values), _ASKED):
            part = values[at : at + _ASKED]
            rows += self._file.execute(f"{start} ({','.join('?' * len(part))})", (*before, *part)).fetchall()
        return rows
