"""Finds the raw files of a source and knows each by its content: size, hash, business date."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pyspark.sql import SparkSession

from onefold.errors import DataContractError, MissingInputError
from onefold.ingest import hadoop
from onefold.ingest.settings import IngestSource

__all__ = ["RawFile", "Survey", "find_files", "hash_files"]

_ARCHIVES = (".zip", ".7z", ".rar", ".xz", ".tar", ".tgz", ".lzo", ".lz4", ".snappy", ".z")
_TEXT_FORMATS = ("csv", "tsv", "json_lines", "fixed_width")
_COMPRESSED = (".gz", ".bz2", ".zst", ".deflate")


@dataclass(frozen=True)
class RawFile:
    """One raw file: where it is, what Spark calls it, its label for people, and what identifies its content."""

    path: str
    uri: str
    label: str
    size: int
    modified_ms: int
    as_of: datetime
    hash: str = ""

    @property
    def compressed(self) -> bool:
        """Whether its name says that it is compressed."""
        return self.path.lower().endswith(_COMPRESSED)

    @property
    def identity(self) -> tuple[str, int, int]:
        """Label, size and modification time: enough to know an unchanged file without reading it again."""
        return self.label, self.size, self.modified_ms


@dataclass(frozen=True)
class Survey:
    """What a look at one file found: its raw column names in order, or why it cannot be read at all.

    `layout` tells files apart that need a plan of their own (a Parquet schema); no columns means nothing to check.
    """

    file: RawFile
    columns: tuple[str, ...] = ()
    unreadable: str | None = None
    layout: str = ""


def find_files(spark: SparkSession, source: IngestSource, now: datetime) -> list[RawFile]:
    """Return the source's raw files sorted by path; `now` (UTC) is the business time of files whose name says none.

    Raises:
        MissingInputError: when the glob matches no file.
        DataContractError: when a file is packed in a way that Spark cannot read, or its name holds no valid date.
    """
    found = hadoop.list_files(spark, source.path)
    if not found:
        raise MissingInputError(
            f"source {source.source}: no file matches {source.path}",
            hint="files whose names start with _ or . do not count; ${NAME} in a path is replaced before it is used",
        )
    files = [_describe(source, status, now) for status in found]
    packed = sorted(f.label for f in files if f.path.lower().endswith(_ARCHIVES))
    if packed and source.format in _TEXT_FORMATS:
        raise DataContractError(
            f"source {source.source}: {len(packed)} files are packed in a way that cannot be read: {', '.join(packed[:5])}",
            hint="supported are plain files and " + ", ".join(_COMPRESSED),
        )
    return files


def hash_files(spark: SparkSession, files: Sequence[RawFile]) -> list[RawFile]:
    """Return the files with their SHA-256, several at a time (the work is done by the driver's JVM)."""
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 2)) as pool:
        hashes = pool.map(lambda f: hadoop.sha256(spark, f.path), files)
        return [replace(f, hash=h) for f, h in zip(files, hashes, strict=True)]


def _describe(source: IngestSource, status: hadoop.FileStatus, now: datetime) -> RawFile:
    label = "/".join(status.path.rstrip("/").split("/")[-2:])
    return RawFile(status.path, status.uri, label, status.size, status.modified_ms, _as_of(source, label, now))


def _as_of(source: IngestSource, label: str, now: datetime) -> datetime:
    found = re.search(source.as_of, label.rsplit("/", 1)[-1]) if source.as_of else None
    if found is None:
        return now
    text = (found.group(1) or "").replace("-", "")
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise DataContractError(
            f"source {source.source}: the name of file {label} holds no date yyyyMMdd or yyyy-MM-dd where as_of looks",
            hint="correct the source's as_of expression, or the file's name",
        ) from error
