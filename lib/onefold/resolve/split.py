"""Splits the components that join too much: few of all, each solved on its own on the executors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.resolve.bucket import SOLVED, solver
from onefold.resolve.settings import ClusteringSettings
from onefold.resolve.solve import recipes
from onefold.resolve.suspects import suspects, worst_evidence
from onefold.resolve.thresholds import Threshold
from onefold.store.scratch import cut_lineage

__all__ = ["Judgements", "Plan", "split_components"]

_PAIRS_A_BUCKET = 50_000


@dataclass(frozen=True)
class Judgements:
    """Pairs that people decided, as party_id_l and party_id_r: `must` are one entity, `cannot` are not."""

    must: DataFrame
    cannot: DataFrame


@dataclass(frozen=True)
class Plan:
    """How to cluster: clustering.yml, the weight from which pairs join, and the weight under which none were stored."""

    settings: ClusteringSettings
    thresholds: Mapping[str, Threshold]
    stored_above: float


def split_components(members: DataFrame, edges: DataFrame, pairs: DataFrame, judgements: Judgements, plan: Plan) -> DataFrame:
    """Return the entity of every record whose component had to be opened.

    Args:
        members: component, party_id, entity_type, source and the attributes of `contradictions`.
        edges: component, entity_type, match_weight of the joining pairs.
        pairs: all scored pairs: those under the threshold are evidence.
        judgements: what people decided.
        plan: settings and thresholds.

    Returns:
        party_id, component, entity (smallest party id in it), diameter, bridges, reasons, contradictions.
    """
    settings, thresholds = plan.settings, plan.thresholds
    person, company = (thresholds[kind].evidence_column(F.col("match_weight")) for kind in ("person", "company"))
    spoken = edges.select("component", F.when(F.col("entity_type") == "company", company).otherwise(person).alias("evidence"))
    about = suspects(members, spoken, plan.settings, worst_evidence(thresholds, plan.stored_above))
    refused = _ends(judgements.cannot).join(members, on="party_id", how="inner").select("component")
    opened = cut_lineage(about.where(F.col("open")).select("component").unionByName(refused).dropDuplicates(["component"]))
    records = cut_lineage(members.join(opened, on="component", how="inner"))
    inside = cut_lineage(_inside(_evidence(pairs, judgements, thresholds), records.select("party_id", "component")))
    buckets = max(1, -(-inside.count() // _PAIRS_A_BUCKET))
    bucket = F.pmod(F.hash("component"), F.lit(buckets)).alias("bucket")
    texts = [F.col(name).cast("string").alias(name) for name in settings.attributes]
    nodes = records.select(bucket, "component", "party_id", "entity_type", "source", *texts)
    return (
        nodes.groupBy("bucket")
        .cogroup(inside.select(bucket, "*").groupBy("bucket"))
        # Arrow, because agglomeration is a loop over one component's pairs that no column expression can say.
        .applyInArrow(solver(recipes(settings, thresholds)), schema=SOLVED)
    )


def _evidence(pairs: DataFrame, judgements: Judgements, thresholds: Mapping[str, Threshold]) -> DataFrame:
    """Return scored and judged pairs in one shape: party_id_l, party_id_r, evidence, joins, kind."""
    person, company = thresholds["person"], thresholds["company"]
    weight, of_company = F.col("match_weight"), F.col("entity_type") == "company"
    spoken = F.when(of_company, company.evidence_column(weight)).otherwise(person.evidence_column(weight))
    joins = weight >= F.when(of_company, company.weight).otherwise(person.weight)
    ends = ("party_id_l", "party_id_r")
    evidence = pairs.select(*ends, spoken.alias("evidence"), joins.alias("joins"), F.lit("score").alias("kind"))
    for frame, kind in ((judgements.must, "must"), (judgements.cannot, "cannot")):
        told = (F.lit(0.0).alias("evidence"), F.lit(False).alias("joins"), F.lit(kind).alias("kind"))
        evidence = evidence.unionByName(frame.select(*ends, *told))
    return evidence


def _inside(pairs: DataFrame, records: DataFrame) -> DataFrame:
    """Return the pairs whose ends are in one opened component, with it."""
    left = records.select(F.col("party_id").alias("party_id_l"), "component")
    right = records.select(F.col("party_id").alias("party_id_r"), F.col("component").alias("component_r"))
    joined = pairs.join(left, on="party_id_l", how="inner").join(right, on="party_id_r", how="inner")
    return joined.where(F.col("component") == F.col("component_r")).drop("component_r")


def _ends(pairs: DataFrame) -> DataFrame:
    return pairs.select(F.explode(F.array("party_id_l", "party_id_r")).alias("party_id"))
