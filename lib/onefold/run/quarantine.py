"""What was set aside, where, by what rule or reason: told by counts, and record by record; and matched again after a fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.contracts.bronze import INGEST_LOG, QUARANTINE
from onefold.contracts.quality import RECORD_QUALITY
from onefold.contracts.silver import PARTY, SILVER_QUARANTINE
from onefold.errors import MissingInputError
from onefold.quality.settings import Rule
from onefold.run.context import RunContext
from onefold.store.small import texts

__all__ = ["RETRIED", "Sheet", "list_quarantine", "show_record"]

RETRIED = ("quality", "match", "resolve", "publish", "index")
"""The stages that take in what a fix, a waiver or a changed rule lets through; match then does only these records."""
_COLUMNS = ("where", "rule or reason", "source", "rows", "owner", "example")


@dataclass(frozen=True)
class Sheet:
    """One record's verdict: whether it is withheld and by what, the rules that it fails, and where it came from."""

    record_id: str
    blocked_by: tuple[str, ...]
    failed: tuple[str, ...]
    class_: str | None
    path: tuple[str, ...]
    origin: str
    rules: dict[str, Rule] = field(default_factory=dict)

    def text(self) -> str:
        """Return it in lines, without values."""
        state = "withheld from matching" if self.blocked_by else "not withheld"
        lines = [f"{self.record_id}: {state}", f"  from {self.origin}"]
        if self.class_:
            lines.append(f"  class {self.class_}, by {'; '.join(self.path)}")
        for name in (*self.blocked_by, *(f for f in self.failed if f not in self.blocked_by)):
            lines += self._of_rule(name)
        return "\n".join(lines)

    def _of_rule(self, name: str) -> list[str]:
        word = "blocked by" if name in self.blocked_by else "fails"
        rule = self.rules.get(name)
        if rule is None:
            return [f"  {word} {name} (no longer in the configuration)"]
        lines = [f"  {word} {name} ({rule.owner}): {rule.description}"]
        return [*lines, f"    to do: {rule.action}"] if rule.action else lines


def list_quarantine(context: RunContext) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the columns and rows of all that is set aside: by reason in bronze and silver, by rule in quality."""
    rules = {rule.id: rule for rule in context.project.quality_rules}
    owners = {s.source: s.owner.team for s in context.project.sources}
    warehouse = context.warehouse
    withheld = warehouse.read_or_empty(RECORD_QUALITY).where(F.col("blocked_by").isNotNull())
    by_rule = withheld.select(F.explode("blocked_by").alias("why"), "source", F.col("record_id").alias("example"))
    # Only batches that the ledger commits count: an ingest that was killed may have left others.
    committed = warehouse.read_or_empty(INGEST_LOG).select(F.col("batch").alias("_batch")).distinct()
    unread = warehouse.read_or_empty(QUARANTINE).join(committed, on="_batch", how="left_semi")
    silver = warehouse.read_or_empty(SILVER_QUARANTINE)
    place = F.concat("file", F.lit(", row "), F.col("row_number").cast("string"))
    parts = (
        (RECORD_QUALITY.name, by_rule),
        (SILVER_QUARANTINE.name, silver.select(F.col("reason").alias("why"), "source", place.alias("example"))),
        (QUARANTINE.name, unread.select(F.col("_reason").alias("why"), F.col("_source").alias("source"), _unread_place())),
    )
    rows: list[tuple[object, ...]] = []
    for table, frame in parts:
        counted = frame.groupBy("why", "source").agg(F.count("*").alias("rows"), F.min("example").alias("example"))
        # bounded: a row for each reason and source
        for row in counted.orderBy(F.desc("rows"), "why", "source").collect():
            owner = rules[row["why"]].owner if row["why"] in rules else owners.get(row["source"], "")
            rows.append((table, row["why"], row["source"], row["rows"], owner, row["example"]))
    return _COLUMNS, rows


def _unread_place() -> Column:
    return F.concat("_file", F.lit(", row "), F.col("_row_number").cast("string")).alias("example")


def show_record(context: RunContext, record_id: str) -> Sheet:
    """Return one record's verdict by the last quality run, and where the record came from.

    Raises:
        StageOrderError: when quality has not run yet.
        MissingInputError: when there is no such record.
    """
    named = F.broadcast(texts(context.spark, ["record_id"], [(record_id,)]))
    row = context.warehouse.read(RECORD_QUALITY).join(named, on="record_id", how="left_semi").first()
    if row is None:
        raise MissingInputError(
            f"no record {record_id} in {RECORD_QUALITY.name}", hint="ids are source:key; `onefold quarantine list` shows examples"
        )
    party = context.warehouse.read(PARTY).join(named, on="record_id", how="left_semi").first()
    origin = f"{party['file']}, row {party['row_number']}, batch {party['batch']}" if party else "a file that is gone"
    return Sheet(
        record_id,
        _names(row["blocked_by"]),
        _names(row["failed"]),
        row["class"],
        _names(row["path"]),
        origin,
        {rule.id: rule for rule in context.project.quality_rules},
    )


def _names(values: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(values or ())
