"""The warehouse: Delta tables under one root, written whole or by idempotent append, with their contracts applied."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, DataFrameWriter, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from onefold.contracts import PersonalData, TableContract
from onefold.errors import StageOrderError
from onefold.store.commits import commit_info, newest_version, table_property

__all__ = ["ROW_CHANGES", "Warehouse", "Written"]

logger = logging.getLogger(__name__)

# Tables whose names begin so keep the history that is promised; the others keep what Delta keeps by itself.
_REMEMBERED = ("gold/", "silver/", "match/entity_map", "match/customer_id_history")
ROW_CHANGES = ("WRITE", "DELETE", "MERGE", "UPDATE", "CREATE TABLE", "RESTORE")
"""Operations of the Delta log that change rows; the others (OPTIMIZE, VACUUM, SET TBLPROPERTIES...) are housekeeping."""


@dataclass(frozen=True)
class Written:
    """What a write did: the Delta version that it made (or found, when it was a repeat) and the rows written."""

    table: str
    version: int
    rows: int


class Warehouse:
    """Delta tables under a root folder or URI, named `layer/table`; gold and silver can be read `history_days` back."""

    def __init__(self, spark: SparkSession, root: str, *, history_days: int | None = None) -> None:
        self.spark = spark
        self.history_days = history_days
        # Delta takes a location without a leading slash for the name of a table.
        self.root = (root if "://" in root else str(Path(root).absolute())).rstrip("/")
        # Set while this process holds the warehouse's lock; raises once the lock was lost to another run.
        self.fence: Callable[[], None] | None = None
        self._kept: set[str] = set()  # tables whose properties were looked at

    def path(self, table: str) -> str:
        """Return the location of a table."""
        return f"{self.root}/{table}"

    def exists(self, table: TableContract | str) -> bool:
        """Tell whether the table has been written."""
        return bool(DeltaTable.isDeltaTable(self.spark, self.path(_name(table))))

    def read(self, table: TableContract | str, *, version: int | None = None) -> DataFrame:
        """Return the table's rows, as of a version when one is given.

        Raises:
            StageOrderError: when no stage has written the table yet.
        """
        name = _name(table)
        if not self.exists(name):
            raise StageOrderError(f"table {name} is not there yet", hint="run the stages before this one, or `onefold run`")
        reader = self.spark.read.format("delta")
        if version is not None:
            reader = reader.option("versionAsOf", version)
        return reader.load(self.path(name))

    def read_or_empty(self, table: TableContract) -> DataFrame:
        """Return the table's rows, or an empty frame of its declared schema when it has not been written."""
        return self.read(table) if self.exists(table) else self.spark.createDataFrame([], table.schema)

    def version(self, table: TableContract | str) -> int:
        """Return the table's newest version."""
        return newest_version(self.spark, self.path(_name(table)))

    def last_note(self, table: TableContract | str) -> dict[str, str]:
        """Return the note of the newest commit that changed rows, housekeeping left out; empty when it has none."""
        if not self.exists(table):
            return {}
        for commit in self.commits(table, 20):
            if commit.get("operation") in ROW_CHANGES:
                return dict(json.loads(commit["userMetadata"])) if commit.get("userMetadata") else {}
        return {}

    def commits(self, table: TableContract | str, count: int) -> Iterator[dict[str, Any]]:
        """Give what the newest commits say of themselves, the newest first; they end where the log does."""
        path, newest = self.path(_name(table)), self.version(table)
        for version in range(newest, max(-1, newest - count), -1):
            if not (commit := commit_info(self.spark, path, version)):
                return
            yield commit

    def version_at(self, table: TableContract | str, moment: datetime) -> int | None:
        """Return the version that the table had at a moment (UTC); None when it was not there yet, or is no longer known."""
        history = DeltaTable.forPath(self.spark, self.path(_name(table))).history()
        micros = int(moment.timestamp() * 1_000_000)
        found = history.where(F.unix_micros("timestamp") <= micros).agg(F.max("version")).first()
        return None if found is None or found[0] is None else int(found[0])

    def stands_at(self, table: TableContract | str, version: int) -> bool:
        """Tell whether the newest rows are those of a version: after it came only housekeeping, or a restore to it."""
        newer = self.version(table) - version
        if newer <= 0:
            return newer == 0
        for commit in self.commits(table, newer):
            if commit.get("operation") in ROW_CHANGES:
                to = str(commit.get("operationParameters", {}).get("version")).strip('"')
                return commit["operation"] == "RESTORE" and to == str(version)
        return True

    def restore(self, table: TableContract | str, version: int) -> int:
        """Make the rows of a version the newest again, in one transaction that writes no data; return the new version."""
        DeltaTable.forPath(self.spark, self.path(_name(table))).restoreToVersion(version)
        return self.version(table)

    def overwrite(self, table: TableContract, frame: DataFrame, *, note: dict[str, str] | None = None) -> Written:
        """Replace the table's rows in one transaction; readers see the old rows or the new, nothing between."""
        writer = self._writer(table, table.conform(frame), note).mode("overwrite").option("overwriteSchema", "true")
        return self._save(table, writer)

    def replace_where(
        self, table: TableContract, frame: DataFrame, condition: str, *, note: dict[str, str] | None = None
    ) -> Written:
        """Replace the rows that meet a condition over non-personal columns, in one transaction; the others stay."""
        writer = self._writer(table, table.conform(frame), note).mode("overwrite").option("replaceWhere", condition)
        return self._save(table, writer)

    def append(self, table: TableContract, frame: DataFrame, *, note: dict[str, str] | None = None) -> Written:
        """Add rows in one transaction; new columns of an open table widen its schema."""
        writer = self._writer(table, table.conform(frame), note).mode("append").option("mergeSchema", "true")
        return self._save(table, writer)

    def delete(self, table: TableContract, condition: str) -> None:
        """Delete rows by a condition over non-personal columns (a predicate's text stays in the Delta log)."""
        DeltaTable.forPath(self.spark, self.path(table.name)).delete(condition)

    def _writer(self, table: TableContract, frame: DataFrame, note: dict[str, str] | None) -> DataFrameWriter:
        if not self.exists(table):
            self._create(table, frame.schema)
        elif table.name not in self._kept:
            self.keep_history(table.name)
        self._kept.add(table.name)
        writer = frame.write.format("delta")
        return writer.option("userMetadata", json.dumps(note)) if note else writer

    def _create(self, table: TableContract, schema: StructType) -> None:
        """Create the empty table with its comments; statistics only on columns that are not personal."""
        # Delta writes minimum and maximum of these columns into its log, where a later DELETE cannot reach them.
        plain = [
            c.name for c in table.columns if c.personal is not PersonalData.PERSONAL and _has_statistics(c.type.simpleString())
        ]
        builder = DeltaTable.createIfNotExists(self.spark).location(self.path(table.name)).comment(table.comment)
        builder = builder.addColumns(schema).property("delta.dataSkippingStatsColumns", ",".join(plain))
        for name, value in self._history_properties(table.name).items():
            builder = builder.property(name, value)
        builder.property("onefold.owner", table.owner).property("onefold.key", ",".join(table.key)).execute()

    def keep_history(self, table: str) -> bool:
        """Set how far back the table can be read where it says otherwise; tell whether it did."""
        wanted = self._history_properties(table)
        if all(table_property(self.spark, self.path(table), name) == value for name, value in wanted.items()):
            return False
        words = ", ".join(f"'{name}' = '{value}'" for name, value in wanted.items())
        self.spark.sql(f"ALTER TABLE delta.`{self.path(table)}` SET TBLPROPERTIES ({words})")
        return True

    def _history_properties(self, table: str) -> dict[str, str]:
        if self.history_days is None or not table.startswith(_REMEMBERED):
            return {}
        days = f"interval {self.history_days} days"
        return {"delta.logRetentionDuration": days, "delta.deletedFileRetentionDuration": days}

    def _save(self, table: TableContract, writer: DataFrameWriter) -> Written:
        before = self.version(table)
        writer.save(self.path(table.name))
        after = self.version(table)
        if after == before:  # an append of nothing makes no version
            return Written(table.name, before, 0)
        metrics = commit_info(self.spark, self.path(table.name), after).get("operationMetrics", {})
        return Written(table.name, after, int(metrics.get("numOutputRows", 0)))


def _name(table: TableContract | str) -> str:
    return table if isinstance(table, str) else table.name


def _has_statistics(type_: str) -> bool:
    return not type_.startswith(("array", "map", "struct", "binary", "boolean"))
