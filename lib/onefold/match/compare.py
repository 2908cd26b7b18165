"""Candidate pairs become levels: attributes joined by id, each similarity once, then one small integer per comparison.

The level of a comparison is -1 when a value is missing, 0 for the best level declared, and the number of declared levels
when none was reached (`else`).
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.errors import ConfigurationError
from onefold.match.agreement import Similarities, level_test, present_on_both, swapped
from onefold.match.features import FeatureSet
from onefold.match.keys import Key, parse_key
from onefold.match.settings import Comparison
from onefold.match.values import require_keys

__all__ = ["ComparisonPlan", "compare", "plan_comparisons", "random_pairs", "with_sides"]


@dataclass(frozen=True)
class ComparisonPlan:
    """Everything that turns two prepared records into levels, worked out once from the configuration.

    `levels` are named `g0`, `g1`...; `frequencies` maps a comparison's position to its counts: `t<position>` holds how many
    records share the value that the level reached rests on; `counts` maps (position, level) to the prepared count column;
    `within` is the prepared column that parts the records into populations, by which they are then counted.
    """

    comparisons: tuple[Comparison, ...]
    features: FeatureSet
    similarities: tuple[Column, ...]
    levels: tuple[Column, ...]
    frequencies: tuple[Column, ...]
    counts: dict[tuple[int, int], str]
    within: str | None = None

    @property
    def level_names(self) -> tuple[str, ...]:
        """The level columns, one per comparison, in order."""
        return tuple(f"g{i}" for i in range(len(self.comparisons)))


def plan_comparisons(comparisons: tuple[Comparison, ...], parties: DataFrame, within: str | None = None) -> ComparisonPlan:
    """Return the plan of these comparisons over parties of this schema; values are counted by population where one is named.

    Raises:
        ConfigurationError: when a comparison names a column that the parties do not have.
    """
    require_keys([(f"comparison {c.name}", key) for c in comparisons for key in _keys(c)], parties, "comparisons.yml")
    features, similarities = FeatureSet(parties.schema), Similarities()
    _refuse_lists(comparisons, features)
    levels: list[Column] = []
    frequencies: list[Column] = []
    counts: dict[tuple[int, int], str] = {}
    for position, comparison in enumerate(comparisons):
        levels.append(_level(comparison, features, similarities).alias(f"g{position}"))
        if comparison.term_frequency:
            found = _counted_levels(comparison, features, (within,) if within else ())
            counts |= {(position, level): name for level, name in found.items()}
            if found:
                frequencies.append(_frequency(position, found).alias(f"t{position}"))
    population = features.need("value", within) if within else None
    similar = tuple(similarities.columns())
    return ComparisonPlan(comparisons, features, similar, tuple(levels), tuple(frequencies), counts, population)


def _refuse_lists(comparisons: tuple[Comparison, ...], features: FeatureSet) -> None:
    """Stop when a level that compares single values is put on a key with many."""
    problems = [
        f"comparison {c.name}: level {level.name!r} compares single values, and {key} has many"
        for c in comparisons
        for level in c.levels
        if level.kind not in ("exact", "equal", "any_equal") and features.is_list(key := level.column or c.column[0])
    ]
    if problems:
        hint = "use any_equal, or name a single value with column, e.g. {jaro_winkler: 0.9, column: email}"
        raise ConfigurationError("comparisons.yml puts levels on lists", problems=tuple(problems), hint=hint)


def _keys(comparison: Comparison) -> list[Key]:
    texts = [*comparison.column, *([comparison.skip_when_swapped_with] if comparison.skip_when_swapped_with else [])]
    for level in comparison.levels:
        texts += [level.column] if level.column else []
        texts += list(level.value) if isinstance(level.value, tuple) else []
        texts += [level.value] if isinstance(level.value, str) else []
    return [parse_key(text) for text in texts]


def _level(comparison: Comparison, features: FeatureSet, similarities: Similarities) -> Column:
    names = [features.need("value", key) for key in comparison.column]
    level = F.when(~present_on_both(names), F.lit(-1))
    if comparison.skip_when_swapped_with:
        level = level.when(swapped(comparison.column[0], comparison.skip_when_swapped_with, features), F.lit(-1))
    for number, declared in enumerate(comparison.levels):
        level = level.when(level_test(declared, comparison.column[0], features, similarities), F.lit(number))
    return level.otherwise(F.lit(len(comparison.levels))).cast("tinyint")


def _counted_levels(comparison: Comparison, features: FeatureSet, within: tuple[str, ...]) -> dict[int, str]:
    """Return the count column of each level that rests on whole values: exact and equal ones, lists left out."""
    found = {}
    for number, level in enumerate(comparison.levels):
        keys = level.value if isinstance(level.value, tuple) else (level.column or comparison.column[0],)
        if level.kind in ("exact", "equal") and not any(features.is_list(key) for key in keys):
            found[number] = features.need_count((*keys, *within))
    return found


def _frequency(position: int, counted: dict[int, str]) -> Column:
    """Return the count behind the level reached; for the other levels the more common of the two values."""
    level = F.col(f"g{position}")
    (_, name), *_ = counted.items()
    common = F.greatest(f"l_{name}", f"r_{name}")
    for number, other in counted.items():
        common = F.when(level == number, F.col(f"l_{other}")).otherwise(common)
    return F.when(level >= 0, common)


def with_sides(pairs: DataFrame, features: DataFrame) -> DataFrame:
    """Return the pairs with both records' prepared columns beside them, as `l_*` and `r_*`."""
    columns = [c for c in features.columns if c != "source"]  # what no comparison reads does not travel with every pair
    left = features.select(*(F.col(c).alias(_side("l", c)) for c in columns))
    right = features.select(*(F.col(c).alias(_side("r", c)) for c in columns))
    return pairs.join(left, on="party_id_l", how="inner").join(right, on="party_id_r", how="inner")


def _side(side: str, column: str) -> str:
    return f"{column}_{side}" if column in ("party_id", "record_id", "source") else f"{side}_{column}"


def compare(sided: DataFrame, plan: ComparisonPlan, keep: tuple[str, ...]) -> DataFrame:
    """Return the columns of `keep`, the level of every comparison and the counts that term frequency rests on.

    Three projections on purpose: similarities, levels, counts. Spark folds a projection into the next only where each
    costly expression is then used once, so a similarity is computed once however many levels ask for it.
    """
    inputs = [c for c in sided.columns if c[:2] in ("l_", "r_")]
    with_similarity = sided.select(*keep, *inputs, *plan.similarities)
    counts = [c for name in plan.features.counted for c in (f"l_{name}", f"r_{name}")]
    levelled = with_similarity.select(*keep, *counts, *plan.levels)
    return levelled.select(*keep, *plan.level_names, *plan.frequencies)


def random_pairs(
    features: DataFrame, *, records: int, wanted: int, seed: int, across: bool, within: tuple[str, float] | None = None
) -> DataFrame:
    """Return about `wanted` random record pairs with both sides, the same on every run, by hashing into small buckets.

    Args:
        features: prepared records.
        records: how many there are.
        wanted: how many pairs to make.
        seed: of the hash.
        across: whether only pairs of two different sources count.
        within: the column of populations that both must share, and the share of all pairs that do.
    """
    column, share = within or (None, 1.0)
    sampled = max(2, min(records, max(2_000, wanted // 15)))
    buckets = max(1, round(share * sampled * (sampled - 1) / 2 / max(1, wanted)))
    draw = F.pmod(F.xxhash64(F.lit(seed), "party_id"), F.lit(1_000_003))
    some = features.where(draw < round(1_000_003 * sampled / max(records, 1)))
    drawn = F.pmod(F.xxhash64("party_id", F.lit(seed)), F.lit(buckets))
    bucketed = some.withColumn("bucket", F.struct(drawn, column) if column else drawn)
    left = bucketed.select("bucket", *(F.col(c).alias(_side("l", c)) for c in features.columns))
    right = bucketed.select("bucket", *(F.col(c).alias(_side("r", c)) for c in features.columns))
    allowed = F.col("party_id_l") < F.col("party_id_r")
    if across:
        allowed = allowed & (F.col("source_l") != F.col("source_r"))
    return left.join(right, on="bucket", how="inner").where(allowed)
