"""Records that stewards let through although a blocking rule fails: what is in force, and how it is said."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.quality import RECORD_QUALITY, WAIVER
from onefold.errors import DataContractError
from onefold.run.context import RunContext
from onefold.store.lock import holding
from onefold.store.small import texts

__all__ = ["Release", "release", "waived"]


@dataclass(frozen=True)
class Release:
    """What a steward says: which record, by which rule (None: every one), why, who, and until when."""

    record_id: str
    reason: str
    by: str
    rule_id: str | None = None
    until: datetime | None = None


def waived(context: RunContext) -> DataFrame | None:
    """Return `record_id`, `every` and `rules` of the waivers in force at the run's start; None where there is none."""
    if not context.warehouse.exists(WAIVER):
        return None
    rows = context.warehouse.read(WAIVER)
    revoked = rows.select(F.col("revokes").alias("waiver_id")).where(F.col("waiver_id").isNotNull())
    running = F.col("expires_at").isNull() | (F.col("expires_at") > F.lit(context.started_at))
    standing = rows.where(F.col("revokes").isNull() & running).join(revoked, on="waiver_id", how="left_anti")
    return standing.groupBy("record_id").agg(
        F.bool_or(F.col("rule_id").isNull()).alias("every"), F.collect_set("rule_id").alias("rules")
    )


def release(context: RunContext, asked: Release) -> str:
    """Let a withheld record through from the next quality run on; return the waiver's id.

    Raises:
        StageOrderError: when quality has not run yet.
        DataContractError: when the record is not withheld, or not by that rule.
        WarehouseBusyError: when another run works on the warehouse.
    """
    named = texts(context.spark, ["record_id"], [(asked.record_id,)])
    found = context.warehouse.read(RECORD_QUALITY).join(F.broadcast(named), on="record_id", how="left_semi")
    row = found.select("blocked_by").first()
    blocking = list(row["blocked_by"] or ()) if row else []
    if not blocking or (asked.rule_id and asked.rule_id not in blocking):
        by = f" by {asked.rule_id}" if asked.rule_id else ""
        raise DataContractError(
            f"the record {asked.record_id} is not withheld{by}",
            hint="`onefold quarantine list` shows what is; ids are source:key",
        )
    now = datetime.now(UTC)
    waiver = f"W{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    values = (waiver, asked.record_id, asked.rule_id, asked.reason, asked.by, now, asked.until, None)
    with holding(context.warehouse, context.run_id, "quarantine release", wait=context.wait_seconds):
        frame = context.spark.createDataFrame([values], WAIVER.schema)
        context.warehouse.append(WAIVER, frame, note={"run_id": context.run_id})
    return waiver
