"""Runs resolve: scored pairs and parties in, the entity map out."""

from __future__ import annotations

import time

from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import DataContractError
from onefold.resolve import connected_components, entity_map, joining_pairs
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.store.scratch import checkpoint_folder

__all__ = ["run_resolve"]


def run_resolve(context: RunContext) -> StageReport:
    """Cluster the pairs over the threshold and write match/entity_map, one row per party.

    Raises:
        StageOrderError: when match has not run yet.
        DataContractError: when the map has not exactly one row per party, which would lose or double customers.
    """
    began = time.perf_counter()
    context.progress("resolving entities")
    warehouse, settings = context.warehouse, context.project.clustering
    parties = warehouse.read(PARTY).select("record_id", "party_id", "entity_type")
    edges = joining_pairs(warehouse.read(PAIR), settings)
    with checkpoint_folder(warehouse):
        components = connected_components(edges, settings)
        written = warehouse.overwrite(ENTITY_MAP, entity_map(parties, edges, components), note={"run_id": context.run_id})
    expected = warehouse.read(PARTY).count()  # from the Delta log's row counts, no scan
    if written.rows != expected:
        raise DataContractError(
            f"{ENTITY_MAP.name} has {written.rows} rows for {expected} parties",
            hint="record_id or party_id is not unique in silver/party; run cleanse again",
        )
    seconds = time.perf_counter() - began
    item = ItemReport(ENTITY_MAP.name, rows_in=expected, rows_out=written.rows, seconds=seconds, table_version=written.version)
    return StageReport("resolve", (item,), seconds)
