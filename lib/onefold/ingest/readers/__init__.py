"""A module a format; each looks at the files first (`survey`) and then reads their records (`read`)."""

from __future__ import annotations

from types import ModuleType

from onefold.ingest.readers import delimited, excel, fixed_width, json_lines, parquet

__all__ = ["READERS"]

READERS: dict[str, ModuleType] = {
    "csv": delimited,
    "tsv": delimited,
    "json_lines": json_lines,
    "parquet": parquet,
    "excel": excel,
    "fixed_width": fixed_width,
}
"""Reader of each format: `survey(spark, source, files)` and `read(spark, source, surveys)`."""
