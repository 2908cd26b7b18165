"""Conducts the match stage: silver parties in, scored pairs and the trained model out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.match.blocking import Cut
from onefold.match.matching import Matched, Population, Task, match_parties
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.run.knowledge import with_given_knowledge
from onefold.store.scratch import delete_folder, through_parquet

__all__ = ["run_match", "scratch_cuts"]

_TYPES = ("person", "company")


def run_match(context: RunContext) -> StageReport:
    """Match every entity type that the configuration and the parties both have, and write match/pair and match/model.

    Raises:
        ConfigurationError: when a rule or comparison names a column that the parties do not have.
        StageOrderError: when cleanse has not written silver/party.
    """
    started = time.monotonic()
    version = context.warehouse.version(PARTY) if context.warehouse.exists(PARTY) else None
    parties = context.warehouse.read(PARTY, version=version)
    populations = _populations(parties)
    with scratch_cuts(context) as cut_for:
        matched: dict[str, Matched] = {}
        for task in _tasks(context):
            population = populations.get(task.entity_type)
            if population is None:
                continue
            context.progress(f"match: {task.entity_type}, {population.records:,} records")
            chosen = parties.where(F.col("entity_type") == task.entity_type)
            prepared = with_given_knowledge(task, chosen, context)
            matched[task.entity_type] = match_parties(chosen, prepared, population, cut_for(task.entity_type))
        pairs_item = _write_pairs(context, matched)
    model_item = _write_models(context, matched, version)
    items = (*(_report(kind, populations[kind], m) for kind, m in matched.items()), pairs_item, model_item)
    return StageReport("match", items, time.monotonic() - started)


def _populations(parties: DataFrame) -> dict[str, Population]:
    counted = parties.groupBy("entity_type", "source").agg(F.count("*").alias("records")).toPandas()
    return {
        str(kind): Population({str(s): int(n) for s, n in zip(rows["source"], rows["records"], strict=True)})
        for kind, rows in counted.groupby("entity_type")
    }


def _tasks(context: RunContext) -> list[Task]:
    """Return a task for each entity type that has both rules and comparisons."""
    blocking, comparisons = context.project.blocking, context.project.comparisons
    declared = {"person": (blocking.person, comparisons.person), "company": (blocking.company, comparisons.company)}
    return [
        Task(kind, rules, compared, comparisons.training, comparisons.store_above)
        for kind, (rules, compared) in declared.items()
        if rules is not None and compared
    ]


def _write_pairs(context: RunContext, matched: dict[str, Matched]) -> ItemReport:
    started = time.monotonic()
    frames = [m.pairs for m in matched.values()]
    pairs = reduce(DataFrame.unionByName, frames) if frames else context.spark.createDataFrame([], PAIR.schema)
    written = context.warehouse.overwrite(PAIR, pairs, note={"run_id": context.run_id})
    seconds = time.monotonic() - started
    return ItemReport(PAIR.name, rows_out=written.rows, seconds=seconds, table_version=written.version)


def _write_models(context: RunContext, matched: dict[str, Matched], version: int | None) -> ItemReport:
    started = time.monotonic()
    rows = [row for m in matched.values() for row in m.model.rows(version)]
    frame = context.spark.createDataFrame(rows, MODEL.schema).coalesce(1)
    written = context.warehouse.overwrite(MODEL, frame, note={"run_id": context.run_id})
    seconds = time.monotonic() - started
    return ItemReport(MODEL.name, rows_out=written.rows, seconds=seconds, table_version=written.version)


def _report(kind: str, population: Population, matched: Matched) -> ItemReport:
    candidates = sum(r.pairs for r in matched.rules)
    dropped = [
        f"{r.rule} dropped {r.dropped_blocks} blocks ({r.dropped_records} records)" for r in matched.rules if r.dropped_blocks
    ]
    laps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in matched.seconds.items())
    found = f"{candidates:,} candidate pairs over all rules; prior weight {matched.model.prior_weight:.1f}; {laps}"
    note = "; ".join(filter(None, [found, *dropped, matched.model.training_note(), *matched.model.warnings]))
    return ItemReport(kind, rows_in=population.records, seconds=sum(matched.seconds.values()), note=note)


class _CutFor:
    """Makes the cut of one entity type: a frame written to the run's scratch folder and read back."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self.root = context.warehouse.path(f"_scratch/{context.run_id}/match")

    def __call__(self, kind: str) -> Cut:
        def cut(frame: DataFrame, name: str) -> DataFrame:
            self._context.progress(f"match: {kind}, {name.replace('_', ' ')}")
            return through_parquet(frame, f"{self.root}/{kind}/{name}")

        return cut


@contextmanager
def scratch_cuts(context: RunContext) -> Iterator[Callable[[str], Cut]]:
    """Give the maker of cuts, and delete what they wrote, personal data included, however the stage ends."""
    cuts = _CutFor(context)
    try:
        yield cuts
    finally:
        delete_folder(context.spark, context.warehouse.path(f"_scratch/{context.run_id}"))
