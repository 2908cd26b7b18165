"""Runs publish: silver, pairs and the entity map in, the gold tables out, and the release that makes readers see them."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from pyspark.sql import DataFrame

from onefold.contracts import TableContract
from onefold.contracts.gold import CONSENT, CUSTOMER, CUSTOMER_INTERACTION, CUSTOMER_XREF, MATCH_PAIR
from onefold.contracts.matching import CUSTOMER_ID_HISTORY, ENTITY_MAP, PAIR
from onefold.contracts.silver import INTERACTION, PARTY
from onefold.contracts.stewardship import REVIEW_QUEUE
from onefold.errors import DataContractError
from onefold.publish import consents, crosswalk, customer_interactions, customers, match_pairs
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.run.overriding import overridden
from onefold.run.parties import parties_of
from onefold.run.queue import queue
from onefold.run.whole import replace_table
from onefold.store.release import Release, newest_release, restore_all, switch

__all__ = ["run_publish"]

logger = logging.getLogger(__name__)

_MADE_FROM = (PARTY, INTERACTION, PAIR, ENTITY_MAP, CUSTOMER_ID_HISTORY)


def run_publish(context: RunContext) -> StageReport:
    """Write the gold tables of the run, side by side, then append the release: that append is the switch.

    Until then readers of releases see the tables of the last one. When anything fails before, the tables written are brought
    back, for those who open the folders themselves; after a killed run the next one does that.

    Raises:
        StageOrderError: when resolve has not run yet.
        ConfigurationError: when survivorship names an attribute that the parties do not have.
        DataContractError: when the crosswalk has not one row per record of the entity map.
        WarehouseBusyError: when the lock was lost to another run.
    """
    began = time.perf_counter()
    context.progress("publishing gold")
    warehouse, frames = context.warehouse, _gold(context)
    frames[CUSTOMER], decisions = overridden(context, frames[CUSTOMER])
    before = {table.name: warehouse.version(table) if warehouse.exists(table) else 0 for table in frames}
    made_from = {table.name: warehouse.version(table) for table in _MADE_FROM if warehouse.exists(table)}
    try:
        items = _write_all(context, frames)
        written = {name: item.table_version for name, item in items.items() if item.table_version is not None}
        switch(warehouse, Release(context.run_id, context.run_id, "released", made_from | written, datetime.now(UTC)))
    except Exception as error:
        _undo(context, before, error)
        raise
    return StageReport("publish", (*items.values(), *decisions), time.perf_counter() - began)


def _write_all(context: RunContext, frames: Mapping[TableContract, DataFrame]) -> dict[str, ItemReport]:
    # The longest first. Small commits spend their time on the driver, so they overlap well even on two cores.
    with ThreadPoolExecutor(max_workers=len(frames), thread_name_prefix="publish") as pool:
        pending = [pool.submit(replace_table, context, table, frame) for table, frame in frames.items()]
    items = {item.item: item for item in (future.result() for future in pending)}
    records = context.warehouse.read(ENTITY_MAP).count()  # from the Delta log's row counts, no scan
    if items[CUSTOMER_XREF.name].rows_out != records:
        raise DataContractError(
            f"{CUSTOMER_XREF.name} has {items[CUSTOMER_XREF.name].rows_out} rows for {records} records of {ENTITY_MAP.name}",
            hint="silver/party has changed since resolve; run match and resolve again",
        )
    for name in (CUSTOMER.name, CUSTOMER_XREF.name):
        items[name] = replace(items[name], rows_in=records)
    return items


def _undo(context: RunContext, before: Mapping[str, int], error: Exception) -> None:
    """Bring the tables back to what is released, or was there before; should that fail too, the next run does it."""
    try:
        release = newest_release(context.warehouse)
        restore_all(context.warehouse, {**before, **(release.gold if release else {})})
    except Exception as second:
        logger.warning("gold could not be brought back now (%s); the next run does it", type(second).__name__)
        error.add_note("gold holds tables that are not released; the next run brings them back")


def _gold(context: RunContext) -> dict[TableContract, DataFrame]:
    warehouse, run_id = context.warehouse, context.run_id
    entity_map, parties = warehouse.read(ENTITY_MAP), parties_of(context)
    interactions = warehouse.read_or_empty(INTERACTION)
    return {
        CUSTOMER: customers(parties, entity_map, context.project.survivorship, run_id=run_id),
        MATCH_PAIR: match_pairs(warehouse.read(PAIR), entity_map, run_id=run_id),
        CUSTOMER_INTERACTION: customer_interactions(interactions, entity_map, run_id=run_id),
        CONSENT: consents(parties, entity_map, run_id=run_id),
        CUSTOMER_XREF: crosswalk(parties, entity_map, run_id=run_id),
        REVIEW_QUEUE: queue(context),
    }
