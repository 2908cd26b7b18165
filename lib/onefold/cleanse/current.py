"""Decides which bronze rows are the current state of their source, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Observation, Window
from pyspark.sql import functions as F

from onefold.contracts.silver import SILVER_QUARANTINE

__all__ = ["DELETED", "SUPERSEDED", "State", "counted", "current_rows", "judge", "newest_state", "quarantined", "surviving"]

SUPERSEDED = "superseded"
DELETED = "deleted"
"""The newest row of its key says that the record is gone at its source: the key has no current row."""

_DELETED_UNKNOWN = "deleted_unknown"


@dataclass(frozen=True)
class State:
    """The committed batches that make up a source's current state.

    `as_of_micros` (since 1970) is set for a snapshot: only rows of that business time count. `rows` are the state's rows,
    `committed` all rows of the source that ever were committed.
    """

    batches: tuple[str, ...]
    as_of_micros: int | None
    rows: int
    committed: int


def newest_state(files: Iterable[tuple[str, int, int]], *, snapshot: bool) -> State:
    """Return the state of one source from its ledger: per committed file its batch, business time (microseconds) and rows.

    >>> newest_state([("b1", 1, 10), ("b2", 2, 7), ("b3", 2, 1)], snapshot=True)
    State(batches=('b2', 'b3'), as_of_micros=2, rows=8, committed=18)
    """
    known = list(files)
    newest = max((as_of for _, as_of, _ in known), default=None) if snapshot else None
    of_state = [f for f in known if newest is None or f[1] == newest]
    batches = tuple(sorted({batch for batch, _, _ in of_state}))
    return State(batches, newest, sum(rows for _, _, rows in of_state), sum(rows for _, _, rows in known))


def current_rows(bronze: DataFrame, state: State) -> DataFrame:
    """Return the rows of the state; the literal batches let Delta skip the files of all other days."""
    rows = bronze.where(F.col("_batch").isin(*state.batches))
    return rows if state.as_of_micros is None else rows.where(F.unix_micros("_as_of") == state.as_of_micros)


def judge(rows: DataFrame, *, key: str, deletions: bool = True) -> DataFrame:
    """Return the rows with `party_id`, their `fate` (null to go on, else the reason why not) and whether their hash collides.

    Of rows with one key the newest goes on, by the source's own change time, then the file's business time, the time of
    ingest, the file and the row; the others are superseded. Where the newest row says that the record is deleted, nothing
    goes on: it is `deleted`, or `deleted_unknown` when an increment has never brought a record of that key. `collides` marks
    a row whose `party_id` is also that of another key: two records that would merge in silence. The fan-out by hash spreads
    the work that follows. Without `deletions` no row is one.
    """
    # A row without a key stands for itself: all of them in one window would be one task's work.
    identity = F.coalesce(F.col(key), F.concat_ws(":", "source", "file_hash", F.col("row_number").cast("string")))
    partitions = int(rows.sparkSession.conf.get("spark.sql.shuffle.partitions") or 200)
    # A deletion that does not say when counts from the end of its file's day: its record may have changed on that day.
    day_end = F.date_trunc("day", F.col("as_of")) + F.expr("INTERVAL '1' DAY")
    changed = F.coalesce(F.col("source_updated_at"), F.when(F.col("deleted"), day_end))
    spread = rows.select("*", identity.alias("_identity"), F.xxhash64(identity).alias("party_id"), changed.alias("_changed"))
    newest_first = ("_changed", "as_of", "ingested_at", "file", "row_number", "file_hash")
    order = [F.col("_identity"), *(F.col(c).desc_nulls_last() for c in newest_first)]
    before = F.lag("_identity").over(Window.partitionBy("party_id").orderBy(*order))
    ranked = spread.repartition(partitions, "party_id").select("*", before.alias("_before"))
    repeats = F.col("_before").eqNullSafe(F.col("_identity"))
    fate = F.coalesce(F.col("fate"), F.when(repeats, SUPERSEDED))
    if deletions:
        # Its order is that of the window before, so the rows are not sorted again.
        known = F.max(~F.col("deleted")).over(Window.partitionBy("party_id", "_identity"))
        unknown = (F.col("mode") == "increment") & ~known
        fate = F.coalesce(fate, F.when(F.col("deleted"), F.when(unknown, _DELETED_UNKNOWN).otherwise(DELETED)))
    return ranked.withColumns({"fate": fate, "collides": F.col("_before").isNotNull() & ~repeats}).drop(
        "_before", "_identity", "_changed"
    )


def counted(judged: DataFrame, counts: Observation) -> DataFrame:
    """Return the judged rows, counted by the action that uses them: rows, accepted, quarantined, deleted, colliding."""
    return judged.observe(
        counts,
        F.count(F.lit(1)).alias("rows"),
        F.count_if(F.col("fate").isNull()).alias("accepted"),
        F.count_if(_set_aside()).alias("quarantined"),
        F.count_if(F.col("fate").eqNullSafe(DELETED)).alias("deleted"),
        F.count_if(F.col("collides")).alias("colliding"),
    )


def surviving(judged: DataFrame) -> DataFrame:
    """Return the rows that go on."""
    return judged.where(F.col("fate").isNull()).drop("fate", "fate_detail", "deleted", "collides")


def quarantined(judged: DataFrame) -> DataFrame:
    """Return the rows set aside with their reason; deletions and older versions in an increment are not among them."""
    detail = F.when(F.col("fate") != "entity_type_unknown", F.col("fate_detail"))
    rows = judged.where(_set_aside())
    return SILVER_QUARANTINE.conform(rows.select("*", F.col("fate").alias("reason"), detail.alias("detail")))


def _set_aside() -> Column:
    history = (F.col("fate") == SUPERSEDED) & (F.col("mode") == "increment")
    return F.col("fate").isNotNull() & (F.col("fate") != DELETED) & ~history
