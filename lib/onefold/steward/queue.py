"""The review queue: unsure pairs and suspicious customers, ranked by the value of looking at them.

Value of review = how unsure it is (0 to 1) x how much is at stake (log2 of 1 + the records touched) x whether the answer
decides anything (1, or 0.25 where others hold the two records together anyway).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.contracts.stewardship import REVIEW_QUEUE
from onefold.steward.answered import Answered, unanswered
from onefold.steward.settings import ReviewSettings

__all__ = ["Matched", "review_queue"]

_HELD = 0.25
"""Worth of a pair without which its records would be one customer all the same."""
_SUSPICIOUS = 0.3
_LARGE = 20
_PAIR = ("entity_type", "party_id_l", "party_id_r", "record_id_l", "record_id_r", "match_weight", "match_probability")
_ITEM = (*_PAIR, "customer_id_l", "customer_id_r", "kind", "why", "value")


@dataclass(frozen=True)
class Matched:
    """The tables of a run that the queue is made from, and the least weight of a pair that joins by entity type."""

    pairs: DataFrame
    entity_map: DataFrame
    clusters: DataFrame
    thresholds: Mapping[str, float]


def review_queue(matched: Matched, answered: Answered, settings: ReviewSettings, *, run_id: str) -> DataFrame:
    """Return the REVIEW_QUEUE table.

    One question for every two customers, and for every customer one about its inside; of all the most valuable ones. What was
    answered does not come back, nor a question about two customers of which two records are kept apart.

    Args:
        matched: what the run found.
        answered: decisions in force and labels.
        settings: how many, and how near to the threshold.
        run_id: the run that queues.
    """
    laid = unanswered(_laid(matched, settings.near_weight), answered)
    items = _unsure_pairs(_not_kept_apart(laid, matched, answered), settings.near_weight)
    items = items.unionByName(_suspicious(laid, matched, settings.max_items))
    hashed = F.substring(F.sha2(F.concat_ws("\n", "record_id_l", "record_id_r"), 256), 1, 16)
    # One pair may be asked about for two reasons: the better one stays.
    best = items.groupBy(F.concat(F.lit("R"), hashed).alias("item_id")).agg(F.max(F.struct("value", *_ITEM[:-1])).alias("best"))
    best = best.select("item_id", "best.*").orderBy(F.col("value").desc(), "item_id").limit(settings.max_items)
    return REVIEW_QUEUE.conform(
        best.select(
            "*",
            F.array_distinct(F.array("customer_id_l", "customer_id_r")).alias("customer_ids"),
            F.array("record_id_l", "record_id_r").alias("record_ids"),
            F.lit(run_id).alias("run_id"),
        )
    )


def _least(thresholds: Mapping[str, float]) -> Column:
    start: Column = F.lit(None).cast("double")
    return reduce(lambda chain, one: F.when(F.col("entity_type") == one[0], one[1]).otherwise(chain), thresholds.items(), start)


def _laid(matched: Matched, near: float) -> DataFrame:
    """Return the pairs that join or nearly do, with their distance from the threshold and the customers at both ends."""
    scored = matched.pairs.select(*_PAIR, (F.col("match_weight") - _least(matched.thresholds)).alias("off"))
    known = ("customer_id", "entity_size", "linked_record_id")
    for side in ("l", "r"):
        named = [F.col(name).alias(f"{name}_{side}") for name in known]
        ends = matched.entity_map.select(F.col("party_id").alias(f"party_id_{side}"), *named)
        scored = scored.where(F.col("off") >= -near).join(ends, on=f"party_id_{side}", how="inner")
    return scored


def _not_kept_apart(laid: DataFrame, matched: Matched, answered: Answered) -> DataFrame:
    """Leave out the pairs across two customers of which a decision says that they are not one."""
    customer = matched.entity_map.select("record_id", "customer_id")
    apart = answered.apart
    for side in ("l", "r"):
        ends = customer.select(F.col("record_id").alias(f"group_{side}"), F.col("customer_id").alias(f"_{side}"))
        apart = ends.join(F.broadcast(apart), on=f"group_{side}", how="inner")
    both = apart.select(F.least("_l", "_r").alias("_low"), F.greatest("_l", "_r").alias("_high")).dropDuplicates()
    low, high = F.least("customer_id_l", "customer_id_r"), F.greatest("customer_id_l", "customer_id_r")
    # A customer whose own records are kept apart is not possible; a decision of this very day is not in the map yet.
    both = both.where(F.col("_low") != F.col("_high"))
    return laid.withColumns({"_low": low, "_high": high}).join(F.broadcast(both), on=["_low", "_high"], how="left_anti")


def _unsure_pairs(laid: DataFrame, near: float) -> DataFrame:
    """Return the most valuable pair of every two customers, and inside of every customer."""
    apart = F.col("customer_id_l") != F.col("customer_id_r")
    overruled = apart & (F.col("off") >= 0)
    hangs = (F.col("linked_record_id_l") == F.col("record_id_r")) | (F.col("linked_record_id_r") == F.col("record_id_l"))
    decides = F.when(apart | F.coalesce(hangs, F.lit(False)), 1.0).otherwise(_HELD)
    touched = F.when(apart, F.col("entity_size_l") + F.col("entity_size_r")).otherwise(F.col("entity_size_l"))
    unsure = F.when(overruled, 1.0).otherwise(_entropy(F.col("off")))
    sizes = F.concat_ws(" and ", F.col("entity_size_l").cast("string"), F.col("entity_size_r").cast("string"))
    why = (
        F.when(overruled, F.concat(F.lit("over the threshold, and kept apart by what other pairs say; customers of "), sizes))
        .when(apart, F.concat(F.lit("under the threshold; would join customers of "), sizes))
        .when(hangs, F.concat(F.lit("barely over the threshold; a record hangs on it in a customer of "), touched))
        .otherwise(F.concat(F.lit("barely over or under the threshold inside a customer of "), touched))
    )
    asked = laid.where(apart | (F.abs(F.col("off")) <= near)).select(
        *(*_PAIR, "customer_id_l", "customer_id_r", "_low", "_high"),
        F.lit("pair").alias("kind"),
        F.concat(why, F.lit(" records")).alias("why"),
        _rounded(unsure * F.log2(1 + touched) * decides).alias("value"),
    )
    # Ties go to the heavier pair, then by record ids: the order of the rows never matters.
    first = ("value", "match_weight", "record_id_l", "record_id_r")
    rest = [name for name in _ITEM if name not in first]
    best = asked.groupBy("_low", "_high").agg(F.max(F.struct(*first, *rest)).alias("best"))
    return best.select("best.*").select(*_ITEM)


def _suspicious(laid: DataFrame, matched: Matched, most: int) -> DataFrame:
    """Return the weakest pair, not yet answered, of each suspicious customer of three and more records."""
    clusters = matched.clusters.where(F.col("size") > 2)
    doubt, why = _suspicion(_least(matched.thresholds))
    value = _rounded(doubt * F.log2(1 + F.col("size")))
    chosen = clusters.select("customer_id", doubt.alias("doubt"), value.alias("value"), why.alias("why"))
    chosen = chosen.where(F.col("doubt") >= _SUSPICIOUS).orderBy(F.col("value").desc(), "customer_id").limit(most)
    inside = laid.where((F.col("customer_id_l") == F.col("customer_id_r")) & (F.col("off") >= 0))
    asked = inside.withColumn("customer_id", F.col("customer_id_l")).join(F.broadcast(chosen), on="customer_id", how="inner")
    asked = asked.withColumn("kind", F.lit("cluster"))
    first = ("match_weight", "record_id_l", "record_id_r")
    rest = [name for name in _ITEM if name not in first]
    weakest = asked.groupBy("customer_id").agg(F.min(F.struct(*first, *rest)).alias("weakest"))
    return weakest.select("weakest.*").select(*_ITEM)


def _suspicion(least: Column) -> tuple[Column, Column]:
    """Return how suspicious a customer is (one minus the product of what each sign leaves of trust), and the signs in words."""
    told, split = F.size("contradictions") > 0, F.col("split_from").isNotNull()
    bridged, large = F.col("bridges") > 0, F.col("size") > _LARGE
    weakest = F.coalesce(_entropy(F.col("min_weight") - least), F.lit(0.0))
    signs = (
        (0.9, told, F.concat(F.lit("contradictions: "), F.array_join("contradictions", ", "))),
        (0.3, split, F.concat(F.lit("split from "), F.col("split_from_size"), F.lit(" records"))),
        (0.4, bridged, F.concat(F.col("bridges"), F.lit(" bridges"))),
        (0.3, large, F.lit("large")),
    )
    trust = (1 - 0.5 * (1 - F.col("density"))) * (1 - 0.5 * weakest)
    for share, sign, _ in signs:
        trust = trust * F.when(sign, 1 - share).otherwise(1.0)
    dense = F.concat(F.round(100 * F.col("density")).cast("int"), F.lit(" % of its pairs are over the threshold"))
    words = F.concat_ws("; ", dense, *(F.when(sign, text) for _, sign, text in signs))
    return 1 - trust, F.concat(F.lit("customer of "), F.col("size"), F.lit(" records: "), words)


def _entropy(off: Column) -> Column:
    """Return how unsure a pair is, 1 at the threshold: the entropy in bits of the odds that its distance from it makes."""
    p = 1 / (1 + F.pow(F.lit(2.0), -off))
    inner = -p * F.log2(p) - (1 - p) * F.log2(1 - p)
    return F.when(F.abs(off) > 40, 0.0).otherwise(inner)


def _rounded(value: Column) -> Column:
    return F.round(value, 4)
