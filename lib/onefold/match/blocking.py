"""Candidate pairs of record ids: keys hashed and exploded once, oversized blocks dropped and reported, each pair made once.

A block key is one positive long: the rule's number in the top byte, 56 bits of hash below. Sorting a record's keys
therefore sorts them by rule, and the first key that two records share tells the rule that the pair belongs to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StructType

from onefold.errors import DataContractError
from onefold.match.keys import parse_key
from onefold.match.settings import EntityBlocking
from onefold.match.values import require_keys, with_keys

__all__ = ["Blocked", "Cut", "RuleReport", "block", "block_sizes", "blocking_keys", "candidate_pairs", "rule_reports"]

logger = logging.getLogger(__name__)

Cut = Callable[[DataFrame, str], DataFrame]
"""Cuts a frame's lineage under a name: what it returns is computed once and holds the same rows."""

_HASH_BITS = 56
_HASH_MASK = (1 << _HASH_BITS) - 1


@dataclass(frozen=True)
class RuleReport:
    """What one rule makes: blocks and candidate pairs (before pairs of earlier rules are left out), and what it had to drop."""

    rule: str
    blocks: int
    pairs: int
    largest_block: int
    dropped_blocks: int
    dropped_records: int
    largest_dropped: int


@dataclass(frozen=True)
class Blocked:
    """Candidate pairs (`party_id_l` < `party_id_r`, `rule_number`, `rules` as bits) and a report for each rule."""

    pairs: DataFrame
    rules: tuple[RuleReport, ...]


def block(parties: DataFrame, settings: EntityBlocking, cut: Cut) -> Blocked:
    """Return the candidate pairs of the parties, each once, and what every rule did.

    Args:
        parties: silver parties of one entity type.
        settings: the rules.
        cut: cuts the lineage of the block sizes, which are read twice.

    Raises:
        ConfigurationError: when a rule names a column that the parties do not have.
        DataContractError: when the rules together make more pairs than `max_pairs`.
    """
    places = [(f"rule {rule.name}", parse_key(text)) for rule in settings.rules for text in rule.keys]
    require_keys(places, parties, "blocking.yml")
    sizes = cut(block_sizes(blocking_keys(parties, settings)), "block_sizes")
    reports = rule_reports(sizes, settings)
    _refuse_explosion(reports, settings)
    return Blocked(candidate_pairs(sizes, settings), reports)


def blocking_keys(parties: DataFrame, settings: EntityBlocking) -> DataFrame:
    """Return `party_id`, `source` and `keys`: the record's block keys, rule by rule; a missing part gives no key."""
    texts = dict.fromkeys(text for rule in settings.rules for text in rule.keys)
    names = {text: f"k{number}" for number, text in enumerate(texts)}
    valued = with_keys(parties, {name: parse_key(text) for text, name in names.items()}, ("party_id", "source"))
    columns = [_rule_keys(n, [names[text] for text in rule.keys], valued.schema) for n, rule in enumerate(settings.rules)]
    return valued.select("party_id", "source", F.array_distinct(F.concat(*columns)).alias("keys"))


def _rule_keys(number: int, names: list[str], schema: StructType) -> Column:
    arrays = [name for name in names if isinstance(schema[name].dataType, ArrayType)]
    seed = F.xxhash64(F.lit(number), *(name for name in names if name not in arrays))
    hashes = reduce(_crossed, (F.col(name) for name in arrays), F.array(seed))
    keys = F.transform(hashes, lambda h: h.bitwiseAND(F.lit(_HASH_MASK)).bitwiseOR(F.lit(number << _HASH_BITS)))
    complete = reduce(lambda a, b: a & b, (F.col(name).isNotNull() for name in names))
    return F.when(complete, keys).otherwise(F.array().cast("array<bigint>"))


def _crossed(hashes: Column, values: Column) -> Column:
    return F.flatten(F.transform(hashes, lambda h: F.transform(values, lambda v: F.xxhash64(h, v))))


def block_sizes(keyed: DataFrame) -> DataFrame:
    """Return `key`, `party_id`, `source` and `size`, the records that share the key; records alone in a block are left out."""
    exploded = keyed.select("party_id", "source", F.explode("keys").alias("key"))
    sized = exploded.select("key", "party_id", "source", F.count("*").over(Window.partitionBy("key")).alias("size"))
    return sized.where(F.col("size") > 1)


def rule_reports(sizes: DataFrame, settings: EntityBlocking) -> tuple[RuleReport, ...]:
    """Return what every rule makes and drops, counted from the block sizes before any pair is made."""
    over = F.col("size") > _cap(settings)
    size = F.col("size").cast("double")
    counted = sizes.groupBy(_rule_number().alias("rule"), over.alias("over")).agg(
        F.sum(1.0 / size).alias("blocks"),
        F.sum((size - 1.0) / 2.0).alias("pairs"),
        F.count("*").alias("records"),
        F.max("size").alias("largest"),
    )
    # bounded: two rows a rule
    found = {(int(row["rule"]), bool(row["over"])): row for row in counted.toPandas().to_dict("records")}
    return tuple(
        RuleReport(
            rule=rule.name,
            blocks=_rounded(found.get((number, False)), "blocks"),
            pairs=_rounded(found.get((number, False)), "pairs"),
            largest_block=_rounded(found.get((number, False)), "largest"),
            dropped_blocks=_rounded(found.get((number, True)), "blocks"),
            dropped_records=_rounded(found.get((number, True)), "records"),
            largest_dropped=_rounded(found.get((number, True)), "largest"),
        )
        for number, rule in enumerate(settings.rules)
    )


def _rounded(row: Mapping[Hashable, Any] | None, field: str) -> int:
    return 0 if row is None else round(float(row[field]))


def _refuse_explosion(reports: tuple[RuleReport, ...], settings: EntityBlocking) -> None:
    for report in reports:
        if report.dropped_blocks:
            logger.warning(
                "rule %s: %d blocks over the bound left out (%d records, largest %d)",
                report.rule,
                report.dropped_blocks,
                report.dropped_records,
                report.largest_dropped,
            )
    total = sum(report.pairs for report in reports)
    if total > settings.max_pairs:
        worst = sorted(reports, key=lambda r: (-r.pairs, r.rule))[:3]
        named = "; ".join(f"{r.rule} {r.pairs:,} (largest block {r.largest_block})" for r in worst)
        raise DataContractError(
            f"the blocking rules make {total:,} pairs, more than max_pairs {settings.max_pairs:,}: {named}",
            hint="add a key to these rules, lower their max_block_size, or raise max_pairs in blocking.yml",
        )


def candidate_pairs(sizes: DataFrame, settings: EntityBlocking) -> DataFrame:
    """Return each pair of records that share a block of allowed size, once, with its first rule and all its rules as bits.

    Keys of oversized blocks are taken off the records first, so that a pair which an oversized block would have made is
    still made by the next rule that joins it.
    """
    live = sizes.where(F.col("size") <= _cap(settings)).groupBy("party_id", "source")
    keyed = live.agg(F.array_sort(F.collect_list("key")).alias("keys"))
    left = keyed.select(
        F.col("party_id").alias("party_id_l"), F.col("source").alias("source_l"), "keys", F.explode("keys").alias("key")
    )
    right = keyed.select(
        F.col("party_id").alias("party_id_r"),
        F.col("source").alias("source_r"),
        F.col("keys").alias("keys_r"),
        F.explode("keys").alias("key"),
    )
    allowed = F.col("party_id_l") < F.col("party_id_r")
    if not settings.within_source:
        allowed = allowed & (F.col("source_l") != F.col("source_r"))
    shared = F.array_intersect("keys", "keys_r")
    joined = left.join(right, on="key", how="inner").where(allowed)
    made = joined.select("party_id_l", "party_id_r", "key", shared.alias("shared")).where(F.col("shared")[0] == F.col("key"))
    bit = F.aggregate("shared", F.lit(0).cast("bigint"), lambda bits, key: bits.bitwiseOR(_bit(key)))
    return made.select("party_id_l", "party_id_r", _rule_number().alias("rule_number"), bit.alias("rules"))


def _bit(key: Column) -> Column:
    return F.call_function("shiftleft", F.lit(1).cast("bigint"), F.shiftright(key, _HASH_BITS).cast("int"))


def _rule_number() -> Column:
    return F.shiftright("key", _HASH_BITS).cast("int")


def _cap(settings: EntityBlocking) -> Column:
    return F.element_at(F.array(*(F.lit(settings.cap_of(rule)) for rule in settings.rules)), _rule_number() + 1)
