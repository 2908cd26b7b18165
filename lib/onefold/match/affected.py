"""Which records must be paired again after a feed: those that it touched, and those whose blocks it made too large or small.

A pair of untouched records stays as it is, unless a block that they share has grown over its bound, or shrunk under it, or
is split otherwise. Such blocks are few; their records are paired again as if they had been touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from onefold.match.blocking import Cut
from onefold.match.keyed import block_cap, has_second_key, rule_number, split_key
from onefold.match.settings import EntityBlocking

__all__ = ["Keys", "affected_blocks"]

_ROW = ("key", "party_id", "source", "moved", "was", "is")
Finer = Callable[[DataFrame], DataFrame]


@dataclass(frozen=True)
class Keys:
    """The block keys of all records as they were (`party_id`, `source`, `keys`), and of the touched ones as they are now.

    `moved` holds the `party_id` of the records that are new, changed or gone. `finer_was` and `finer_is` return the second keys
    (`party_id`, `rule`, `finer`) of the records whose ids they are given, as they were and as they are.
    """

    was: DataFrame
    now: DataFrame
    moved: DataFrame
    finer_was: Finer
    finer_is: Finer


def affected_blocks(keys: Keys, settings: EntityBlocking, cut: Cut) -> DataFrame:
    """Return the blocks in which pairs are to be made again: `key`, `party_id`, `source`, `size`, `chosen`.

    `chosen` marks the records that are paired again, with one another and with the others of their blocks. Every block of a
    chosen record is there, whole.
    """
    hot = cut(_keys_of(keys.now.unionByName(keys.was.join(keys.moved, on="party_id", how="left_semi"))), "touched_keys")
    blocks = cut(_final(_rows(keys, hot), keys, settings, cut, "touched"), "touched_blocks")
    turned = cut(_turned(blocks, settings), "turned")
    if not turned.isEmpty():
        more = _keys_of(keys.was.join(turned, on="party_id", how="left_semi"))
        hot = cut(hot.unionByName(more).dropDuplicates(["key"]), "turned_keys")
        blocks = cut(_final(_rows(keys, hot), keys, settings, cut, "turned"), "turned_blocks")
    marked = turned.select("party_id", F.lit(True).alias("again"))
    now = _sized(blocks.where(F.col("is"))).where(F.col("is_size") > 1)
    laid = now.join(marked, on="party_id", how="left")
    chosen = (F.col("moved") | F.coalesce("again", F.lit(False))).alias("chosen")
    return laid.select("key", "party_id", "source", F.col("is_size").alias("size"), chosen)


def _keys_of(keyed: DataFrame) -> DataFrame:
    return keyed.select(F.explode("keys").alias("key")).dropDuplicates(["key"])


def _rows(keys: Keys, hot: DataFrame) -> DataFrame:
    """Return who is and who was in the blocks of these keys; a changed record is in twice, with its old and its new keys."""
    moved = keys.moved.select("party_id", F.lit(True).alias("moved"))
    old = _exploded(keys.was).join(hot, on="key", how="left_semi").join(moved, on="party_id", how="left")
    gone = F.coalesce("moved", F.lit(False))
    before = old.select("key", "party_id", "source", gone.alias("moved"), F.lit(True).alias("was"), (~gone).alias("is"))
    new = _exploded(keys.now).join(hot, on="key", how="left_semi")
    flags = (F.lit(value).alias(name) for name, value in (("moved", True), ("was", False), ("is", True)))
    after = new.select("key", "party_id", "source", *flags)
    return before.unionByName(after)


def _exploded(keyed: DataFrame) -> DataFrame:
    return keyed.select("party_id", "source", F.explode("keys").alias("key"))


def _sized(rows: DataFrame) -> DataFrame:
    block = Window.partitionBy("key")
    return rows.select(
        *_ROW,
        F.count_if("was").over(block).alias("was_size"),
        F.count_if("is").over(block).alias("is_size"),
        F.count_if(~F.col("moved")).over(block).alias("still"),
    )


def _final(rows: DataFrame, keys: Keys, settings: EntityBlocking, cut: Cut, name: str) -> DataFrame:
    """Return the rows with oversized blocks split by their rules' second keys, as they were and as they are."""
    if not any(rule.then for rule in settings.rules):
        return rows
    splits, cap = has_second_key(settings), block_cap(settings)
    over = {side: splits & F.col(side) & (F.col(f"{side}_size") > cap) for side in ("was", "is")}
    sized = cut(_sized(rows), f"{name}_sizes")
    flags = [(F.col(side) & ~over[side]).alias(side) for side in over]
    whole = sized.select("key", "party_id", "source", "moved", *flags).where(F.col("was") | F.col("is"))
    sides = [over[side].alias(f"{side}_over") for side in over]
    large = sized.where(over["was"] | over["is"]).select(*_ROW, rule_number().alias("rule"), *sides)
    large = cut(large, f"{name}_large")
    parts = [_parts(large, side, finer) for side, finer in (("was", keys.finer_was), ("is", keys.finer_is))]
    together = parts[0].unionByName(parts[1]).groupBy("key", "party_id", "source", "moved")
    merged = together.agg(F.bool_or("was").alias("was"), F.bool_or("is").alias("is"))
    return whole.unionByName(merged)


def _parts(large: DataFrame, side: str, finer: Finer) -> DataFrame:
    """Return the parts of blocks that are over their bound on this side; a record without a second key is in none."""
    own = large.where(f"{side}_over")
    joined = own.join(finer(own.select("party_id").dropDuplicates(["party_id"])), on=["party_id", "rule"], how="inner")
    flags = [F.lit(side == name).alias(name) for name in ("was", "is")]
    return joined.select(split_key(F.col("key"), F.col("finer")).alias("key"), "party_id", "source", "moved", *flags)


def _turned(blocks: DataFrame, settings: EntityBlocking) -> DataFrame:
    """Return `party_id` of the untouched records of blocks that make pairs now and did not, or the other way round."""

    def live(side: str) -> Column:
        return (F.col(f"{side}_size") > 1) & (F.col(f"{side}_size") <= block_cap(settings))

    turned = _sized(blocks).where((live("was") != live("is")) & (F.col("still") > 1) & ~F.col("moved"))
    return turned.select("party_id").dropDuplicates(["party_id"])
