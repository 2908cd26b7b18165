"""Folds every vertex into its smallest neighbour, so that only what is still open reaches the graph."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

__all__ = ["compose", "contract", "smallest_neighbour"]


def smallest_neighbour(edges: DataFrame) -> DataFrame:
    """Return for each vertex the smallest id among itself and its neighbours.

    Args:
        edges: src and dst, both bigint, no loops.

    Returns:
        id, low: one row per vertex.
    """
    ends = edges.select(
        F.explode(
            F.array(
                F.struct(F.col("src").alias("id"), F.col("dst").alias("other")),
                F.struct(F.col("dst").alias("id"), F.col("src").alias("other")),
            )
        ).alias("end")
    )
    return ends.groupBy("end.id").agg(F.min("end.other").alias("other")).select("id", F.least("id", "other").alias("low"))


def contract(edges: DataFrame, folded: DataFrame) -> DataFrame:
    """Replace both ends of every edge by the vertex they fold into; loops and doubles go.

    A vertex and the one it folds into are joined, so the components of the result are the components of the input,
    and a component whose vertices all fold into one has no edge left: pairs, stars and cliques need no graph at all.

    Args:
        edges: src, dst.
        folded: id, low of the same vertices.

    Returns:
        src < dst, each once.
    """
    source = folded.select(F.col("id").alias("src"), F.col("low").alias("src_low"))
    target = folded.select(F.col("id").alias("dst"), F.col("low").alias("dst_low"))
    moved = edges.join(source, on="src", how="inner").join(target, on="dst", how="inner")
    return (
        moved.where(F.col("src_low") != F.col("dst_low"))
        .select(F.least("src_low", "dst_low").alias("src"), F.greatest("src_low", "dst_low").alias("dst"))
        .dropDuplicates(["src", "dst"])
    )


def compose(folded: DataFrame, labels: DataFrame) -> DataFrame:
    """Follow each vertex to what it folded into and on to that one's label, where there is one.

    Args:
        folded: id, low of one contraction.
        labels: id, component of what was left after it.

    Returns:
        id, component for every vertex of `folded`.
    """
    further = labels.select(F.col("id").alias("low"), F.col("component"))
    return folded.join(further, on="low", how="left").select("id", F.coalesce("component", "low").alias("component"))
