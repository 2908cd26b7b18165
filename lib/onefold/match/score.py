"""Levels become weights: prior plus comparisons plus term frequency, as one projection over the stored levels."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.match.em import related_ratios
from onefold.match.model import ComparisonModel, Model

__all__ = ["score"]


def score(levelled: DataFrame, model: Model, rule_names: tuple[str, ...], store_above: float) -> DataFrame:
    """Return the scored pairs above the bound, in the columns of match/pair.

    Args:
        levelled: ids, `rule_number`, `rules`, levels `g0`... and counts `t<position>`, as `compare` makes them.
        model: the trained model.
        rule_names: the blocking rules, in order.
        store_above: match weight that a stored pair must exceed.
    """
    weights = [_level_weight(i, c).alias(f"w{i}") for i, c in enumerate(model.comparisons)]
    adjusted = [
        _frequency_weight(i, c).alias(f"tf{i}") if f"t{i}" in levelled.columns else F.lit(0.0).alias(f"tf{i}")
        for i, c in enumerate(model.comparisons)
    ]
    ids = ("party_id_l", "party_id_r", "record_id_l", "record_id_r", "rule_number", "rules")
    levels = [f"g{i}" for i in range(len(model.comparisons))]
    related = [_related_weight(i, c).alias(f"r{i}") for i, c in enumerate(model.comparisons)] if model.related_share else []
    weighed = levelled.select(*ids, *levels, *weights, *adjusted, *related)
    summed = weighed.select("*", _match_weight(model).alias("match_weight")).where(F.col("match_weight") > store_above)
    return summed.select(
        F.lit(model.entity_type).alias("entity_type"),
        *ids[:4],
        F.element_at(F.array(*(F.lit(name) for name in rule_names)), F.col("rule_number") + 1).alias("rule"),
        "rules",
        "match_weight",
        (1.0 / (1.0 + F.pow(F.lit(2.0), -F.col("match_weight")))).alias("match_probability"),
        F.array(*(_step(i, c) for i, c in enumerate(model.comparisons))).alias("comparisons"),
    )


def _at(position: int, values: list[Column]) -> Column:
    """Pick by level, the value of the missing level (-1) first."""
    return F.element_at(F.array(*values), F.col(f"g{position}").cast("int") + 2)


def _level_weight(position: int, comparison: ComparisonModel) -> Column:
    return _at(position, [F.lit(0.0), *(F.lit(level.weight) for level in comparison.levels)])


def _frequency_weight(position: int, comparison: ComparisonModel) -> Column:
    """Return log2(mean others / others of this value); for fuzzy levels a share of it, and only downwards or up to zero.

    The pair itself is taken off both counts, so that a value which only the two records of one match share counts as rare.
    """
    if not comparison.mean_others:
        return F.lit(0.0)
    others = F.greatest(F.col(f"t{position}") - 1, F.lit(1)).cast("double")
    first = min(comparison.mean_others)
    factors: list[Column] = [F.lit(0.0)]
    for level in comparison.levels:
        mean = comparison.mean_others.get(level.number)
        is_else = level.number == len(comparison.levels) - 1
        share = 1.0 if mean is not None else 0.0 if is_else else comparison.fuzzy_share
        reference = math.log2(max(mean if mean is not None else comparison.mean_others[first], 1.0))
        factors.append(F.lit(share) * (F.lit(reference) - F.log2(others)) if share else F.lit(0.0))
    return F.coalesce(_at(position, factors), F.lit(0.0))


def _related_weight(position: int, comparison: ComparisonModel) -> Column:
    """Return log2(h / u) of the level: what the agreement says for two related parties that are not one."""
    ratios = related_ratios(np.array([level.weight for level in comparison.levels]), comparison.shared)
    return _at(position, [F.lit(0.0), *(F.lit(float(ratio)) for ratio in ratios)])


def _match_weight(model: Model) -> Column:
    """Return the log2 odds of a match against everything else: strangers, and related parties that agree by kinship.

    With ρ the related pairs among those that do not match and R = log2 of P(pattern | related) / P(pattern | stranger),
    the odds against strangers alone are divided by (1 - ρ) + ρ 2^R.
    """
    against_strangers = F.lit(model.prior_weight) + _total(model, "w", dict.fromkeys(range(len(model.comparisons)), 1.0))
    if not model.related_share:
        return against_strangers
    related = _total(model, "r", {i: c.shared for i, c in enumerate(model.comparisons) if c.shared})
    share = F.lit(model.related_share)
    return against_strangers - F.log2(1.0 - share + share * F.pow(F.lit(2.0), F.least(related, F.lit(500.0))))


def _total(model: Model, prefix: str, frequency_shares: dict[int, float]) -> Column:
    total: Column = F.lit(0.0)
    for i in range(len(model.comparisons)):
        total = total + F.col(f"{prefix}{i}")
        if frequency_shares.get(i):
            total = total + F.lit(frequency_shares[i]) * F.col(f"tf{i}")
    groups = sorted({c.group for c in model.comparisons if c.group is not None})
    for group in groups:
        members = [f"{prefix}{i}" for i, c in enumerate(model.comparisons) if c.group == group]
        if len(members) > 1:
            total = total - F.lit(1.0 - model.group_discount) * (_further(members, F.greatest) + _further(members, F.least))
    return total


def _further(members: list[str], strongest: Callable[..., Column]) -> Column:
    """Return the sum of a group's positive (greatest) or negative (least) weights without the strongest of them."""
    signed = [strongest(F.col(name), F.lit(0.0)) for name in members]
    return reduce(lambda a, b: a + b, signed) - strongest(*signed)


def _step(position: int, comparison: ComparisonModel) -> Column:
    labels = F.array(F.lit("missing"), *(F.lit(level.label) for level in comparison.levels))
    return F.struct(
        F.lit(comparison.name).alias("name"),
        F.element_at(labels, F.col(f"g{position}").cast("int") + 2).alias("level"),
        F.col(f"w{position}").alias("weight"),
        F.col(f"tf{position}").alias("tf_weight"),
    )
