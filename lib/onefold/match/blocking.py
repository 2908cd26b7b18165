"""Candidate pairs of record ids: blocks sized, oversized ones split or dropped and reported, each pair made once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.candidates import candidate_pairs
from onefold.match.keyed import block_cap, blocking_keys, finer_keys, has_second_key, rule_number, split_key
from onefold.match.keys import parse_key
from onefold.match.settings import EntityBlocking
from onefold.match.values import require_keys

__all__ = [
    "Blocked",
    "Blocks",
    "Cut",
    "RuleReport",
    "block",
    "block_sizes",
    "make_blocks",
    "require_rules",
    "rule_reports",
    "worst_blocks",
]

logger = logging.getLogger(__name__)

Cut = Callable[[DataFrame, str], DataFrame]
"""Cuts a frame's lineage under a name: what it returns is computed once and holds the same rows."""

_WORST = 3


@dataclass(frozen=True)
class RuleReport:
    """What one rule makes: blocks and candidate pairs (before pairs of earlier rules are left out), and what it had to drop.

    `split_blocks` and `split_records` tell of oversized blocks that its second key split; what they became is counted with
    the other blocks.
    """

    rule: str
    blocks: int
    pairs: int
    largest_block: int
    dropped_blocks: int
    dropped_records: int
    largest_dropped: int
    split_blocks: int = 0
    split_records: int = 0


@dataclass(frozen=True)
class Blocks:
    """The blocks of all rules as rows of `key`, `party_id`, `source`, `size`, oversized ones among them, and a report each."""

    sizes: DataFrame
    rules: tuple[RuleReport, ...]


@dataclass(frozen=True)
class Blocked:
    """Candidate pairs (`party_id_l` < `party_id_r`, `rule_number`, `rules` as bits) and a report for each rule."""

    pairs: DataFrame
    rules: tuple[RuleReport, ...]


def block(parties: DataFrame, settings: EntityBlocking, cut: Cut, keyed: DataFrame | None = None) -> Blocked:
    """Return the candidate pairs of the parties, each once, and what every rule did.

    Args:
        parties: silver parties of one entity type.
        settings: the rules.
        cut: cuts the lineage of the block sizes, which are read twice.
        keyed: their `party_id`, `source` and `keys`, where they are at hand.

    Raises:
        ConfigurationError: when a rule names a column that the parties do not have.
        DataContractError: when the rules together make more pairs than `max_pairs`.
    """
    blocks = make_blocks(parties, settings, cut, keyed)
    _refuse_explosion(blocks, settings)
    return Blocked(candidate_pairs(blocks.sizes, settings), blocks.rules)


def make_blocks(parties: DataFrame, settings: EntityBlocking, cut: Cut, keyed: DataFrame | None = None) -> Blocks:
    """Return the blocks of every rule, oversized ones split by the rule's second key, and what every rule would make.

    Raises:
        ConfigurationError: when a rule names a column that the parties do not have.
    """
    require_rules(parties, settings)
    sizes = cut(block_sizes(blocking_keys(parties, settings) if keyed is None else keyed), "block_sizes")
    if not any(rule.then for rule in settings.rules):
        return Blocks(sizes, rule_reports(sizes, settings))
    over = _to_split(settings)
    parts = cut(_split(sizes.where(over), finer_keys(parties, settings)), "split_blocks")
    split = _counted(sizes.where(over), F.lit(True))
    whole = sizes.where(~over).unionByName(parts)
    reports = [
        replace(report, split_blocks=_rounded(found, "blocks"), split_records=_rounded(found, "records"))
        for number, report in enumerate(rule_reports(whole, settings))
        for found in [split.get((number, True))]
    ]
    return Blocks(whole, tuple(reports))


def require_rules(parties: DataFrame, settings: EntityBlocking) -> None:
    """Stop when a rule names a column that the parties do not have.

    Raises:
        ConfigurationError: with every such key.
    """
    places = [(f"rule {rule.name}", parse_key(text)) for rule in settings.rules for text in (*rule.keys, *rule.then)]
    require_keys(places, parties, "blocking.yml")


def block_sizes(keyed: DataFrame) -> DataFrame:
    """Return `key`, `party_id`, `source` and `size`, the records that share the key; records alone in a block are left out."""
    return _sized(keyed.select("party_id", "source", F.explode("keys").alias("key")))


def _sized(exploded: DataFrame) -> DataFrame:
    sized = exploded.select("key", "party_id", "source", F.count("*").over(Window.partitionBy("key")).alias("size"))
    return sized.where(F.col("size") > 1)


def _to_split(settings: EntityBlocking) -> Column:
    return (F.col("size") > block_cap(settings)) & has_second_key(settings)


def _split(oversized: DataFrame, finer: DataFrame) -> DataFrame:
    """Return the parts of oversized blocks, sized; a record without a second key is in none."""
    of_rule = oversized.select("key", "party_id", "source", rule_number().alias("rule"))
    joined = of_rule.join(finer, on=["party_id", "rule"], how="inner")
    return _sized(joined.select("party_id", "source", split_key(F.col("key"), F.col("finer")).alias("key")))


def rule_reports(sizes: DataFrame, settings: EntityBlocking) -> tuple[RuleReport, ...]:
    """Return what every rule makes and drops, counted from the block sizes before any pair is made."""
    found = _counted(sizes, F.col("size") > block_cap(settings))
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


def _counted(sizes: DataFrame, over: Column) -> dict[tuple[int, bool], Mapping[Hashable, Any]]:
    """Return blocks, pairs, records and the largest block by rule number and by whether they are over the bound."""
    size = F.col("size").cast("double")
    counted = sizes.groupBy(rule_number().alias("rule"), over.alias("over")).agg(
        F.sum(1.0 / size).alias("blocks"),
        F.sum((size - 1.0) / 2.0).alias("pairs"),
        F.count("*").alias("records"),
        F.max("size").alias("largest"),
    )
    # bounded: two rows a rule
    return {(int(row["rule"]), bool(row["over"])): row for row in counted.toPandas().to_dict("records")}


def _rounded(row: Mapping[Hashable, Any] | None, field: str) -> int:
    return 0 if row is None else round(float(row[field]))


def worst_blocks(sizes: DataFrame, number: int = _WORST) -> dict[int, tuple[tuple[str, int], ...]]:
    """Return by rule number the largest blocks, each as (token, records); the token is a piece of a hash, never a value."""
    blocks = sizes.groupBy("key").agg(F.max("size").alias("size")).withColumn("rule", rule_number())
    ranked = F.row_number().over(Window.partitionBy("rule").orderBy(F.desc("size"), "key"))
    worst = blocks.select("rule", "key", "size", ranked.alias("rank")).where(F.col("rank") <= number).orderBy("rule", "rank")
    found: dict[int, list[tuple[str, int]]] = {}
    # bounded: a few rows a rule
    for row in worst.toPandas().to_dict("records"):
        found.setdefault(int(row["rule"]), []).append((f"#{int(row['key']) & 0xFFFFFF:06x}", int(row["size"])))
    return {rule: tuple(blocks) for rule, blocks in found.items()}


def _refuse_explosion(blocks: Blocks, settings: EntityBlocking) -> None:
    for report in blocks.rules:
        if report.dropped_blocks:
            logger.warning(
                "rule %s: %d blocks over the bound left out (%d records, largest %d)",
                report.rule,
                report.dropped_blocks,
                report.dropped_records,
                report.largest_dropped,
            )
    total = sum(report.pairs for report in blocks.rules)
    if total > settings.max_pairs:
        worst = worst_blocks(blocks.sizes.where(F.col("size") <= block_cap(settings)))
        named = []
        for n in sorted(range(len(blocks.rules)), key=lambda n: (-blocks.rules[n].pairs, n))[:_WORST]:
            largest = ", ".join(f"{token} with {size:,} records" for token, size in worst.get(n, ()))
            keys, pairs = ", ".join(settings.rules[n].keys), blocks.rules[n].pairs
            named += [f"rule {settings.rules[n].name} ({keys}) {pairs:,}, largest blocks {largest}"] if pairs else []
        raise DataContractError(
            f"the blocking rules make {total:,} pairs, more than max_pairs {settings.max_pairs:,}: {'; '.join(named)}",
            hint="add a key to these rules, give them a second key (then), lower their max_block_size, or raise max_pairs",
        )
