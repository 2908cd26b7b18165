"""Runs publish: silver, pairs and the entity map in, the gold tables out."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pyspark.sql import DataFrame

from onefold.contracts import TableContract
from onefold.contracts.gold import CONSENT, CUSTOMER, CUSTOMER_INTERACTION, CUSTOMER_XREF, MATCH_PAIR
from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.contracts.silver import INTERACTION, PARTY
from onefold.errors import DataContractError
from onefold.publish import consents, crosswalk, customer_interactions, customers, match_pairs
from onefold.run.context import ItemReport, RunContext, StageReport

__all__ = ["run_publish"]


def run_publish(context: RunContext) -> StageReport:
    """Write the five gold tables of the run, side by side, each in one transaction.

    Every row carries the run's id and the run log names the versions written, so a reader can tell a whole run from
    the rest of one that stopped half-way.

    Raises:
        StageOrderError: when resolve has not run yet.
        ConfigurationError: when survivorship names an attribute that the parties do not have.
        DataContractError: when the crosswalk has not one row per record of the entity map.
    """
    began = time.perf_counter()
    context.progress("publishing gold")
    frames = _gold(context)
    # The longest first. Small commits spend their time on the driver, so they overlap well even on two cores.
    with ThreadPoolExecutor(max_workers=len(frames), thread_name_prefix="publish") as pool:
        pending = [pool.submit(_write, context, table, frame) for table, frame in frames.items()]
    items = {item.item: item for item in (future.result() for future in pending)}
    records = context.warehouse.read(ENTITY_MAP).count()  # from the Delta log's row counts, no scan
    if items[CUSTOMER_XREF.name].rows_out != records:
        raise DataContractError(
            f"{CUSTOMER_XREF.name} has {items[CUSTOMER_XREF.name].rows_out} rows for {records} records of {ENTITY_MAP.name}",
            hint="silver/party has changed since resolve; run match and resolve again",
        )
    for name in (CUSTOMER.name, CUSTOMER_XREF.name):
        items[name] = replace(items[name], rows_in=records)
    return StageReport("publish", tuple(items.values()), time.perf_counter() - began)


def _gold(context: RunContext) -> dict[TableContract, DataFrame]:
    warehouse, run_id = context.warehouse, context.run_id
    entity_map, parties = warehouse.read(ENTITY_MAP), warehouse.read(PARTY)
    interactions = warehouse.read_or_empty(INTERACTION)
    return {
        CUSTOMER: customers(parties, entity_map, context.project.survivorship, run_id=run_id),
        MATCH_PAIR: match_pairs(warehouse.read(PAIR), entity_map, run_id=run_id),
        CUSTOMER_INTERACTION: customer_interactions(interactions, entity_map, run_id=run_id),
        CONSENT: consents(parties, entity_map, run_id=run_id),
        CUSTOMER_XREF: crosswalk(parties, entity_map, run_id=run_id),
    }


def _write(context: RunContext, table: TableContract, frame: DataFrame) -> ItemReport:
    began = time.perf_counter()
    written = context.warehouse.overwrite(table, frame, note={"run_id": context.run_id})
    seconds = time.perf_counter() - began
    return ItemReport(table.name, rows_out=written.rows, seconds=seconds, table_version=written.version)
