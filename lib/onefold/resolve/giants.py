"""Breaks components that are too large to be solved as one: their weakest pairs go, again and again."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.resolve.components import connected_components
from onefold.resolve.settings import ClusteringSettings
from onefold.store.scratch import cut_lineage

__all__ = ["break_giants"]


_WEAKEST = 0.2


def break_giants(edges: DataFrame, components: DataFrame, settings: ClusteringSettings) -> tuple[DataFrame, DataFrame]:
    """Return the components with those of more joining pairs than `max_edges` broken up, and the pairs inside them.

    In each round every component that is still too large drops the weakest fifth of its pairs, and what falls apart is a
    component of its own: false pairs hold giants together, and they are weak. One whose pairs all weigh the same is left.

    Args:
        edges: party_id_l, party_id_r, match_weight and any further columns of the joining pairs.
        components: id, component.
        settings: clustering.yml.

    Returns:
        id, component as before, component still the smallest id in it; the pairs with both ends in one, with `component`.
    """
    labelled = cut_lineage(_labelled(edges, components))
    rest = _too_large(labelled, settings.splitting.max_edges)
    if rest is None:
        return components, labelled
    while rest is not None:
        kept = rest.where((F.col("match_weight") > F.col("bound")) | (F.col("match_weight") == F.col("heaviest")))
        kept = cut_lineage(kept.select("party_id_l", "party_id_r", "match_weight"))
        parts = connected_components(kept, settings)
        broken = rest.select(F.explode(F.array("party_id_l", "party_id_r")).alias("id")).dropDuplicates(["id"])
        broken = broken.join(parts, on="id", how="left").select("id", F.coalesce("component", "id").alias("part"))
        components = cut_lineage(
            components.join(broken, on="id", how="left").select("id", F.coalesce("part", "component").alias("component"))
        )
        rest = _too_large(_labelled(kept, parts), settings.splitting.max_edges)
    right = components.select(F.col("id").alias("party_id_r"), F.col("component").alias("component_r"))
    both = _labelled(edges, components).join(right, on="party_id_r", how="inner")
    return components, cut_lineage(both.where(F.col("component") == F.col("component_r")).drop("component_r"))


def _labelled(edges: DataFrame, components: DataFrame) -> DataFrame:
    return edges.join(components.select(F.col("id").alias("party_id_l"), "component"), on="party_id_l", how="inner")


def _too_large(labelled: DataFrame, most: int) -> DataFrame | None:
    """Return the pairs of components that have more than `most` of different weights, with the bound of the weakest, if any."""
    counted = labelled.groupBy("component").agg(F.count("*").alias("edges"))
    many = cut_lineage(counted.where(F.col("edges") > most).select("component"))
    if many.isEmpty():  # as most often
        return None
    pairs = labelled.join(many, on="component", how="left_semi")
    measured = pairs.groupBy("component").agg(
        F.min("match_weight").alias("lightest"),
        F.max("match_weight").alias("heaviest"),
        F.percentile_approx("match_weight", _WEAKEST).alias("bound"),
    )
    large = measured.where(F.col("lightest") < F.col("heaviest"))
    found = cut_lineage(pairs.join(large.select("component", "bound", "heaviest"), on="component", how="inner"))
    return None if found.isEmpty() else found
