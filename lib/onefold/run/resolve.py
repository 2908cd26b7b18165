"""Runs resolve: scored pairs and parties in, the entity map and the measures of its clusters out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import CLUSTER, ENTITY_MAP, MODEL, PAIR
from onefold.errors import ConfigurationError, DataContractError
from onefold.resolve import (
    ClusteringSettings,
    Plan,
    choose_thresholds,
    cluster,
    cluster_metrics,
    lay_entities,
    split_reasons,
)
from onefold.resolve.thresholds import Threshold
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.run.identity import IdentityRun
from onefold.run.parties import parties_of
from onefold.run.stewardship import decided_records, judgements, links_in_force
from onefold.store.scratch import checkpoint_folder, cut_lineage

__all__ = ["run_resolve"]

UNTRAINED_THRESHOLD = 0.95
"""Match probability that stands in for `auto` where the model is not trained."""


def run_resolve(context: RunContext) -> StageReport:
    """Cluster the pairs over the threshold, split what joins too much, and write clusters, ids and map.

    Raises:
        StageOrderError: when match has not run yet.
        ConfigurationError: when a contradiction names an attribute that the parties do not have.
        DataContractError: when the map has not exactly one row per party, which would lose or double customers.
    """
    began = time.perf_counter()
    context.progress("resolving entities")
    warehouse = context.warehouse
    settings, untrained = _for_untrained(context, context.project.clustering)
    parties, pairs = _parties(parties_of(context), settings), warehouse.read(PAIR)
    with checkpoint_folder(warehouse):
        thresholds = choose_thresholds(pairs, settings)
        plan = Plan(settings, thresholds, context.project.comparisons.store_above)
        note = {"run_id": context.run_id, **{f"threshold_{kind}": f"{t.weight:.4f}" for kind, t in thresholds.items()}}
        decided = links_in_force(context)
        judged, decisions = judgements(context, decided)
        clustering = cluster(parties, pairs, judged, plan)
        context.progress("resolving entities: customer ids")
        identities = IdentityRun(context, parties)
        laid = cut_lineage(lay_entities(parties, clustering.members, clustering.links, identities.previous()))
        assigned = identities.assign(laid, decided_records(context, decided))
        context.progress("resolving entities: measuring clusters")
        measured = warehouse.overwrite(CLUSTER, cluster_metrics(clustering, assigned.identified), note=note)
        counts = {str(row["reason"]): int(row["components"]) for row in split_reasons(clustering.members).collect()}
        context.progress("resolving entities: writing the map")
        ids, written = identities.write(assigned, note)
    expected = parties_of(context).count()  # from the Delta log's row counts, no scan unless some are withheld
    if written.rows != expected:
        raise DataContractError(
            f"{ENTITY_MAP.name} has {written.rows} rows for {expected} parties",
            hint="record_id or party_id is not unique in silver/party; run cleanse again",
        )
    seconds = time.perf_counter() - began
    clusters = ItemReport(
        CLUSTER.name, rows_out=measured.rows, table_version=measured.version, note=_told(counts, thresholds, untrained)
    )
    item = ItemReport(ENTITY_MAP.name, rows_in=expected, rows_out=written.rows, seconds=seconds, table_version=written.version)
    return StageReport("resolve", (clusters, ids, item, *decisions), seconds)


def _for_untrained(context: RunContext, settings: ClusteringSettings) -> tuple[ClusteringSettings, tuple[str, ...]]:
    """Return the settings with `auto` replaced for entity types whose model is not trained, and these types.

    A threshold is chosen by probabilities; those of the usual model are too rough to choose by.
    """
    levels = context.warehouse.read_or_empty(MODEL).where(F.col("level_number") >= 0).where(F.col("u").isNotNull())
    found = levels.groupBy("entity_type").agg(F.count_if(F.col("trained").isin("em", "floor")).alias("trained")).collect()
    kinds = tuple(sorted(str(row["entity_type"]) for row in found if not row["trained"]))
    fixed = {
        kind: settings.of(kind).model_copy(update={"threshold": UNTRAINED_THRESHOLD})
        for kind in kinds
        if settings.of(kind).automatic
    }
    return settings.model_copy(update=fixed), tuple(fixed)


def _parties(parties: DataFrame, settings: ClusteringSettings) -> DataFrame:
    """Return the columns of the parties that clustering reads."""
    unknown = [name for name in settings.attributes if name not in parties.columns]
    if unknown:
        raise ConfigurationError(
            f"clustering.yml: contradictions name {', '.join(unknown)}, which silver/party does not have",
            hint="name a column of silver/party, or add it under attributes in a source",
        )
    return parties.select("record_id", "party_id", "entity_type", "source", *settings.attributes)


def _told(counts: Mapping[str, int], thresholds: Mapping[str, Threshold], untrained: Sequence[str]) -> str:
    """Return what was opened, split and why, and the thresholds that were chosen."""
    reasons = ", ".join(f"{name} {n:,}" for name, n in sorted(counts.items()) if not name.startswith("("))
    told = f"{counts.get('(opened)', 0):,} components opened, {counts.get('(split)', 0):,} split"
    chosen = [
        f"threshold of {kind} chosen: weight {t.weight:.2f}, expected F1 {t.expected_f1:.4f}"
        for kind, t in thresholds.items()
        if t.expected_f1 is not None
    ]
    chosen += [f"threshold of {kind}: {UNTRAINED_THRESHOLD}, because its model is not trained" for kind in untrained]
    return "; ".join([told + (f" ({reasons})" if reasons else ""), *chosen])
