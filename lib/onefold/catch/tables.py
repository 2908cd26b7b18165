"""What the embedded file of an entity type is made of, as sorted frames: blocks, records and known values."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from onefold.match.keyed import block_cap, has_second_key, rule_number, split_key
from onefold.match.settings import EntityBlocking

__all__ = ["block_rows", "known_rows", "record_rows"]

Cut = Callable[[DataFrame, str], DataFrame]


def block_rows(keyed: DataFrame, finer: DataFrame | None, settings: EntityBlocking, cut: Cut) -> DataFrame:
    """Return `key`, `size` and `ids` of every block, by key; a block over its bound has no ids, and its parts are blocks too.

    Args:
        keyed: `party_id` and `keys`.
        finer: `party_id`, `rule` and `finer`, the second keys; None when no rule has one.
        settings: the rules.
        cut: cuts the lineage of the sizes, which are read twice.
    """
    sized = cut(_sized(keyed.select("party_id", F.explode("keys").alias("key"))), "index_sizes")
    found = [_blocks(sized, settings)]
    if finer is not None:
        over = sized.where((F.col("size") > block_cap(settings)) & has_second_key(settings))
        joined = over.select("key", "party_id", rule_number().alias("rule")).join(finer, on=["party_id", "rule"], how="inner")
        parts = joined.select("party_id", split_key(F.col("key"), F.col("finer")).alias("key"))
        found.append(_blocks(_sized(parts), settings))
    return _in_order(reduce(DataFrame.unionByName, found), "key")


def _sized(exploded: DataFrame) -> DataFrame:
    return exploded.select("key", "party_id", F.count("*").over(Window.partitionBy("key")).alias("size"))


def _blocks(sized: DataFrame, settings: EntityBlocking) -> DataFrame:
    live = F.col("size") <= block_cap(settings)
    whole = (
        sized.where(live).groupBy("key").agg(F.max("size").alias("size"), F.sort_array(F.collect_list("party_id")).alias("ids"))
    )
    over = sized.where(~live).groupBy("key").agg(F.max("size").alias("size"))
    return whole.unionByName(over.withColumn("ids", F.lit(None).cast("array<bigint>")))


def record_rows(features: DataFrame, crosswalk: DataFrame) -> DataFrame:
    """Return `party_id`, `record_id`, `source`, `customer_id` and `prepared` (a JSON object) of every record, by id.

    Args:
        features: the prepared records.
        crosswalk: `record_id` and `customer_id`.
    """
    ids = ("party_id", "record_id", "source")
    prepared = F.to_json(F.struct(*(c for c in features.columns if c not in ids))).alias("prepared")
    joined = features.select(*ids, prepared).join(crosswalk, on="record_id", how="left")
    return _in_order(joined.select(*ids, "customer_id", "prepared"), "party_id")


def known_rows(entries: DataFrame) -> DataFrame:
    """Return `kind`, `name`, `hash` and `number` of what training counted, in order."""
    return _in_order(entries.select("kind", "name", "hash", "number"), "kind", "name", "hash")


def _in_order(frame: DataFrame, *keys: str) -> DataFrame:
    """Sort across all files, so that the embedded file is written from its beginning to its end."""
    return frame.repartitionByRange(*keys).sortWithinPartitions(*keys)
