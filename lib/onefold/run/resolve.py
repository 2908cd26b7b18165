"""Runs resolve: scored pairs and parties in, the entity map and the measures of its clusters out."""

from __future__ import annotations

import time
from collections.abc import Mapping

from pyspark.sql import DataFrame

from onefold.contracts.matching import CLUSTER, ENTITY_MAP, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError, DataContractError
from onefold.resolve import (
    ClusteringSettings,
    Judgements,
    Plan,
    choose_thresholds,
    cluster,
    cluster_metrics,
    entity_map,
    split_reasons,
)
from onefold.resolve.thresholds import Threshold
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.store.scratch import checkpoint_folder

__all__ = ["run_resolve"]

_ENDS = "party_id_l bigint, party_id_r bigint"


def run_resolve(context: RunContext) -> StageReport:
    """Cluster the pairs over the threshold, split what joins too much, and write match/cluster and match/entity_map.

    Raises:
        StageOrderError: when match has not run yet.
        ConfigurationError: when a contradiction names an attribute that the parties do not have.
        DataContractError: when the map has not exactly one row per party, which would lose or double customers.
    """
    began = time.perf_counter()
    context.progress("resolving entities")
    warehouse, settings = context.warehouse, context.project.clustering
    parties, pairs = _parties(warehouse.read(PARTY), settings), warehouse.read(PAIR)
    with checkpoint_folder(warehouse):
        thresholds = choose_thresholds(pairs, settings)
        plan = Plan(settings, thresholds, context.project.comparisons.store_above)
        note = {"run_id": context.run_id, **{f"threshold_{kind}": f"{t.weight:.4f}" for kind, t in thresholds.items()}}
        clustering = cluster(parties, pairs, _judgements(context), plan)
        context.progress("resolving entities: measuring clusters")
        measured = warehouse.overwrite(CLUSTER, cluster_metrics(clustering), note=note)
        counts = {str(row["reason"]): int(row["components"]) for row in split_reasons(clustering.members).collect()}
        context.progress("resolving entities: writing the map")
        written = warehouse.overwrite(ENTITY_MAP, entity_map(parties, clustering.members, clustering.links), note=note)
    expected = warehouse.read(PARTY).count()  # from the Delta log's row counts, no scan
    if written.rows != expected:
        raise DataContractError(
            f"{ENTITY_MAP.name} has {written.rows} rows for {expected} parties",
            hint="record_id or party_id is not unique in silver/party; run cleanse again",
        )
    seconds = time.perf_counter() - began
    clusters = ItemReport(CLUSTER.name, rows_out=measured.rows, table_version=measured.version, note=_told(counts, thresholds))
    item = ItemReport(ENTITY_MAP.name, rows_in=expected, rows_out=written.rows, seconds=seconds, table_version=written.version)
    return StageReport("resolve", (clusters, item), seconds)


def _parties(parties: DataFrame, settings: ClusteringSettings) -> DataFrame:
    """Return the columns of the parties that clustering reads."""
    unknown = [name for name in settings.attributes if name not in parties.columns]
    if unknown:
        raise ConfigurationError(
            f"clustering.yml: contradictions name {', '.join(unknown)}, which silver/party does not have",
            hint="name a column of silver/party, or add it under attributes in a source",
        )
    return parties.select("record_id", "party_id", "entity_type", "source", *settings.attributes)


def _judgements(context: RunContext) -> Judgements:
    """Return what people decided: nothing yet, as no table holds it."""
    nothing = context.spark.createDataFrame([], _ENDS)
    return Judgements(must=nothing, cannot=nothing)


def _told(counts: Mapping[str, int], thresholds: Mapping[str, Threshold]) -> str:
    """Return what was opened, split and why, and the thresholds that were chosen."""
    reasons = ", ".join(f"{name} {n:,}" for name, n in sorted(counts.items()) if not name.startswith("("))
    told = f"{counts.get('(opened)', 0):,} components opened, {counts.get('(split)', 0):,} split"
    chosen = [
        f"threshold of {kind} chosen: weight {t.weight:.2f}, expected F1 {t.expected_f1:.4f}"
        for kind, t in thresholds.items()
        if t.expected_f1 is not None
    ]
    return "; ".join([told + (f" ({reasons})" if reasons else ""), *chosen])
