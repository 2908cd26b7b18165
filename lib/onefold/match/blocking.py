"""Candidate pairs of record ids: blocks sized, oversized ones dropped and reported, each pair made once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.candidates import candidate_pairs
from onefold.match.keyed import block_cap, blocking_keys, rule_number
from onefold.match.keys import parse_key
from onefold.match.settings import EntityBlocking
from onefold.match.values import require_keys

__all__ = ["Blocked", "Cut", "RuleReport", "block", "block_sizes", "rule_reports"]

logger = logging.getLogger(__name__)

Cut = Callable[[DataFrame, str], DataFrame]
"""Cuts a frame's lineage under a name: what it returns is computed once and holds the same rows."""


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


def block_sizes(keyed: DataFrame) -> DataFrame:
    """Return `key`, `party_id`, `source` and `size`, the records that share the key; records alone in a block are left out."""
    exploded = keyed.select("party_id", "source", F.explode("keys").alias("key"))
    sized = exploded.select("key", "party_id", "source", F.count("*").over(Window.partitionBy("key")).alias("size"))
    return sized.where(F.col("size") > 1)


def rule_reports(sizes: DataFrame, settings: EntityBlocking) -> tuple[RuleReport, ...]:
    """Return what every rule makes and drops, counted from the block sizes before any pair is made."""
    over = F.col("size") > block_cap(settings)
    size = F.col("size").cast("double")
    counted = sizes.groupBy(rule_number().alias("rule"), over.alias("over")).agg(
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
