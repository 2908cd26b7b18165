"""The walk of one entity type: block, prepare, compare, train, score."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.match.blocking import Cut, RuleReport, block, require_rules
from onefold.match.compare import ComparisonPlan, compare, plan_comparisons, random_pairs, with_sides
from onefold.match.content import with_content
from onefold.match.em import Patterns
from onefold.match.keyed import blocking_keys, learnt_of_keys
from onefold.match.known import Known, united
from onefold.match.model import Model
from onefold.match.populations import population_key
from onefold.match.saved import SavedModel, with_frequencies
from onefold.match.score import score
from onefold.match.settings import Comparison, EntityBlocking, TrainingSettings
from onefold.match.train import Evidence, Frequency, train

__all__ = ["IDS", "KEY_COLUMNS", "Kept", "Matched", "Population", "Task", "keep_in_memory", "match_parties"]

IDS = ("party_id_l", "party_id_r", "record_id_l", "record_id_r", "rule_number", "rules")
"""What a pair carries from blocking to its score."""
KEY_COLUMNS = ("party_id", "source", "content")
"""What is kept of a record beside its block keys."""


@dataclass(frozen=True)
class Population:
    """How many records there are, in all and by source."""

    by_source: dict[str, int]

    @property
    def records(self) -> int:
        """All records."""
        return sum(self.by_source.values())

    def pairs(self, *, within_source: bool) -> float:
        """Return how many pairs the records can make."""
        squares = sum(n * n for n in self.by_source.values())
        return float(max((self.records**2 - (self.records if within_source else squares)) / 2.0, 1.0))


@dataclass(frozen=True)
class Kept:
    """What a rebuild keeps of the last training: the model, how values repeat, and the key of populations."""

    model: Model
    known: Known
    within: str | None


@dataclass(frozen=True)
class Matched:
    """The scored pairs (columns of match/pair), the model, what each rule did and the seconds of each step.

    `within` is the key of populations; `known` what the records told of how values repeat, None where that was kept or nothing
    is counted.
    """

    pairs: DataFrame
    model: Model
    rules: tuple[RuleReport, ...]
    seconds: dict[str, float]
    within: str | None = None
    known: DataFrame | None = None


@dataclass(frozen=True)
class Task:
    """What one entity type is matched with; a saved model replaces training, labels (as `labels` reads them) take part in it."""

    entity_type: str
    blocking: EntityBlocking
    comparisons: tuple[Comparison, ...]
    training: TrainingSettings
    store_above: float
    saved: SavedModel | None = None
    labels: DataFrame | None = None


def match_parties(parties: DataFrame, task: Task, population: Population, cut: Cut, kept: Kept | None = None) -> Matched:
    """Return the scored pairs of one entity type, lazily, with the model trained on them.

    The pairs that train are compared first. Where they are a sample, all pairs are then compared and scored in one pass, of
    which only the pairs worth storing are ever written; where they are all the pairs, their levels are at hand.

    Args:
        parties: silver parties of the entity type.
        task: rules, comparisons and training.
        population: their numbers.
        cut: cuts the lineage of what is read more than once: block keys and sizes, prepared records, levels.
        kept: the model of an earlier training, to be used as it is.
    """
    clock = _Clock()
    known = kept.known if kept else None
    within = kept.within if kept else population_key(task.training.within, task.comparisons, parties)
    require_rules(parties, task.blocking)
    plan = plan_comparisons(task.comparisons, parties, within)
    hashed = with_content(parties, task.blocking, plan.features.keys)
    keyed = cut(blocking_keys(hashed, task.blocking, known, KEY_COLUMNS), "keys")
    blocked = block(parties, task.blocking, cut, keyed)
    clock.lap("block")
    features = cut(plan.features.frame(parties, known), "features")
    clock.lap("prepare")
    learnt = None if kept else united([*plan.features.learnt(features), *learnt_of_keys(parties, task.blocking)])
    candidates = sum(r.pairs for r in blocked.rules)
    model = kept.model if kept else _saved(task, features, plan)
    pairs, levelled = blocked.pairs, None
    if model is None:
        share = min(1.0, task.training.m_pairs / max(candidates, 1))
        if share < 1.0:
            pairs = cut(pairs, "pairs")
            clock.lap("pair")
        sample = cut(compare(with_sides(_drawn(pairs, share, task.training.seed), features), plan, IDS), "levels")
        clock.lap("compare")
        levelled = sample if share == 1.0 else None
        evidence = _evidence(sample, share, features, plan, task, population)
        clock.lap("sample")
        model = train(task.entity_type, task.comparisons, task.blocking.rules, evidence, task.training)
        clock.lap("train")
    names = tuple(rule.name for rule in task.blocking.rules)
    if levelled is None:
        levelled = compare(with_sides(pairs, features), plan, IDS)
    scored = score(levelled, model, names, task.store_above)
    return Matched(scored, model, blocked.rules, clock.laps, within, learnt)


def _drawn(pairs: DataFrame, share: float, seed: int) -> DataFrame:
    """Return a share of the pairs, drawn by a hash of their ids: the same ones on every run."""
    if share >= 1.0:
        return pairs
    draw = F.pmod(F.xxhash64(F.lit(seed), "party_id_l", "party_id_r"), F.lit(1_000_003))
    return pairs.where(draw < round(1_000_003 * share))


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name], self._last = round(now - self._last, 2), now


def _saved(task: Task, features: DataFrame, plan: ComparisonPlan) -> Model | None:
    """Return the saved model with the term frequencies of these records, None when a model is to be trained."""
    if task.saved is None:
        return None
    others = {at: frequency.mean_others for at, frequency in _frequencies(features, plan).items()}
    return with_frequencies(task.saved, task.entity_type, task.comparisons, others, task.training.group_discount)


def _labelled(features: DataFrame, plan: ComparisonPlan, labels: DataFrame | None) -> Patterns | None:
    """Return the patterns of the pairs labelled as matches; None when there are no labels."""
    if labels is None:
        return None
    matches = labels.where("is_match").select("party_id_l", "party_id_r")
    return _patterns(compare(with_sides(matches, features), plan, ("party_id_l",)), plan, with_rules=False)


def _evidence(
    sample: DataFrame,
    share: float,
    features: DataFrame,
    plan: ComparisonPlan,
    task: Task,
    population: Population,
) -> Evidence:
    """Count level patterns of the sample (a share of the blocked pairs) and of random pairs, and how values repeat."""
    training = task.training
    across = not task.blocking.within_source
    together = _share_within(features, plan)
    random = random_pairs(
        features,
        records=population.records,
        wanted=training.u_pairs,
        seed=training.seed,
        across=across,
        within=(plan.within, together) if plan.within else None,
    )
    return Evidence(
        blocked=_patterns(sample, plan, with_rules=True),
        sampled_share=share,
        random=_patterns(compare(random, plan, ("party_id_l",)), plan, with_rules=False),
        all_pairs=max(together * population.pairs(within_source=task.blocking.within_source), 1.0),
        frequencies=_frequencies(features, plan, together),
        labelled=_labelled(features, plan, task.labels),
    )


def _patterns(levelled: DataFrame, plan: ComparisonPlan, *, with_rules: bool) -> Patterns:
    """Return the counted patterns: as many rows as there are different patterns, never as many as pairs."""
    keys = [*plan.level_names, *(["rules"] if with_rules else [])]
    # bounded: different patterns, by the levels that the configuration declares
    counted = levelled.groupBy(*keys).agg(F.count("*").alias("pairs")).toPandas().sort_values(keys)
    levels = counted[list(plan.level_names)].to_numpy(dtype=np.int64).reshape(len(counted), len(plan.level_names))
    rules = counted["rules"].to_numpy(dtype=np.int64) if with_rules else np.zeros(len(counted), dtype=np.int64)
    return Patterns(levels, counted["pairs"].to_numpy(dtype=np.float64), rules)


def _share_within(features: DataFrame, plan: ComparisonPlan) -> float:
    """Return the share of all pairs that lie in one population; all of them where no populations are told apart."""
    if plan.within is None:
        return 1.0
    sizes = features.where(F.col(plan.within).isNotNull()).groupBy(plan.within).agg(F.count("*").cast("double").alias("n"))
    # bounded: a single row of sums
    row = sizes.agg(F.sum(F.col("n") * F.col("n")).alias("squares"), F.sum("n").alias("n")).toPandas().iloc[0]
    return float(row["squares"]) / max(float(row["n"]) ** 2, 1.0)


def _frequencies(features: DataFrame, plan: ComparisonPlan, share: float = 1.0) -> dict[tuple[int, int], Frequency]:
    names = plan.features.counted
    if not names:
        return {}
    measures = [m for n in names for m in (F.count(n).alias(f"{n}_records"), F.avg(F.col(n) - 1).alias(f"{n}_others"))]
    # bounded: a single row of counts
    row = features.agg(*measures).toPandas().iloc[0]
    return {
        at: Frequency(int(row[f"{name}_records"]), float(row[f"{name}_others"]) if row[f"{name}_records"] else 0.0, share)
        for at, name in plan.counts.items()
    }


def keep_in_memory(frame: DataFrame, _name: str) -> DataFrame:
    """Cut a frame's lineage by keeping it in memory, spilling to disk: for notebooks and tests."""
    return frame.persist()
