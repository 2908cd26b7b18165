"""Which pairs to ask people about: some at random from every stratum of the plan, some because they are informative.

The random ones make estimates without bias possible: the pairs of a stratum are asked about in the order of a fixed hash, so
that whatever has been answered so far is a random sample of it, over any number of sessions. The informative ones lie
near the threshold, each with another pattern of levels, patterns of many pairs first. A fixed hash also says which half of
the pairs serves which purpose, so that neither choice disturbs the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.judge.links import joining
from onefold.match.judge.review_plan import Allocation, review_plan
from onefold.match.judge.strata import Answered, Key, Stratum, strata_of, stratum_name, stratum_number

__all__ = ["Question", "Wish", "choose_pairs", "shared_out", "this_pair"]

_HALF = 1 << 30
_NEAR = 8.0  # bits from the threshold within which a pair is worth asking about
_PAIR = ("party_id_l", "party_id_r")


@dataclass(frozen=True)
class Wish:
    """How many pairs to choose, of which entity type (None: all), and which intervals the plan aims at."""

    wanted: int = 20
    entity_type: str | None = None
    margin: float = 0.03
    random_share: float = 0.5
    seed: int = 20_26


@dataclass(frozen=True)
class Question:
    """One pair to ask about; `sampling_probability` is None when it was picked because it is informative."""

    entity_type: str
    party_id_l: int
    party_id_r: int
    record_id_l: str
    record_id_r: str
    match_weight: float | None
    match_probability: float | None
    stratum: str | None
    stratum_pairs: int | None
    sampling_probability: float | None


def choose_pairs(
    pairs: DataFrame, labels: DataFrame, thresholds: Mapping[str, float], wish: Wish | None = None
) -> tuple[Question, ...]:
    """Return the pairs to ask about next, none that has been answered, in an order that tells nothing of their weight.

    Args:
        pairs: match/pair.
        labels: match/label, empty at first.
        thresholds: least weight of a pair that joins, by entity type.
        wish: how many, of which type.
    """
    wish = wish or Wish()
    kinds = [kind for kind in thresholds if wish.entity_type in (None, kind)]
    some = pairs.where(F.col("entity_type").isin(*kinds)).select("*", _draw(wish.seed), joining(thresholds).alias("joins"))
    strata = strata_of(some, thresholds)
    done = _done(labels, thresholds)
    plan = [a for allocations in review_plan(strata, wish.margin, done).values() for a in allocations]
    fresh = some.join(labels.select(*_PAIR).dropDuplicates(), on=list(_PAIR), how="left_anti")
    at_random = round(wish.wanted * wish.random_share)
    quotas = shared_out(plan, done, at_random)
    planned = {a.stratum.key: a for a in plan}
    chosen = [*_random(fresh, quotas, planned), *_informative(fresh, some, labels, thresholds, wish.wanted - at_random)]
    questions = [_question(row, planned) for row in chosen]
    order = {(row["party_id_l"], row["party_id_r"]): row["mix"] for row in chosen}
    return tuple(sorted(questions, key=lambda q: order[q.party_id_l, q.party_id_r]))


def this_pair(pairs: DataFrame, parties: DataFrame, labels: DataFrame, ids: tuple[str, str]) -> Question:
    """Return one pair that a person names, to be asked about whether it was answered before or not.

    Raises:
        DataContractError: when a record is not in silver/party.
    """
    known = parties.where(F.col("record_id").isin(*ids)).select("party_id", "record_id", "entity_type")
    # bounded: the two records asked for
    found = sorted((row["party_id"], row["record_id"], row["entity_type"]) for row in known.toLocalIterator())
    if len(found) != 2:
        raise DataContractError(
            f"{len(found)} of the records {ids[0]} and {ids[1]} in silver/party", hint="give two different record ids, source:key"
        )
    here = (F.col("party_id_l") == found[0][0]) & (F.col("party_id_r") == found[1][0])
    drawn = labels.where(here & F.col("sampling_probability").isNotNull())
    given: dict[str, Any] = dict.fromkeys(
        ("match_weight", "match_probability", "stratum", "stratum_pairs", "sampling_probability")
    )
    # bounded: the one pair asked for
    for row in pairs.where(here).select("match_weight", "match_probability").limit(1).toLocalIterator():
        given |= row.asDict()
    # bounded: the one pair asked for
    for row in drawn.select("stratum", "stratum_pairs", "sampling_probability").limit(1).toLocalIterator():
        given |= row.asDict()
    (left, record_l, kind), (right, record_r, _) = found
    return Question(kind, left, right, record_l, record_r, **given)


def _draw(seed: int) -> Column:
    """Return the pair's fixed random number: the lower half of its range is for random samples."""
    return F.pmod(F.xxhash64(F.lit(seed), *_PAIR), F.lit(2 * _HALF)).alias("draw")


def _done(labels: DataFrame, thresholds: Mapping[str, float]) -> dict[Key, Answered]:
    """Count the random pairs of each stratum that have been answered, and the matches among them."""
    random = labels.where(F.col("sampling_probability").isNotNull() & F.col("answer").isin("match", "no_match"))
    one = random.groupBy("entity_type", *_PAIR, "match_weight").agg(F.max(F.col("answer") == "match").alias("is_match"))
    counted = one.groupBy("entity_type", stratum_number().alias("number"), joining(thresholds).alias("joins"))
    found = counted.agg(F.count("*").alias("labels"), F.sum(F.col("is_match").cast("int")).alias("matches"))
    # bounded: a row for each stratum
    rows = found.toPandas().to_dict("records")
    return {
        (str(r["entity_type"]), int(r["number"]), bool(r["joins"])): Answered(int(r["labels"]), int(r["matches"])) for r in rows
    }


def shared_out(plan: list[Allocation], done: Mapping[Key, Answered], wanted: int) -> dict[Key, int]:
    """Share so many questions out over the strata by what the plan still lacks; the largest remainders get the rest."""
    keys = [a.stratum.key for a in plan]
    lacking = [max(0, a.labels - (done[key].labels if key in done else 0)) for a, key in zip(plan, keys, strict=True)]
    weights = lacking if sum(lacking) else [a.labels for a in plan]
    total = sum(weights)
    if not total:
        return {}
    exact = [wanted * weight / total for weight in weights]
    quotas = [int(share) for share in exact]
    rest = sorted(range(len(plan)), key=lambda i: (quotas[i] - exact[i], i))
    for place in rest[: wanted - sum(quotas)]:
        quotas[place] += 1
    return {key: quota for key, quota in zip(keys, quotas, strict=True) if quota}


def _random(fresh: DataFrame, quotas: Mapping[Key, int], planned: Mapping[Key, Allocation]) -> list[dict[str, Any]]:
    """Return the next pairs of every stratum in the order of their fixed random numbers."""
    if not quotas:
        return []
    numbered = fresh.where(F.col("draw") < _HALF).withColumn("number", stratum_number())
    quota: Column = F.lit(0)
    reach: Column = F.lit(0)
    for (kind, number, joins), size in quotas.items():
        here = (F.col("entity_type") == kind) & (F.col("number") == number) & (F.col("joins") == joins)
        quota = F.when(here, size).otherwise(quota)
        # Far enough for what was asked about and what is to come, so that few pairs have to be put in order.
        allocation = planned[kind, number, joins]
        share = min(1.0, (4 * (size + allocation.labels) + 100) / (allocation.stratum.pairs / 2))
        reach = F.when(here, round(share * _HALF)).otherwise(reach)
    near = numbered.where(F.col("draw") < reach)
    place = F.row_number().over(Window.partitionBy("entity_type", "number", "joins").orderBy("draw"))
    some = near.select("*", quota.alias("quota"), place.alias("place")).where(F.col("place") <= F.col("quota"))
    return _rows(some.withColumn("at_random", F.lit(True)))


def _informative(
    fresh: DataFrame, every: DataFrame, labels: DataFrame, thresholds: Mapping[str, float], wanted: int
) -> list[dict[str, Any]]:
    """Return pairs near the threshold, many patterns of levels rather than one, those of many pairs and few answers first."""
    if wanted <= 0:
        return []
    least = reduce(
        lambda chain, item: F.when(F.col("entity_type") == item[0], item[1]).otherwise(chain), thresholds.items(), F.lit(0.0)
    )
    distance = F.abs(F.col("match_weight") - least)
    pattern = F.array_join(F.transform("comparisons", lambda c: c.getField("level")), "|")
    near = fresh.where((F.col("draw") >= _HALF) & (distance <= _NEAR))
    near = near.withColumns({"pattern": pattern, "distance": distance, "number": stratum_number()}).drop("comparisons")
    alike = Window.partitionBy("entity_type", "pattern")
    ranked = near.select(
        "*", F.count("*").over(alike).alias("pairs"), F.row_number().over(alike.orderBy("distance", "draw")).alias("rank")
    ).where(F.col("rank") <= wanted)
    asked = every.join(labels.select(*_PAIR).dropDuplicates(), on=list(_PAIR), how="left_semi")
    answers = asked.groupBy("entity_type", pattern.alias("pattern")).agg(F.count("*").alias("answers"))
    judged = ranked.join(F.broadcast(answers), on=["entity_type", "pattern"], how="left")
    worth = F.log1p("pairs") / (1.0 + F.col("distance")) / (F.col("rank") + F.coalesce("answers", F.lit(0)))
    top = judged.orderBy(worth.desc(), "draw").limit(wanted)
    return _rows(top.withColumn("at_random", F.lit(False)))


def _rows(chosen: DataFrame) -> list[dict[str, Any]]:
    columns = (
        "entity_type",
        *_PAIR,
        "record_id_l",
        "record_id_r",
        "match_weight",
        "match_probability",
        "number",
        "joins",
        "at_random",
        F.xxhash64(F.lit("mix"), *_PAIR).alias("mix"),
    )
    # bounded: as many pairs as a person asked for
    return [row.asDict() for row in chosen.select(*columns).toLocalIterator()]


def _question(row: Mapping[str, Any], planned: Mapping[Key, Allocation]) -> Question:
    allocation = planned[row["entity_type"], row["number"], row["joins"]]
    stratum: Stratum = allocation.stratum
    probability = min(1.0, allocation.labels / stratum.pairs) if row["at_random"] else None
    given = {f.name: row[f.name] for f in fields(Question) if f.name in row}
    return Question(**given, stratum=stratum_name(row["number"]), stratum_pairs=stratum.pairs, sampling_probability=probability)
