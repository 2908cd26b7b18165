"""Excel workbooks of two sheets, written row by row in bounded memory."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter  # type: ignore[import-untyped]

from generator.columns import Columns

__all__ = ["WorkbookExport"]

_MAX_ROWS = 1_048_575


class WorkbookExport:
    """A rolling series of workbooks; a workbook ends before a sheet would pass the format's limit."""

    def __init__(self, folder: Path, stem: str, sheets: tuple[str, ...], limit: int = _MAX_ROWS) -> None:
        """Remember where to write; a workbook is opened by the first rows."""
        self.folder, self.stem, self.sheets, self.limit = folder, stem, sheets, limit
        self.part = 0
        self.book: Any = None
        self.rows: dict[str, int] = {}

    def write(self, tables: dict[str, Columns]) -> None:
        """Append rows to the sheets; the tables of one call stay in one workbook."""
        sizes = {name: len(next(iter(columns.values()))) for name, columns in tables.items()}
        if self.book is None or any(self.rows[name] + size > self.limit for name, size in sizes.items()):
            self._roll(tables)
        for name, columns in tables.items():
            self._append(name, columns)
            self.rows[name] += sizes[name]

    def _roll(self, tables: dict[str, Columns]) -> None:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.part += 1
        path = self.folder / f"{self.stem}_{self.part:03d}.xlsx"
        self.book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self.book.set_properties({"created": datetime(2026, 1, 1)})
        self.dates = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.rows = dict.fromkeys(self.sheets, 0)
        for name in self.sheets:
            sheet = self.book.add_worksheet(name)
            for column, heading in enumerate(tables[name]):
                sheet.write_string(0, column, heading)

    def _append(self, name: str, columns: Columns) -> None:
        """Write one table below the rows that the sheet has; datetime64 columns become Excel dates."""
        sheet = self.book.get_worksheet_by_name(name)
        dated = [np.issubdtype(values.dtype, np.datetime64) for values in columns.values()]
        epoch = np.datetime64("1899-12-30")
        cells = [
            ((values - epoch) / np.timedelta64(86_400, "s")).tolist() if is_date else values.tolist()
            for values, is_date in zip(columns.values(), dated, strict=True)
        ]
        for row, record in enumerate(zip(*cells, strict=True), start=self.rows[name] + 1):
            for column, value in enumerate(record):
                if value is None:
                    continue
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                else:
                    sheet.write_number(row, column, value, self.dates if dated[column] else None)

    def close(self) -> None:
        """Finish the open workbook, if any."""
        if self.book is not None:
            self.book.close()
            self.book = None
