"""Clusters the records: components of the joining pairs, the too large ones broken, the doubtful ones split."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from onefold.resolve.components import connected_components
from onefold.resolve.edges import joining_pairs
from onefold.resolve.giants import break_giants
from onefold.resolve.identity import assign_ids
from onefold.resolve.split import Judgements, Plan, split_components
from onefold.store.scratch import cut_lineage

__all__ = ["Clustering", "cluster"]

_DEMANDED = 1e6
"""Weight of a pair that people joined: it outlasts every threshold."""


@dataclass(frozen=True)
class Clustering:
    """The records that have a joining pair, each with its entity, and the joining pairs inside entities.

    `members` is party_id, record_id, entity_type, source, component, entity, opened, diameter, bridges, reasons,
    contradictions, founding_record, entity_size, sources (of the entity); `links` is entity, the pair's ids, match_weight and
    match_probability.
    """

    members: DataFrame
    links: DataFrame


def cluster(parties: DataFrame, pairs: DataFrame, judgements: Judgements, plan: Plan) -> Clustering:
    """Return the entities of all records that have a joining pair.

    Args:
        parties: record_id, party_id, entity_type, source and the attributes of `contradictions`, a row per record.
        pairs: the PAIR table.
        judgements: pairs that must and that cannot be one entity.
        plan: settings and thresholds.

    Reads from the checkpoint directory, so write the result before that is cleared.
    """
    joins = joining_pairs(pairs, plan.thresholds)
    demanded = judgements.must.select("party_id_l", "party_id_r", F.lit(_DEMANDED).alias("match_weight"))
    edges = joins.unionByName(demanded, allowMissingColumns=True)
    found = cut_lineage(connected_components(edges, plan.settings))
    components, inside = break_giants(edges, found, plan.settings)
    members = parties.join(components.withColumnRenamed("id", "party_id"), on="party_id", how="inner")
    scored = inside.where(F.col("match_probability").isNotNull())
    if not plan.settings.splitting.enabled:
        solved = _unsolved(members)
    else:
        members = cut_lineage(members)
        solved = cut_lineage(split_components(members, scored, pairs, judgements, plan))
    sources = F.sort_array(F.collect_set("source").over(Window.partitionBy("entity", "entity_type"))).alias("sources")
    founded = assign_ids(_entities(members, solved), sources)
    return Clustering(cut_lineage(founded), _links(scored, solved))


def _unsolved(members: DataFrame) -> DataFrame:
    nothing = {"diameter": "int", "bridges": "int", "reasons": "array<string>", "contradictions": "array<string>"}
    columns = [F.lit(None).cast(type_).alias(name) for name, type_ in nothing.items()]
    return members.where(F.lit(False)).select("party_id", "component", F.col("component").alias("entity"), *columns)


def _entities(members: DataFrame, solved: DataFrame) -> DataFrame:
    """Lay the solved entities over the members; a component that was not opened is one entity."""
    found = solved.select("party_id", F.col("entity").alias("found"), "diameter", "bridges", "reasons", "contradictions")
    laid = members.join(found, on="party_id", how="left")
    return laid.select(
        *("party_id", "record_id", "entity_type", "source", "component"),
        F.coalesce("found", "component").alias("entity"),
        F.col("found").isNotNull().alias("opened"),
        *("diameter", "bridges", "reasons", "contradictions"),
    )


def _links(edges: DataFrame, solved: DataFrame) -> DataFrame:
    """Return the joining pairs inside entities: of opened components those with both ends in one."""
    left = solved.select(F.col("party_id").alias("party_id_l"), F.col("entity").alias("entity_l"))
    right = solved.select(F.col("party_id").alias("party_id_r"), F.col("entity").alias("entity_r"))
    laid = edges.join(left, on="party_id_l", how="left").join(right, on="party_id_r", how="left")
    inside = laid.where(F.col("entity_l").isNull() | (F.col("entity_l") == F.col("entity_r")))
    return inside.select(
        F.coalesce("entity_l", "component").alias("entity"),
        *("party_id_l", "party_id_r", "record_id_l", "record_id_r", "match_weight", "match_probability"),
    )
