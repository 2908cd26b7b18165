"""Levels become weights: prior plus comparisons plus term frequency, as one projection over the levels of a pair.

Comparisons are laid together into a few tables, one entry for every combination of their levels, so that a pair's weight is
a few look-ups and a sum: small enough for Spark to compile well, however much the discount of a group has to weigh up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.match.em import Floats, related_ratios
from onefold.match.model import ComparisonModel, Model
from onefold.match.train import discounted

__all__ = ["score"]

_MORE_PARTITIONS = 1_000_000

_LARGEST_TABLE = 2_048
"""Combinations of levels in one table; a group of comparisons stays in one, however many it has."""


def score(levelled: DataFrame, model: Model, rule_names: tuple[str, ...], store_above: float) -> DataFrame:
    """Return the scored pairs above the bound, in the columns of match/pair.

    Args:
        levelled: ids, `rule_number`, `rules`, levels `g0`... and counts `t<position>`, as `compare` makes them.
        model: the trained model.
        rule_names: the blocking rules, in order.
        store_above: match weight that a stored pair must exceed.
    """
    counted = [i for i, c in enumerate(model.comparisons) if f"t{i}" in levelled.columns and c.mean_others]
    adjusted = {i: _frequency_weight(i, model.comparisons[i]) for i in counted}
    ids = ("party_id_l", "party_id_r", "record_id_l", "record_id_r", "rule_number", "rules")
    levels = [f"g{i}" for i in range(len(model.comparisons))]
    weighed = _apart(levelled).select(*ids, *levels, *(column.alias(f"tf{i}") for i, column in adjusted.items()), "at")
    summed = weighed.select("*", _match_weight(model, counted).alias("match_weight"))
    summed = summed.where((F.col("match_weight") > store_above) & (F.col("at") >= 0))
    steps = [_step(i, c, F.col(f"tf{i}") if i in adjusted else F.lit(0.0)) for i, c in enumerate(model.comparisons)]
    return summed.select(
        F.lit(model.entity_type).alias("entity_type"),
        *ids[:4],
        F.element_at(F.array(*(F.lit(name) for name in rule_names)), F.col("rule_number") + 1).alias("rule"),
        "rules",
        "match_weight",
        (1.0 / (1.0 + F.pow(F.lit(2.0), -F.col("match_weight")))).alias("match_probability"),
        F.array(*steps).alias("comparisons"),
    )


def _apart(levelled: DataFrame) -> DataFrame:
    """Return the levels with a column `at`, in a form in which Spark neither moves a test before them nor compiles them with it.

    A test on the weight would otherwise be made before the levels exist, and work them out again and again; what is random for
    Spark (the number of a partition, never negative) stays in its place if the test reads it. And comparing and scoring in one
    compiled method are more than the JVM optimises, three times slower than in two: to ask for more partitions than there are
    changes nothing but that.
    """
    return levelled.coalesce(_MORE_PARTITIONS).withColumn("at", F.spark_partition_id())


def _table(values: Sequence[float]) -> Column:
    """Return the values as one constant array: a text, because thousands of literals take seconds to build."""
    return F.split(F.lit(",".join(map(repr, values))), ",").cast("array<double>")


def _at(position: int, values: Sequence[float]) -> Column:
    """Pick by level, the value of the missing level (-1) first."""
    return F.element_at(_table(values), F.col(f"g{position}").cast("int") + 2)


def _weights(comparison: ComparisonModel) -> list[float]:
    """Return the weights by level, that of the missing level (0) first."""
    return [0.0, *(float(level.weight) for level in comparison.levels)]


def _frequency_weight(position: int, comparison: ComparisonModel) -> Column:
    """Return log2(mean others / others of this value); for fuzzy levels a share of it, and only downwards or up to zero.

    The pair itself is taken off both counts, so that a value which only the two records of one match share counts as rare.
    """
    first = min(comparison.mean_others)
    shares, references = [0.0], [0.0]
    for level in comparison.levels:
        mean = comparison.mean_others.get(level.number)
        is_else = level.number == len(comparison.levels) - 1
        shares.append(1.0 if mean is not None else 0.0 if is_else else comparison.fuzzy_share)
        references.append(math.log2(max(mean if mean is not None else comparison.mean_others[first], 1.0)))
    others = F.log2(F.greatest(F.col(f"t{position}") - 1, F.lit(1)).cast("double"))
    return F.coalesce(_at(position, shares) * (_at(position, references) - others), F.lit(0.0))


def _match_weight(model: Model, counted: Sequence[int]) -> Column:
    """Return the log2 odds of a match against everything else: strangers, and related parties that agree by kinship.

    With ρ the related pairs among those that do not match and R = log2 of P(pattern | related) / P(pattern | stranger),
    the odds against strangers alone are divided by (1 - ρ) + ρ 2^R.
    """
    frequency = [F.col(f"tf{i}") for i in counted]
    against_strangers = _sum(
        [F.lit(model.prior_weight), *_looked_up(model, [_weights(c) for c in model.comparisons]), *frequency]
    )
    if not model.related_share:
        return against_strangers
    held = [[0.0, *map(float, related_ratios(np.array(_weights(c)[1:]), c.shared))] for c in model.comparisons]
    shares = {i: model.comparisons[i].shared for i in counted if model.comparisons[i].shared}
    related = _sum([*_looked_up(model, held), *(F.lit(share) * F.col(f"tf{i}") for i, share in shares.items())])
    share = F.lit(model.related_share)
    return against_strangers - F.log2(1.0 - share + share * F.pow(F.lit(2.0), F.least(related, F.lit(500.0))))


def _sum(parts: Sequence[Column]) -> Column:
    return reduce(lambda a, b: a + b, parts)


def _looked_up(model: Model, values: Sequence[Sequence[float]]) -> list[Column]:
    """Return the sums of these values by level (missing first) over all comparisons, groups discounted: a look-up a table."""
    return [_of_table(model, positions, [values[i] for i in positions]) for positions in _tables(model)]


def _of_table(model: Model, positions: Sequence[int], values: Sequence[Sequence[float]]) -> Column:
    sizes = [len(v) for v in values]
    strides = [1, *accumulate(sizes, lambda a, b: a * b)]
    combinations = np.arange(strides[-1])
    each: Floats = np.stack(
        [np.array(v)[combinations // stride % size] for v, stride, size in zip(values, strides, sizes, strict=False)]
    )
    totals = discounted(each, tuple(model.comparisons[i].group for i in positions), model.group_discount)
    codes = [(F.col(f"g{i}").cast("int") + 1) * F.lit(stride) for i, stride in zip(positions, strides, strict=False)]
    return F.element_at(_table([float(total) for total in totals]), _sum(codes) + 1)


def _tables(model: Model) -> list[list[int]]:
    """Return the positions of the comparisons, table by table: groups whole, tables no larger than they may be."""
    groups: dict[str, list[int]] = {}
    for i, comparison in enumerate(model.comparisons):
        groups.setdefault(comparison.group or f"\0{i}", []).append(i)
    tables: list[list[int]] = []
    for positions in groups.values():
        if tables and _combinations(model, [*tables[-1], *positions]) <= _LARGEST_TABLE:
            tables[-1] += positions
        else:
            tables.append(list(positions))
    return tables


def _combinations(model: Model, positions: Sequence[int]) -> int:
    return math.prod(len(model.comparisons[i].levels) + 1 for i in positions)


def _step(position: int, comparison: ComparisonModel, frequency: Column) -> Column:
    labels = F.array(F.lit("missing"), *(F.lit(level.label) for level in comparison.levels))
    return F.struct(
        F.lit(comparison.name).alias("name"),
        F.element_at(labels, F.col(f"g{position}").cast("int") + 2).alias("level"),
        _at(position, _weights(comparison)).alias("weight"),
        frequency.alias("tf_weight"),
    )
