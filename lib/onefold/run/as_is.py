"""Makes the as-is map from the configuration and from what the tables hold so far, and keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from onefold.contracts import TableContract
from onefold.contracts.bronze import INGEST_LOG
from onefold.contracts.gold import CUSTOMER, CUSTOMER_XREF
from onefold.contracts.profile import AS_IS
from onefold.contracts.silver import INTERACTION, PARTY
from onefold.profile.as_is import AsIs, Conflict, Counts, Measured, as_is, fullness, golden_origin, interaction_fullness
from onefold.profile.conflicts import conflicts
from onefold.profile.uses import Configured, uses_of
from onefold.run.context import RunContext
from onefold.store.release import newest_release, read_released

__all__ = ["keep_as_is", "run_as_is"]


def run_as_is(context: RunContext) -> list[AsIs]:
    """Return the map: the configuration's part always, fullness after cleanse, golden values and conflicts after publish."""
    project = context.project
    rules = [(rule.id, rule.attribute) for rule in project.quality_rules]
    configured = Configured(
        project.blocking, project.comparisons, project.clustering, project.survivorship, project.audiences, rules
    )
    sources = [(source, source) for source in project.sources]
    return as_is(sources, uses_of(configured), project.survivorship.source_priority, _measured(context))


def keep_as_is(context: RunContext, rows: Sequence[AsIs]) -> None:
    """Append the map to quality/as_is, in one transaction."""
    frame = context.spark.createDataFrame([_kept(context, row) for row in rows], AS_IS.schema).coalesce(1)
    context.warehouse.append(AS_IS, frame, note={"run_id": context.run_id})


def _measured(context: RunContext) -> Measured:
    warehouse, at = context.warehouse, context.started_at
    further = [name for source in context.project.sources if source.party for name in source.party.attributes]
    counts: dict[str, Counts] = {}
    if warehouse.exists(PARTY):
        context.progress("counting attributes by source")
        parties = warehouse.read(PARTY)
        # bounded: a row for each source
        counts |= {row["source"]: _counts(row) for row in fullness(parties, list(dict.fromkeys(further)), at).collect()}
    if warehouse.exists(INTERACTION):
        # bounded: a row for each source
        counts |= {row["source"]: _counts(row) for row in interaction_fullness(warehouse.read(INTERACTION), at).collect()}
    golden, disagree = _published(context, further) if warehouse.exists(CUSTOMER_XREF) else ({}, {})
    return Measured(counts, golden, disagree, _unmapped(context))


def _counts(row: Row) -> Counts:
    return Counts(row["records"], row["filled"], row["newest_as_of"], row["changed_at"], row["median_age_days"])


def _published(context: RunContext, further: Sequence[str]) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], Conflict]]:
    warehouse = context.warehouse
    context.progress("counting where golden values come from")
    # bounded: a row for each attribute and source
    origins = golden_origin(_gold(context, CUSTOMER)).collect()
    context.progress("comparing the records of each customer")
    parties = warehouse.read(PARTY)
    known = [name for name in dict.fromkeys(further) if name in parties.columns]
    # bounded: a row for each attribute and two sources
    rows = conflicts(parties, _gold(context, CUSTOMER_XREF), known).collect()
    worst: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row["attribute"], row["source"])
        if row["other"] is not None and (key not in worst or row["conflicting"] > worst[key]["conflicting"]):
            worst[key] = row
    found = {
        (row["attribute"], row["source"]): Conflict(
            row["compared"], row["conflicting"], worst[row["attribute"], row["source"]]["other"]
        )
        for row in rows
        if row["other"] is None
    }
    return {(row["attribute"], row["source"]): row["n"] for row in origins}, found


def _gold(context: RunContext, table: TableContract) -> DataFrame:
    """Return a gold table as released, or as it is where nothing was released yet."""
    warehouse = context.warehouse
    return warehouse.read(table) if newest_release(warehouse) is None else read_released(warehouse, table)


def _unmapped(context: RunContext) -> dict[str, list[str]]:
    """Return the raw columns of each source that its configuration neither maps nor ignores, by the ingest ledger."""
    if not context.warehouse.exists(INGEST_LOG):
        return {}
    columns = F.sort_array(F.array_distinct(F.flatten(F.collect_list("new_columns")))).alias("columns")
    # bounded: a row for each source
    rows = context.warehouse.read(INGEST_LOG).where(F.size("new_columns") > 0).groupBy("source").agg(columns).collect()
    return {row["source"]: list(row["columns"]) for row in rows}


def _kept(context: RunContext, row: AsIs) -> tuple[Any, ...]:
    conflict = row.conflict
    compared = (
        (None, None, None, None)
        if conflict is None
        else (conflict.compared, conflict.conflicting, conflict.conflicting / conflict.compared, conflict.most_with)
    )
    return (
        *(context.run_id, context.started_at, row.source, row.system or None, row.attribute, list(row.raw_columns)),
        *(row.owner, row.contact, row.records, row.filled, row.filled_share, row.newest_as_of, row.changed_at),
        *(row.median_age_days, row.trust_rank, row.golden, row.golden_share, *compared, list(row.uses)),
    )
