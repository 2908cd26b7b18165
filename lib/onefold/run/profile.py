"""Brings tables and files to their profiles, keeps the profiles, and compares those of two runs."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.profile import OVERLAP, PROFILE
from onefold.contracts.silver import PARTY
from onefold.errors import MissingInputError
from onefold.profile.compare import Change, compare_profiles
from onefold.profile.overlap import Overlap, held_together, overlaps, party_values_held
from onefold.profile.profile import profile_table
from onefold.profile.report import TableProfile
from onefold.profile.rows import kept_rows
from onefold.run.context import RunContext
from onefold.store import Warehouse
from onefold.store.release import find_release, newest_release, read_released

__all__ = ["Wish", "compare_runs", "keep_overlaps", "keep_profiles", "party_overlaps", "profile_tables", "profiled_runs"]

_LAYERS = ("bronze", "silver", "gold", "match", "quality", "steward")
_FORMATS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".parquet": "parquet",
}


class Wish:
    """What a profile should do beyond the usual: try pairs of columns as keys, show values of personal columns."""

    def __init__(self, *, pairs: bool = False, show_values: bool = False) -> None:
        self.pairs = pairs
        self.show_values = show_values


def profile_tables(context: RunContext, names: Sequence[str], wish: Wish) -> list[TableProfile]:
    """Return the profiles of tables (`bronze/crm`, `gold/customer`), sources (`crm`), files and folders.

    Raises:
        MissingInputError: when there is no such table or file.
    """
    found = []
    for name in names:
        context.progress(f"profiling {name}")
        frame, called, version = _read(context, name)
        found.append(
            profile_table(
                frame,
                context.project.profile,
                name=called,
                version=version,
                sentinels=context.project.standardise.sentinels,
                pairs=wish.pairs,
                show_values=wish.show_values,
            )
        )
    return found


def keep_profiles(context: RunContext, profiles: Sequence[TableProfile]) -> None:
    """Append the profiles to quality/profile, in one transaction."""
    rows = [row for profile in profiles for row in kept_rows(profile, context.run_id, context.started_at)]
    if rows:
        frame = context.spark.createDataFrame(rows, PROFILE.schema).coalesce(1)
        context.warehouse.append(PROFILE, frame, note={"run_id": context.run_id})


def profiled_runs(context: RunContext) -> list[tuple[str, str, int, str]]:
    """Return the runs whose profiles are kept, the newest last: run, when, columns, tables."""
    kept = context.warehouse.read(PROFILE)
    when = F.date_format(F.min("measured_at"), "yyyy-MM-dd HH:mm:ss").alias("at")
    runs = kept.groupBy("run_id").agg(
        when, F.count(F.lit(1)).alias("columns"), F.sort_array(F.collect_set("table")).alias("tables")
    )
    # bounded: a row for each profile that was kept
    rows = runs.orderBy("run_id").collect()
    return [(r["run_id"], r["at"], r["columns"], ", ".join(r["tables"])) for r in rows]


def compare_runs(context: RunContext, before: str, after: str) -> tuple[list[Change], list[str]]:
    """Return what changed between the profiles of two runs, and the tables that both have.

    Raises:
        MissingInputError: when a run kept no profile, or the two have no table in common.
    """
    kept = context.warehouse.read(PROFILE).where(F.col("run_id").isin(before, after))
    # bounded: a row for each column of the profiled tables
    rows = [row.asDict(recursive=True) for row in kept.collect()]
    sides = [[row for row in rows if row["run_id"] == run] for run in (before, after)]
    for run, side in zip((before, after), sides, strict=True):
        if not side:
            known = [r[0] for r in profiled_runs(context)]
            near = get_close_matches(run, known, n=3, cutoff=0.3) or known[-3:]
            raise MissingInputError(f"no profile of run {run}", hint=f"`onefold profile runs` lists them, e.g. {', '.join(near)}")
    tables = sorted({row["table"] for row in sides[0]} & {row["table"] for row in sides[1]})
    if not tables:
        raise MissingInputError("the two runs profiled no table in common", hint="`onefold profile runs` lists what each has")
    both = [[row for row in side if row["table"] in tables] for side in sides]
    return compare_profiles(*both), tables


def party_overlaps(context: RunContext) -> list[Overlap]:
    """Return how much of each source's e-mails, phones, identifiers and names the others hold too, from silver/party."""
    parties = context.warehouse.read(PARTY)
    # bounded: a row for each source
    sources = sorted(row["source"] for row in parties.select("source").distinct().collect())
    # bounded: a row for each set of sources that has a value in common
    counted = held_together(party_values_held(parties), sources).collect()
    return overlaps({(row["attribute"], row["held"]): row["n"] for row in counted}, sources)


def keep_overlaps(context: RunContext, found: Sequence[Overlap]) -> None:
    """Append the overlaps to quality/overlap, in one transaction."""
    rows = [(context.run_id, context.started_at, o.attribute, o.source, o.other, o.distinct, o.shared, o.share) for o in found]
    if rows:
        frame = context.spark.createDataFrame(rows, OVERLAP.schema).coalesce(1)
        context.warehouse.append(OVERLAP, frame, note={"run_id": context.run_id})


def _read(context: RunContext, name: str) -> tuple[DataFrame, str, int | None]:
    """Return the rows, the name to call them by, and the Delta version read."""
    warehouse = context.warehouse
    table = name if "/" in name else f"bronze/{name}"
    if table.partition("/")[0] in _LAYERS and warehouse.exists(table):
        # Gold as readers see it, any other table as it is.
        release = find_release(warehouse) if table.startswith("gold/") and newest_release(warehouse) else None
        version = release.tables.get(table) if release else warehouse.version(table)
        rows = read_released(warehouse, table) if release else warehouse.read(table)
        return (_undeclared(rows) if table.startswith("bronze/") else rows), table, version
    return _read_path(context, name, table)


def _undeclared(rows: DataFrame) -> DataFrame:
    """Return bronze rows without the class of their raw columns: all are called personal there as a precaution."""
    return rows.select(*[F.col(f"`{n}`") if n.startswith("_") else F.col(f"`{n}`").alias(n, metadata={}) for n in rows.columns])


def _read_path(context: RunContext, name: str, table: str) -> tuple[DataFrame, str, int | None]:
    parent, _, last = name.rstrip("/").rpartition("/")
    folder = Warehouse(context.spark, parent or ".")
    if folder.exists(last):
        return folder.read(last), name, folder.version(last)
    path = name if "://" in name else str(Path(name).absolute())
    kind = _FORMATS.get(Path(last.removesuffix(".gz")).suffix.lower(), "parquet")
    reader = context.spark.read.option("header", True).option("multiLine", kind in ("csv", "tsv"))
    reader = reader.option("sep", "\t" if kind == "tsv" else ",").option("escape", '"').option("mode", "PERMISSIVE")
    try:
        if kind == "json":
            return context.spark.read.json(path), name, None
        return reader.format("csv" if kind == "tsv" else kind).load(path), name, None
    except PySparkException as error:
        hint = "name a table by layer and name (bronze/crm), a source, or the path of a Delta, Parquet, CSV or JSON file"
        raise MissingInputError(f"there is no table {table} and nothing readable at {name}", hint=hint) from error
