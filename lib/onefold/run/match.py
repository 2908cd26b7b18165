"""Runs match: silver parties in, scored pairs and the trained model out.

Order of writes: keys, prepared records and counts of each entity type, match/pair, match/model, and last match/state, which
names the versions that belong together: what a killed run left behind is never read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts import TableContract
from onefold.contracts.match_state import KNOWN_VALUE, feature_table, key_table
from onefold.contracts.matching import MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.match.blocking import Cut
from onefold.match.increment import Feed, match_increment
from onefold.match.matching import Kept, Matched, Population, Task, match_parties
from onefold.match.model import Model
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.run.knowledge import with_given_knowledge
from onefold.run.match_state import State, before, fingerprint, kept, read_states, why_train, write_states
from onefold.run.parties import parties_of
from onefold.run.whole import replace_table
from onefold.store.scratch import scratch_of

__all__ = ["run_match", "scratch_cuts", "tasks"]


@dataclass(frozen=True)
class _Done:
    """One entity type matched: its pairs, its model, where it stands (None when nothing is kept), and the report."""

    pairs: DataFrame
    model: Model
    state: State | None
    report: ItemReport
    trained_version: int | None
    same: bool = False


def run_match(context: RunContext) -> StageReport:
    """Match every entity type that the configuration and the parties both have, and write match/pair and match/model.

    Where a model serves on, only what the feed touched is matched; `context.fresh` asks for more.

    Raises:
        ConfigurationError: when a rule or comparison names a column that the parties do not have.
        StageOrderError: when cleanse has not written silver/party.
    """
    started = time.monotonic()
    version = context.warehouse.version(PARTY) if context.warehouse.exists(PARTY) else None
    parties = parties_of(context, version)
    populations = _populations(parties)
    states = read_states(context)
    with scratch_cuts(context) as cut_for:
        done: dict[str, _Done] = {}
        for task in tasks(context):
            kind = task.entity_type
            if kind in populations:
                chosen = parties.where(F.col("entity_type") == kind)
                one = _One(context, task, chosen, populations[kind], version, states.get(kind))
                done[kind] = one.match(cut_for(kind))
        items = _write(context, done, set(states))
    return StageReport("match", (*(d.report for d in done.values()), *items), time.monotonic() - started)


@dataclass(frozen=True)
class _One:
    """The matching of one entity type: which way it goes, and what it leaves."""

    context: RunContext
    task: Task
    parties: DataFrame
    population: Population
    version: int | None
    state: State | None

    def match(self, cut: Cut) -> _Done:
        """Match what the feed touched where that can be, everything otherwise."""
        found = fingerprint(self.task, self.parties)
        records = self.population.records
        reason = why_train(self.state, self.task, found, records, self.context)
        if reason is None and self.state is not None:
            last = kept(self.context, self.state, self.task)
            done = self._increment(self.state, last, cut) if self.context.fresh == "increment" else None
            return done or self._whole(cut, found, last, "compared anew with the model kept")
        return self._whole(cut, found, None, f"trained: {reason}")

    def _increment(self, state: State, last: Kept, cut: Cut) -> _Done | None:
        began = time.monotonic()
        was = before(self.context, state, last)
        if was is None:
            return None
        self.context.progress(f"match: {state.entity_type}, looking for what was touched")
        made = match_increment(self.parties, self.task, was, cut)
        party_version = self.version or 0
        state = replace(state, run_id=self.context.run_id, party_version=party_version)
        if made is None:
            item = self._item(Feed(0, 0, 0), began, state)
            return _Done(was.pairs, last.model, state, item, state.trained_version, same=True)
        self.context.progress(f"match: {state.entity_type}, {made.feed.touched:,} records touched")
        keys = self._keep(key_table(state.entity_type), made.keys)
        features = self._keep(feature_table(state.entity_type), made.features)
        state = replace(state, key_version=keys, feature_version=features)
        return _Done(made.pairs, last.model, state, self._item(made.feed, began, state), state.trained_version)

    def _item(self, feed: Feed, began: float, state: State) -> ItemReport:
        note = f"{feed.new:,} new, {feed.changed:,} changed, {feed.gone:,} gone; by the model of run {state.trained_run}"
        return ItemReport(
            state.entity_type, rows_in=self.population.records, rows_out=feed.touched, seconds=time.monotonic() - began, note=note
        )

    def _whole(self, cut: Cut, found: str, last: Kept | None, why: str) -> _Done:
        """Match everything: by the model kept, or by one trained now."""
        kind, keeps = self.task.entity_type, self.task.training.refresh_days > 0
        self.context.progress(f"match: {kind}, {self.population.records:,} records")
        versions: dict[str, int] = {}

        def cut_or_keep(frame: DataFrame, name: str) -> DataFrame:
            table = {"keys": key_table, "features": feature_table}.get(name)
            if table is None or (not keeps and name == "features"):
                return cut(frame, name)
            if not keeps:
                return frame
            versions[name] = self._keep(table(kind), frame)
            return self.context.warehouse.read(table(kind), version=versions[name])

        prepared = with_given_knowledge(self.task, self.parties, self.context) if last is None else self.task
        matched = match_parties(self.parties, prepared, self.population, cut_or_keep, last)
        state = self._state(found, versions, matched, last) if keeps else None
        trained = self.state.trained_version if last is not None and self.state else self.version
        return _Done(matched.pairs, matched.model, state, _report(self.task, self.population, matched, why), trained)

    def _state(self, found: str, versions: Mapping[str, int], matched: Matched, last: Kept | None) -> State:
        context, kind = self.context, self.task.entity_type
        if last is None or self.state is None:
            nothing = context.spark.createDataFrame([], KNOWN_VALUE.schema).drop("entity_type")
            entries = (nothing if matched.known is None else matched.known).withColumn("entity_type", F.lit(kind))
            note = {"run_id": context.run_id}
            known = context.warehouse.replace_where(KNOWN_VALUE, entries, f"entity_type = '{kind}'", note=note)
            trained = (context.run_id, context.started_at, self.population.records, self.version)
            known_version = known.version
        else:
            state = self.state
            trained = (state.trained_run, state.trained_at, state.trained_records, state.trained_version)
            known_version = state.known_version
        tables = (self.version or 0, versions["keys"], versions["features"], known_version)
        return State(kind, context.run_id, found, matched.within, *trained, *tables, model_version=-1, pair_version=-1)

    def _keep(self, table: TableContract, frame: DataFrame) -> int:
        return self.context.warehouse.overwrite(table, frame, note={"run_id": self.context.run_id}).version


def _populations(parties: DataFrame) -> dict[str, Population]:
    counted = parties.groupBy("entity_type", "source").agg(F.count("*").alias("records")).toPandas()
    return {
        str(kind): Population({str(s): int(n) for s, n in zip(rows["source"], rows["records"], strict=True)})
        for kind, rows in counted.groupby("entity_type")
    }


def tasks(context: RunContext) -> list[Task]:
    """Return a task for each entity type that has both rules and comparisons."""
    blocking, comparisons = context.project.blocking, context.project.comparisons
    declared = {"person": (blocking.person, comparisons.person), "company": (blocking.company, comparisons.company)}
    return [
        Task(kind, rules, compared, comparisons.training, comparisons.store_above)
        for kind, (rules, compared) in declared.items()
        if rules is not None and compared
    ]


def _write(context: RunContext, done: Mapping[str, _Done], before_kinds: set[str]) -> tuple[ItemReport, ...]:
    """Write pairs, models and states; nothing where the feed touched nothing."""
    if done and all(d.same for d in done.values()) and before_kinds == set(done):
        write_states(context, {kind: d.state for kind, d in done.items() if d.state})
        return (ItemReport(PAIR.name, status="skipped", note="nothing that matching reads has changed"),)
    pairs, models = _write_pairs(context, done), _write_models(context, done)
    at = (pairs.table_version or 0, models.table_version or 0)
    states = {kind: replace(d.state, pair_version=at[0], model_version=at[1]) for kind, d in done.items() if d.state}
    if states or before_kinds:
        write_states(context, states)
    return (pairs, models)


def _write_pairs(context: RunContext, done: Mapping[str, _Done]) -> ItemReport:
    frames = [d.pairs for d in done.values()]
    pairs = reduce(DataFrame.unionByName, frames) if frames else context.spark.createDataFrame([], PAIR.schema)
    return replace_table(context, PAIR, pairs)


def _write_models(context: RunContext, done: Mapping[str, _Done]) -> ItemReport:
    rows = [row for d in done.values() for row in d.model.rows(d.trained_version)]
    return replace_table(context, MODEL, context.spark.createDataFrame(rows, MODEL.schema).coalesce(1))


def _report(task: Task, population: Population, matched: Matched, why: str) -> ItemReport:
    candidates = sum(r.pairs for r in matched.rules)
    dropped = [
        f"{r.rule} dropped {r.dropped_blocks} blocks ({r.dropped_records} records)" for r in matched.rules if r.dropped_blocks
    ]
    laps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in matched.seconds.items())
    found = f"{why}; {candidates:,} candidate pairs over all rules; prior weight {matched.model.prior_weight:.1f}; {laps}"
    note = "; ".join(filter(None, [found, *dropped, matched.model.training_note(), *matched.model.warnings]))
    return ItemReport(task.entity_type, rows_in=population.records, seconds=sum(matched.seconds.values()), note=note)


@contextmanager
def scratch_cuts(context: RunContext) -> Iterator[Callable[[str], Cut]]:
    """Give the maker of the cuts of an entity type: frames written to the stage's scratch folder and read back."""

    def cut_for(kind: str) -> Cut:
        def cut(frame: DataFrame, name: str) -> DataFrame:
            context.progress(f"match: {kind}, {name.replace('_', ' ')}")
            return scratch(frame, f"{kind}/{name}")

        return cut

    with scratch_of(context.warehouse, context.run_id, "match") as scratch:
        yield cut_for
