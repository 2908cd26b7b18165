"""Files of the export formats, written chunk by chunk, continued in a further file when one is full."""

from __future__ import annotations

import csv
import gzip
import io
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from generator.columns import Array, Columns, taken

__all__ = ["ENDLESS", "CsvExport", "Export", "FixedWidthExport", "JsonLinesExport", "ParquetExport"]

ENDLESS = 2**62


class Export(ABC):
    """A rolling series of files `<stem>_<part>.<suffix>` in one folder; a single `<stem>.<suffix>` when the limit is ENDLESS."""

    def __init__(self, folder: Path, stem: str, *, suffix: str, limit: int = 500_000) -> None:
        """Remember where to write; files are opened by the first rows."""
        self.folder, self.stem, self.suffix, self.limit = folder, stem, suffix, limit
        self.part, self.rows = 0, limit

    def write(self, columns: Columns) -> None:
        """Append the rows, opening further files as the limit asks."""
        total = len(next(iter(columns.values())))
        start = 0
        while start < total:
            if self.rows >= self.limit:
                self._roll()
            stop = min(total, start + self.limit - self.rows)
            self._append(taken(columns, slice(start, stop)))  # type: ignore[arg-type]
            self.rows, start = self.rows + stop - start, stop

    def _roll(self) -> None:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.part, self.rows = self.part + 1, 0
        number = f"_{self.part:03d}" if self.limit < ENDLESS else ""
        self._begin(self.folder / f"{self.stem}{number}.{self.suffix}")

    @abstractmethod
    def _begin(self, path: Path) -> None:
        """Open a file."""

    @abstractmethod
    def _append(self, columns: Columns) -> None:
        """Write rows to the open file."""

    @abstractmethod
    def close(self) -> None:
        """Finish the open file, if any."""


class TextExport(Export):
    """A text format: rows become lines; broken lines can be slipped in."""

    def __init__(self, folder: Path, stem: str, *, suffix: str, limit: int = 500_000, encoding: str = "utf-8") -> None:
        """See Export; a suffix ending in gz compresses."""
        super().__init__(folder, stem, suffix=suffix, limit=limit)
        self.encoding = encoding
        self.stream: io.TextIOWrapper | None = None

    def _begin(self, path: Path) -> None:
        binary: Any = path.open("wb")
        if self.suffix.endswith("gz"):
            binary = _Pinned(binary)
        self.stream = io.TextIOWrapper(binary, encoding=self.encoding, errors="replace", newline="")

    def broken(self, lines: Iterable[str]) -> None:
        """Write lines that are not well formed, on purpose."""
        if self.stream is not None:
            self.stream.writelines(line + "\n" for line in lines)

    def close(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None


class _Pinned(gzip.GzipFile):
    """A gzip stream whose header holds neither a time nor a name, closing the file under it."""

    def __init__(self, under: Any) -> None:
        super().__init__(filename="", mode="wb", fileobj=under, mtime=0)
        self._under = under

    def close(self) -> None:
        super().close()
        self._under.close()


class CsvExport(TextExport):
    """Delimited text with a header; fields are quoted where they must be."""

    def __init__(self, folder: Path, stem: str, *, delimiter: str = ",", **options: Any) -> None:
        """See TextExport."""
        super().__init__(folder, stem, **options)
        self.delimiter = delimiter

    def _append(self, columns: Columns) -> None:
        writer = csv.writer(self.stream, delimiter=self.delimiter, lineterminator="\n")  # type: ignore[arg-type]
        if self.rows == 0:
            writer.writerow(columns)
        writer.writerows(zip(*(values.tolist() for values in columns.values()), strict=True))


class FixedWidthExport(TextExport):
    """Lines of fixed width, padded with blanks and cut where a value is too long."""

    def __init__(self, folder: Path, stem: str, *, widths: dict[str, int], **options: Any) -> None:
        """See TextExport; `widths` names the fields in their order."""
        super().__init__(folder, stem, **options)
        self.widths = widths
        self.template = "".join(f"{{:<{width}.{width}}}" for width in widths.values()) + "\n"

    def _append(self, columns: Columns) -> None:
        cells = [["" if value is None else value for value in columns[name].tolist()] for name in self.widths]
        assert self.stream is not None
        self.stream.writelines(map(self.template.format, *cells))


class JsonLinesExport(TextExport):
    """One JSON object per line; `shape` makes the object of a row, missing values are left out."""

    def __init__(self, folder: Path, stem: str, *, shape: Callable[..., dict[str, Any]] | None = None, **options: Any) -> None:
        """See TextExport."""
        super().__init__(folder, stem, **options)
        self.shape = shape

    def _append(self, columns: Columns) -> None:
        names = list(columns)
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        shape = self.shape or (lambda *row: dict(zip(names, row, strict=True)))
        assert self.stream is not None
        rows = zip(*(values.tolist() for values in columns.values()), strict=True)
        self.stream.writelines(encode(_present(shape(*row))) + "\n" for row in rows)


def _present(record: dict[str, Any]) -> dict[str, Any]:
    """Return the object without its missing members."""
    return {key: _present(value) if isinstance(value, dict) else value for key, value in record.items() if value is not None}


class ParquetExport(Export):
    """Typed columns."""

    def __init__(self, folder: Path, stem: str, *, schema: pa.Schema, **options: Any) -> None:
        """See Export."""
        super().__init__(folder, stem, suffix="parquet", **options)
        self.schema = schema
        self.writer: pq.ParquetWriter | None = None

    def _begin(self, path: Path) -> None:
        self.writer = pq.ParquetWriter(path, self.schema)

    def _append(self, columns: Columns) -> None:
        arrays = [pa.array(_plain(columns[field.name]), type=field.type) for field in self.schema]
        assert self.writer is not None
        self.writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None


def _plain(values: Array) -> Any:
    """Return numbers as they are and objects as a list, so that None becomes null."""
    return values.tolist() if values.dtype == object else values
