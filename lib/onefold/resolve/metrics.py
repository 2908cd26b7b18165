"""Measures every entity of two and more records: the table match/cluster."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import CLUSTER
from onefold.resolve.clustering import Clustering

__all__ = ["cluster_metrics", "split_reasons"]


def cluster_metrics(clustering: Clustering, identified: DataFrame) -> DataFrame:
    """Return the CLUSTER table.

    Entities that were not opened are complete, or have three records, so that their diameter and bridges follow from counts.

    Args:
        clustering: the entities and the pairs inside them.
        identified: party_id, record_id, founding_record, customer_id of every record.
    """
    entities = _founders(clustering.members).withColumnRenamed("entity_size", "size")
    opened = entities.where("opened").groupBy("component")
    origin = opened.agg(F.count("*").alias("parts"), F.sum("size").alias("component_size")).where(F.col("parts") > 1)
    joined = clustering.links.groupBy("entity").agg(
        F.count("*").alias("edges"), F.min("match_weight").alias("min_weight"), F.avg("match_weight").alias("mean_weight")
    )
    measured = (
        entities.where(F.col("size") > 1)
        .join(_founders(identified).where(F.col("entity_size") > 1).select("party_id", "customer_id"), on="party_id", how="inner")
        .join(joined, on="entity", how="left")
        .join(origin, on="component", how="left")
        .select(*_columns())
    )
    return CLUSTER.conform(measured)


def _founders(members: DataFrame) -> DataFrame:
    """Return the founding member of each entity: all that is known of the entity stands in its row."""
    return members.where(F.col("record_id") == F.col("founding_record"))


def _columns() -> list[Column]:
    edges = F.coalesce("edges", F.lit(0))
    full = F.col("size") * (F.col("size") - 1) / 2
    opened, complete = F.col("opened"), edges == full
    split = F.col("parts").isNotNull()
    return [
        F.col("customer_id"),
        F.col("entity_type"),
        F.col("size"),
        edges.alias("edges"),
        (edges / full).alias("density"),
        F.when(opened, F.col("diameter")).otherwise(F.when(complete, 1).otherwise(2)).alias("diameter"),
        F.when(opened, F.col("bridges")).when(complete & (F.col("size") > 2), 0).otherwise(edges).alias("bridges"),
        F.col("min_weight"),
        F.round("mean_weight", 6).alias("mean_weight"),  # sums of doubles differ by their order
        F.col("sources"),
        F.coalesce("contradictions", F.array().cast("array<string>")).alias("contradictions"),
        F.when(split, F.col("component")).alias("split_from"),
        F.when(split, F.col("component_size")).alias("split_from_size"),
        F.when(split, F.col("reasons")).otherwise(F.array().cast("array<string>")).alias("reasons"),
    ]


def split_reasons(members: DataFrame) -> DataFrame:
    """Return reason, components: how many components were split for each reason; a component may have several.

    Two rows say more: "(split)" counts the components that were split at all, "(opened)" those that were looked at.
    """
    one = (
        _founders(members)
        .where("opened")
        .groupBy("component")
        .agg(F.count("*").alias("parts"), F.first("reasons").alias("reasons"))
    )
    split = F.when(F.col("parts") > 1, F.concat(F.array(F.lit("(split)")), "reasons"))
    told = F.concat(F.array(F.lit("(opened)")), F.coalesce(split, F.array().cast("array<string>")))
    return one.select(F.explode(told).alias("reason")).groupBy("reason").agg(F.count("*").alias("components"))
