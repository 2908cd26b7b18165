"""Blocking recall: estimated from what the rules found of the likely matches, and counted where there is a truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import StageOrderError
from onefold.match.blocking_report import rule_bit
from onefold.match.capture import Entities, Histories, RecallEstimate, attributes_of, estimate_recall
from onefold.match.keyed import HASH_BITS
from onefold.match.settings import EntityBlocking
from onefold.match.truth import read_truth

__all__ = ["TrueRecall", "count_recall", "estimated_recall"]

_LIKELY = 0.5


@dataclass(frozen=True)
class TrueRecall:
    """True pairs in all, those that some rule finds, and those that each rule finds, in order."""

    pairs: int
    found: int
    by_rule: tuple[int, ...]

    @property
    def recall(self) -> float:
        """Share of the true pairs that some rule finds; 1 when there are none."""
        return self.found / self.pairs if self.pairs else 1.0


def estimated_recall(pairs: DataFrame, entity_map: DataFrame | None, settings: EntityBlocking) -> RecallEstimate | None:
    """Return the estimate of blocking recall after a run; None when it found too few matches.

    Args:
        pairs: match/pair of one entity type.
        entity_map: match/entity_map of the entity type, when resolve has run.
        settings: the rules that the pairs were made by.

    Raises:
        StageOrderError: when the pairs were made by other rules.
    """
    likely = pairs.where(F.col("match_probability") >= _LIKELY)
    # bounded: sets of rules that occur together, some thousands at most
    counted = likely.groupBy("rules", "rule").agg(F.sum("match_probability").alias("matches")).toPandas()
    if counted["rules"].isna().any() or not _fits(list(zip(counted["rules"], counted["rule"], strict=True)), settings):
        raise StageOrderError("match/pair was made by other blocking rules", hint="run match again with this blocking.yml")
    histories = Histories(counted["rules"].to_numpy(dtype=np.int64), counted["matches"].to_numpy(dtype=np.float64))
    entities = None if entity_map is None else _entities(pairs, entity_map, within_source=settings.within_source)
    return estimate_recall(histories, [attributes_of(rule.keys) for rule in settings.rules], entities)


def _fits(found: list[tuple[int, str]], settings: EntityBlocking) -> bool:
    """Tell whether the first rule of every stored set of rules has the name that it has in the configuration."""
    names = [rule.name for rule in settings.rules]
    places = [((int(bits) & -int(bits)).bit_length() - 1, name) for bits, name in found]
    return all(0 <= place < len(names) and names[place] == name for place, name in places)


def _entities(pairs: DataFrame, entity_map: DataFrame, *, within_source: bool) -> Entities:
    """Count the pairs inside entities of three records or more, and those of them that were candidates."""
    source = F.substring_index("record_id", ":", 1).alias("source")
    members = entity_map.where(F.col("entity_size") >= 3).select("party_id", "customer_id", source)
    size = F.col("records").cast("double")
    by_source = members.groupBy("customer_id", "source").agg(F.count("*").alias("records"))
    sums = by_source.groupBy("customer_id").agg(F.sum(size).alias("all"), F.sum(size * size).alias("squares"))
    possible = F.pow("all", F.lit(2.0)) - (F.col("all") if within_source else F.col("squares"))
    left = members.select(F.col("party_id").alias("party_id_l"), F.col("customer_id").alias("entity_l"))
    right = members.select(F.col("party_id").alias("party_id_r"), F.col("customer_id").alias("entity_r"))
    ids = pairs.select("party_id_l", "party_id_r")
    inside = ids.join(left, on="party_id_l", how="inner").join(right, on="party_id_r", how="inner")
    found = inside.where(F.col("entity_l") == F.col("entity_r")).agg(F.count("*").alias("found"))
    # bounded: a single row of counts
    row = sums.agg((F.sum(possible) / 2.0).alias("pairs")).crossJoin(found).toPandas().fillna(0).iloc[0]
    return Entities(float(row["pairs"]), float(row["found"]))


def count_recall(parties: DataFrame, keyed: DataFrame, truth: DataFrame, settings: EntityBlocking) -> TrueRecall:
    """Return how many true pairs the rules find.

    Args:
        parties: silver parties of one entity type.
        keyed: each record's live block keys.
        truth: record_id,cluster_id or left_id,right_id.
        settings: the rules.

    Raises:
        DataContractError: when the truth has other columns or an id fits several records.
    """
    named = parties.select("record_id", "source_key", "entity_type", F.col("party_id").cast("string").alias("customer_id"))
    clusters = read_truth(named, truth).clusters
    members = clusters.select("cluster_id", F.col("customer_id").cast("bigint").alias("party_id"))
    sources = parties.select("party_id", "source")
    full = members.join(sources, on="party_id", how="inner").join(keyed.drop("source"), on="party_id", how="left")
    left = full.select("cluster_id", *(F.col(c).alias(f"{c}_l") for c in ("party_id", "source", "keys")))
    right = full.select("cluster_id", *(F.col(c).alias(f"{c}_r") for c in ("party_id", "source", "keys")))
    pairs = left.join(right, on="cluster_id", how="inner").where(F.col("party_id_l") < F.col("party_id_r"))
    if not settings.within_source:
        pairs = pairs.where(F.col("source_l") != F.col("source_r"))
    shared = F.array_intersect("keys_l", "keys_r")
    bits = F.aggregate(
        shared,
        F.lit(0).cast("bigint"),
        lambda all_bits, key: all_bits.bitwiseOR(rule_bit(F.shiftright(key, HASH_BITS).cast("int"))),
    )
    # bounded: sets of rules that occur together, some thousands at most
    counted = pairs.groupBy(F.coalesce(bits, F.lit(0)).alias("rules")).agg(F.count("*").alias("pairs")).toPandas()
    rows = [(int(b), int(n)) for b, n in zip(counted["rules"], counted["pairs"], strict=True)]
    by_rule = tuple(sum(n for b, n in rows if b >> place & 1) for place in range(len(settings.rules)))
    return TrueRecall(sum(n for _, n in rows), sum(n for b, n in rows if b), by_rule)
