"""Reads a truth, of clusters or of pairs, against the records that there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import DataContractError

__all__ = ["Truth", "close_pairs", "identities", "read_truth"]


@dataclass(frozen=True)
class Truth:
    """A truth joined to the entity map.

    `clusters` is `record_id`, `entity_type`, `customer_id`, `cluster_id` of the records that are scored; `pairs`, for a truth
    of pairs, is `customer_l`, `customer_r`, `type_l`, `type_r` of each different true pair.
    """

    clusters: DataFrame
    pairs: DataFrame | None
    unmatched: int
    left_out: int


def read_truth(entity_map: DataFrame, truth: DataFrame) -> Truth:
    """Return the truth joined to the records.

    Raises:
        DataContractError: when the columns are neither form, an id fits several records, or a record has two clusters.
    """
    columns = set(truth.columns)
    if {"record_id", "cluster_id"} <= columns:
        return _of_clusters(entity_map, truth)
    if {"left_id", "right_id"} <= columns:
        return _of_pairs(entity_map, truth)
    raise DataContractError(
        f"the truth has columns {', '.join(truth.columns[:8])}",
        hint="it needs record_id and cluster_id, or left_id and right_id",
    )


def identities(entity_map: DataFrame) -> DataFrame:
    """Return every way to name a record, as `id` and `found` (how many records it may mean), with the record."""
    columns = ("record_id", "entity_type", "customer_id")
    whole = entity_map.select(F.col("record_id").alias("id"), F.lit(1).alias("found"), *columns)
    bare = entity_map.groupBy(F.col("source_key").alias("id")).agg(
        F.count("*").cast("int").alias("found"), *(F.min(c).alias(c) for c in columns)
    )
    return whole.unionByName(bare.join(whole.select("id"), on="id", how="left_anti"))


def _refuse_ambiguous(count: int) -> None:
    if count:
        raise DataContractError(
            f"{count:,} truth ids fit records of more than one source", hint="write them as source:key in the truth"
        )


def _of_clusters(entity_map: DataFrame, truth: DataFrame) -> Truth:
    wanted = truth.select(F.col("record_id").cast("string").alias("id"), F.col("cluster_id").cast("string"))
    joined = wanted.where(F.col("id").isNotNull()).join(identities(entity_map), on="id", how="left")
    one = joined.groupBy("record_id", "entity_type", "customer_id").agg(
        F.min("cluster_id").alias("cluster_id"),
        F.count_distinct("cluster_id").alias("clusters"),
        F.count("*").alias("rows"),
        F.max("found").alias("found"),
    )
    there = F.col("record_id").isNotNull()
    row = one.agg(
        F.sum(F.when(~there, F.col("rows")).otherwise(0)).alias("unmatched"),
        F.sum(F.when(there & (F.col("found") > 1), 1).otherwise(0)).alias("ambiguous"),
        F.sum(F.when(there & (F.col("clusters") > 1), 1).otherwise(0)).alias("contradicted"),
        F.sum(F.when(there, 1).otherwise(0)).alias("scored"),
    )
    # bounded: a single row of counts
    counts = row.crossJoin(entity_map.agg(F.count("*").alias("all"))).toPandas().fillna(0).iloc[0]
    _refuse_ambiguous(int(counts["ambiguous"]))
    if counts["contradicted"]:
        raise DataContractError(f"{int(counts['contradicted']):,} records are in two clusters of the truth")
    clusters = one.where(there).select("record_id", "entity_type", "customer_id", "cluster_id")
    return Truth(clusters, None, int(counts["unmatched"]), int(counts["all"] - counts["scored"]))


def _of_pairs(entity_map: DataFrame, truth: DataFrame) -> Truth:
    """Join a truth of pairs; records that it does not name are alone in it, and its pairs are closed on the driver."""
    known = identities(entity_map)
    sides = {}
    for side, name in (("l", "left_id"), ("r", "right_id")):
        renamed = {"id": name, "found": f"found_{side}", "record_id": side, "entity_type": f"type_{side}"}
        sides[side] = known.select(
            *(F.col(a).alias(b) for a, b in renamed.items()), F.col("customer_id").alias(f"customer_{side}")
        )
    wanted = truth.select(F.col("left_id").cast("string"), F.col("right_id").cast("string"))
    joined = wanted.join(sides["l"], on="left_id", how="left").join(sides["r"], on="right_id", how="left")
    there = F.col("l").isNotNull() & F.col("r").isNotNull()
    problems = joined.agg(
        F.count(F.when(~there, 1)).alias("unmatched"),
        F.count(F.when(F.greatest("found_l", "found_r") > 1, 1)).alias("ambiguous"),
    )
    found = problems.toPandas()  # bounded: a single row of counts
    _refuse_ambiguous(int(found["ambiguous"][0]))
    ordered = (F.least("l", "r").alias("a"), F.greatest("l", "r").alias("b"))
    made = joined.where(there & (F.col("l") != F.col("r")))
    pairs = made.select(*ordered, "customer_l", "customer_r", "type_l", "type_r").dropDuplicates(["a", "b"])
    # bounded: the truth file that a person or generator wrote
    edges = pairs.select("a", "b").toPandas()
    ids, codes = np.unique(edges[["a", "b"]].to_numpy(dtype=str), return_inverse=True)
    labels = close_pairs(codes.reshape(-1, 2), len(ids))
    closed = entity_map.sparkSession.createDataFrame(
        [(str(i), str(ids[label])) for i, label in zip(ids, labels, strict=True)], "record_id string, cluster_id string"
    )
    named = entity_map.select("record_id", "entity_type", "customer_id").join(closed, on="record_id", how="left")
    clusters = named.withColumn("cluster_id", F.coalesce("cluster_id", "record_id"))
    return Truth(clusters, pairs, int(found["unmatched"][0]), 0)


def close_pairs(edges: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """Return for each of `size` nodes the smallest node that the edges connect it to, by whole-array steps.

    >>> close_pairs(np.array([[0, 1], [1, 2]]), 4).tolist()
    [0, 0, 0, 3]
    """
    labels = np.arange(size, dtype=np.int64)
    while True:
        fresh = labels.copy()
        smallest = np.minimum(labels[edges[:, 0]], labels[edges[:, 1]])
        for side in (0, 1):
            np.minimum.at(fresh, labels[edges[:, side]], smallest)
            np.minimum.at(fresh, edges[:, side], smallest)
        fresh = fresh[fresh]
        if np.array_equal(fresh, labels):
            return labels
        labels = fresh
