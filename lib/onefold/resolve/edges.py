"""Chooses the scored pairs that join two records, and each record's strongest one."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.resolve.thresholds import Threshold

__all__ = ["joining_pairs", "strongest_links"]


def joining_pairs(pairs: DataFrame, thresholds: Mapping[str, Threshold]) -> DataFrame:
    """Keep the pairs whose weight reaches the threshold of their entity type.

    The comparison is on the weight (log base 2 of the odds): probabilities near 1 crowd together, weights do not.

    Args:
        pairs: the PAIR table.
        thresholds: the threshold of person and of company.

    Returns:
        entity_type, party_id_l, party_id_r, record_id_l, record_id_r, match_weight, match_probability.
    """
    least = F.when(F.col("entity_type") == "person", thresholds["person"].weight).when(
        F.col("entity_type") == "company", thresholds["company"].weight
    )
    return pairs.where(F.col("match_weight") >= least).select(
        *("entity_type", "party_id_l", "party_id_r", "record_id_l", "record_id_r", "match_weight", "match_probability")
    )


def strongest_links(edges: DataFrame) -> DataFrame:
    """Return each record's heaviest link; of equally heavy ones the link to the smallest record id.

    Args:
        edges: what `joining_pairs` returns.

    Returns:
        One row per record that has a link: party_id, match_weight, match_probability, linked_record_id.
    """
    ends = edges.select(F.explode(F.array(_end("l", "r"), _end("r", "l"))).alias("end"), "match_weight", "match_probability")
    link = F.struct(
        (-F.col("match_weight")).alias("lightness"),
        F.col("end.linked_record_id").alias("linked_record_id"),
        F.col("match_weight"),
        F.col("match_probability"),
    )
    best = ends.groupBy("end.party_id").agg(F.min(link).alias("link"))
    return best.select("party_id", "link.match_weight", "link.match_probability", "link.linked_record_id")


def _end(own: str, other: str) -> Column:
    return F.struct(
        F.col(f"party_id_{own}").alias("party_id"),
        F.col(f"record_id_{other}").alias("linked_record_id"),
    )
