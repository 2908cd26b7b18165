"""Errors of the entities by type, counted, with a sample of record ids for each.

A true pair is missed by blocking (never compared), by score (compared, and below the threshold) or by a split (over the
threshold, and yet in two entities). A false pair in one entity is an edge (its own weight joins it) or a bridge (it is joined
only through other records).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from onefold.match.judge.measures import Score
from onefold.match.judge.near_rules import shared_rules
from onefold.match.settings import BlockingSettings

__all__ = ["ERRORS", "ErrorPair", "Errors", "sample_errors"]

ERRORS = {
    "missed_by_blocking": "true pairs that no blocking rule joins",
    "missed_by_score": "true pairs that were compared and stay below the threshold",
    "missed_by_split": "true pairs over the threshold that clustering keeps apart",
    "false_edge": "false pairs that their own weight joins",
    "false_bridge": "false pairs joined only through other records",
}
_LARGEST = 2_000  # records of one truth cluster whose missed pairs are listed
_SMALL = 50  # records of an entity that false bridges are sampled from
_SEED = 20_26


@dataclass(frozen=True)
class ErrorPair:
    """One wrong pair: its type of error, the two records and their weight where they were compared."""

    entity_type: str
    error: str
    record_id_l: str
    record_id_r: str
    match_weight: float | None


@dataclass(frozen=True)
class Errors:
    """How many errors of each type there are, by entity type, and a sample of each."""

    counts: Mapping[str, Mapping[str, int]]
    sample: tuple[ErrorPair, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as one JSON object."""
        return {kind: dict(counts) for kind, counts in self.counts.items()}

    def text(self) -> str:
        """Return the counts as a small table."""
        kinds = list(self.counts)
        lines = [f"{'errors, in pairs':<24}{''.join(f'{kind:>12}' for kind in kinds)}"]
        for error, meaning in ERRORS.items():
            counts = "".join(f"{self.counts[kind].get(error, 0):>12,}" for kind in kinds)
            lines.append(f"  {error.replace('_', ' '):<22}{counts}   {meaning}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Compared:
    """What says whether two records were compared: the parties and the rules; without rules only what is stored counts."""

    parties: DataFrame
    blocking: BlockingSettings | None


def sample_errors(
    links: DataFrame, clusters: DataFrame, scores: Mapping[str, Score], compared: Compared, *, each: int = 20
) -> Errors:
    """Return the errors of the entities by type.

    Args:
        links: the judged pairs (`judged_links`); read several times, so keep them.
        clusters: `record_id`, `entity_type`, `customer_id`, `cluster_id` of the records of the truth.
        scores: the measures by entity type, which hold how many pairs there are.
        compared: what says whether two records were compared.
        each: how many pairs of each type and entity type to sample.
    """
    missed = _missed(links, clusters, compared).persist()
    edges = links.where(F.col("joins") & F.col("in_one") & ~F.col("is_true")).withColumn("error", F.lit("false_edge"))
    columns = ("entity_type", "error", "record_a", "record_b", "match_weight")
    wrong = missed.select(*columns).unionByName(edges.select(*columns))
    counts = _counted(wrong, scores)
    sampled = [*_sampled(wrong, each), *_sampled(_bridges(links, clusters, each), each)]
    missed.unpersist()
    order = {error: place for place, error in enumerate(ERRORS)}
    found = sorted(sampled, key=lambda pair: (pair.entity_type, order[pair.error], pair.record_id_l, pair.record_id_r))
    return Errors(counts, tuple(found))


def _missed(links: DataFrame, clusters: DataFrame, compared: Compared) -> DataFrame:
    """Return the true pairs that are in two entities, with what missed them."""
    size = F.count("*").over(Window.partitionBy("cluster_id"))
    split = F.size(F.collect_set("customer_id").over(Window.partitionBy("cluster_id")))
    some = clusters.select("*", size.alias("size"), split.alias("entities"))
    some = some.where((F.col("size") <= _LARGEST) & (F.col("entities") > 1))
    sides = [
        some.select(
            "cluster_id",
            F.col("record_id").alias(f"record_{s}"),
            F.col("customer_id").alias(f"customer_{s}"),
            F.col("entity_type").alias(f"type_{s}"),
        )
        for s in ("a", "b")
    ]
    apart = (F.col("record_a") < F.col("record_b")) & (F.col("customer_a") != F.col("customer_b"))
    made = sides[0].join(sides[1], on="cluster_id", how="inner").where(apart)
    one_type = F.when(F.col("type_a") == F.col("type_b"), F.col("type_a")).otherwise("of two types")
    made = made.select("record_a", "record_b", one_type.alias("entity_type"))
    scored = made.join(links.select("record_a", "record_b", "match_weight", "joins"), on=["record_a", "record_b"], how="left")
    if compared.blocking is None:
        shared: Column = F.lit(0)
    else:
        scored, shared = shared_rules(scored, compared.parties, compared.blocking), F.col("shared_rules")
    error = (
        F.when(F.col("joins"), "missed_by_split")
        .when(F.col("joins").isNotNull() | (shared > 0), "missed_by_score")
        .otherwise("missed_by_blocking")
    )
    return scored.select("entity_type", error.alias("error"), "record_a", "record_b", "match_weight")


def _counted(wrong: DataFrame, scores: Mapping[str, Score]) -> dict[str, dict[str, int]]:
    """Count the errors; false bridges are the false pairs that are left, counted from the sizes of the entities."""
    # bounded: a row for each type of error and entity type
    rows = wrong.groupBy("entity_type", "error").agg(F.count("*").alias("pairs")).toPandas().to_dict("records")
    counts: dict[str, dict[str, int]] = {kind: {} for kind in scores if kind != "overall"}
    for row in rows:
        counts.setdefault(str(row["entity_type"]), {})[str(row["error"])] = int(row["pairs"])
    for kind, score in scores.items():
        if kind in counts:
            false = score.pairs["predicted"] - score.pairs["right"]
            counts[kind]["false_bridge"] = max(0, false - counts[kind].get("false_edge", 0))
    return {kind: {error: found.get(error, 0) for error in ERRORS} for kind, found in counts.items()}


def _bridges(links: DataFrame, clusters: DataFrame, each: int) -> DataFrame:
    """Return false pairs that are joined only through others, out of some small entities that have false pairs."""
    by_entity = clusters.groupBy("entity_type", "customer_id").agg(
        F.count("*").alias("size"), F.count_distinct("cluster_id").alias("clusters")
    )
    mixed = by_entity.where((F.col("clusters") > 1) & F.col("size").between(3, _SMALL))
    place = F.row_number().over(Window.partitionBy("entity_type").orderBy(F.xxhash64(F.lit(_SEED), "customer_id")))
    some = mixed.select("customer_id", place.alias("place")).where(F.col("place") <= 5 * each)
    members = clusters.join(some, on="customer_id", how="left_semi")
    sides = [
        members.select(
            "customer_id",
            *([F.col("entity_type")] if s == "a" else []),
            F.col("record_id").alias(f"record_{s}"),
            F.col("cluster_id").alias(f"cluster_{s}"),
        )
        for s in ("a", "b")
    ]
    false = (F.col("record_a") < F.col("record_b")) & (F.col("cluster_a") != F.col("cluster_b"))
    made = sides[0].join(sides[1], on="customer_id", how="inner").where(false)
    judged = links.select("record_a", "record_b", "match_weight", "joins")
    scored = made.join(judged, on=["record_a", "record_b"], how="left").where(~F.coalesce("joins", F.lit(False)))
    return scored.select("entity_type", F.lit("false_bridge").alias("error"), "record_a", "record_b", "match_weight")


def _sampled(wrong: DataFrame, each: int) -> list[ErrorPair]:
    draw = F.xxhash64(F.lit(_SEED), "record_a", "record_b")
    place = F.row_number().over(Window.partitionBy("entity_type", "error").orderBy(draw))
    some = wrong.select("*", place.alias("place")).where(F.col("place") <= each)
    # bounded: a few pairs of each type of error
    rows = [row.asDict() for row in some.toLocalIterator()]
    return [ErrorPair(r["entity_type"], r["error"], r["record_a"], r["record_b"], r["match_weight"]) for r in rows]
