"""Keeps the tables in shape: small files joined, rows of one key near each other, files that nothing promises deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from onefold.store.warehouse import ROW_CHANGES, Warehouse

__all__ = ["CLUSTERED", "Upkeep", "tables_of", "tend"]

CLUSTERED = {
    "gold/customer": "customer_id",
    "gold/customer_xref": "customer_id",
    "gold/customer_interaction": "customer_id",
    "silver/party": "record_id",
}
"""Tables that people look single customers up in, and the column that their rows are laid near each other by."""


@dataclass(frozen=True)
class Upkeep:
    """What was done, or would be, with one table: its live files, and what lies on the disk for it with its history."""

    table: str
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    deleted: int


def tables_of(warehouse: Warehouse) -> tuple[str, ...]:
    """Return the names of all tables that lie under the warehouse, sorted."""
    root = _path(warehouse.spark, warehouse.root)
    system = root.getFileSystem(_conf(warehouse.spark))
    found = []
    for layer in _folders(system, root):
        found += [f"{layer.getName()}/{table.getName()}" for table in _folders(system, layer)]
    return tuple(sorted(name for name in found if warehouse.exists(name)))


def tend(warehouse: Warehouse, table: str, *, dry_run: bool = False) -> Upkeep:
    """Join the table's small files and delete those that no version within its retention needs.

    Delta's own check of the retention stays on: a file is deleted only when it left the table longer ago than the table's
    `delta.deletedFileRetentionDuration`, so every version that was current within that time can still be read.
    """
    path, spark = warehouse.path(table), warehouse.spark
    delta = DeltaTable.forPath(spark, path)
    live, held = _live_files(delta), _on_disk(spark, path)
    if dry_run:
        doomed = len(spark.sql(f"VACUUM delta.`{path}` DRY RUN").collect())  # bounded: Delta lists the first thousand
        return Upkeep(table, live, live, held[1], held[1], doomed)
    warehouse.keep_history(table)
    if live > 1:
        _join_files(warehouse, delta, table)
    before = _on_disk(spark, path)[0]
    spark.sql(f"VACUUM delta.`{path}`").collect()  # bounded: a single row, the path
    files, size = _on_disk(spark, path)
    return Upkeep(table, live, _live_files(delta), held[1], size, max(0, before - files))


def _join_files(warehouse: Warehouse, delta: DeltaTable, table: str) -> None:
    """Compact; lay rows near each other by the table's column only where they have changed since that was last done."""
    column = CLUSTERED.get(table)
    if column is not None and not _laid_out(warehouse, table, column):
        delta.optimize().executeZOrderBy(column)
    else:
        delta.optimize().executeCompaction()


def _laid_out(warehouse: Warehouse, table: str, column: str) -> bool:
    """Tell whether nothing has changed the rows since they were last laid near each other by the column."""
    for commit in warehouse.commits(table, 20):
        if commit.get("operation") in ROW_CHANGES:
            return False
        if commit.get("operation") == "OPTIMIZE" and column in str(commit.get("operationParameters", {}).get("zOrderBy")):
            return True
    return False


def _live_files(delta: DeltaTable) -> int:
    detail = delta.detail().select("numFiles").first()
    return int(detail["numFiles"]) if detail is not None else 0


def _on_disk(spark: SparkSession, path: str) -> tuple[int, int]:
    """Return files and bytes of the folder, the log left out."""
    place = _path(spark, path)
    system = place.getFileSystem(_conf(spark))
    whole = system.getContentSummary(place)
    log = system.getContentSummary(_path(spark, f"{path}/_delta_log"))
    return int(whole.getFileCount() - log.getFileCount()), int(whole.getLength() - log.getLength())


def _folders(system: Any, path: Any) -> Iterator[Any]:
    for status in system.listStatus(path) if system.exists(path) else ():
        if status.isDirectory() and not status.getPath().getName().startswith(("_", ".")):
            yield status.getPath()


def _path(spark: SparkSession, path: str) -> Any:
    return spark.sparkContext._jvm.org.apache.hadoop.fs.Path(path)  # type: ignore[union-attr]


def _conf(spark: SparkSession) -> Any:
    return spark._jsparkSession.sessionState().newHadoopConf()
