"""What the blocking rules do, before any pair is compared: pairs, blocks, what only one rule finds, records that none serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.match.blocking import Cut, RuleReport, make_blocks, worst_blocks
from onefold.match.candidates import candidate_pairs
from onefold.match.keyed import block_cap, rule_number
from onefold.match.settings import EntityBlocking

__all__ = ["BlockingFigures", "Measured", "RuleFigures", "measure_blocking", "rule_bit"]

_DRAWS = 1_000_003


@dataclass(frozen=True)
class RuleFigures:
    """One rule: what it makes, the records in its blocks, the pairs new after earlier rules and those that only it makes.

    `spread` has (power of two, blocks, pairs): the blocks of up to that many records and more than half as many.
    """

    report: RuleReport
    keys: tuple[str, ...]
    cap: int
    records: int
    new: int
    only: int
    largest: tuple[tuple[str, int], ...]
    spread: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class BlockingFigures:
    """All rules of an entity type; `share` of the pairs was looked at to tell `candidates`, `new` and `only`, 1 for all."""

    entity_type: str
    records: int
    in_no_block: int
    candidates: int
    share: float
    rules: tuple[RuleFigures, ...]


@dataclass(frozen=True)
class Measured:
    """The figures, and each record's live block keys (`party_id`, `source`, `keys`) for what else is asked of them."""

    figures: BlockingFigures
    keyed: DataFrame


def measure_blocking(parties: DataFrame, entity_type: str, settings: EntityBlocking, cut: Cut, *, budget: int) -> Measured:
    """Return what the rules would do to the parties of one entity type.

    Args:
        parties: silver parties of the entity type.
        entity_type: its name.
        settings: the rules.
        cut: cuts the lineage of the blocks, which are read several times.
        budget: pairs that may be made to tell which rules make the same ones; above it a sample of the records is taken,
            the same on every run, and the counts are scaled up.

    Raises:
        ConfigurationError: when a rule names a column that the parties do not have.
    """
    blocks = make_blocks(parties, settings, cut)
    live = blocks.sizes.where(F.col("size") <= block_cap(settings))
    records = parties.count()
    by_rules = _counts(live.groupBy("party_id").agg(F.bit_or(rule_bit(rule_number())).alias("rules")))
    every = sum(report.pairs for report in blocks.rules)
    share = min(1.0, budget / max(every, 1))
    pairs = candidate_pairs(blocks.sizes, settings)
    if share < 1.0:
        draw = F.pmod(F.xxhash64(F.lit("sample"), "party_id_l"), F.lit(_DRAWS))
        pairs = pairs.where(draw < round(_DRAWS * share))
    made = {bits: count / share for bits, count in _counts(pairs).items()}
    worst, spread = worst_blocks(blocks.sizes), _spread(live)
    rules = tuple(
        RuleFigures(
            report=report,
            keys=rule.keys,
            cap=settings.cap_of(rule),
            records=round(sum(count for bits, count in by_rules.items() if bits >> n & 1)),
            new=round(sum(count for bits, count in made.items() if bits & -bits == 1 << n)),
            only=round(made.get(1 << n, 0)),
            largest=worst.get(n, ()),
            spread=spread.get(n, ()),
        )
        for n, (rule, report) in enumerate(zip(settings.rules, blocks.rules, strict=True))
    )
    alone = records - round(sum(by_rules.values()))
    figures = BlockingFigures(entity_type, records, alone, round(sum(made.values())), share, rules)
    return Measured(figures, live.groupBy("party_id", "source").agg(F.collect_list("key").alias("keys")))


def rule_bit(number: Column) -> Column:
    """Return the bit that stands for a rule number: 1 for the first rule, 2, 4..."""
    return F.call_function("shiftleft", F.lit(1).cast("bigint"), number)


def _counts(with_rules: DataFrame) -> Mapping[int, float]:
    """Return how many rows there are of each set of rules."""
    # bounded: sets of rules that occur together, some thousands at most
    counted = with_rules.groupBy("rules").agg(F.count("*").alias("rows")).toPandas()
    return {int(bits): float(rows) for bits, rows in zip(counted["rules"], counted["rows"], strict=True)}


def _spread(live: DataFrame) -> dict[int, tuple[tuple[int, int, int], ...]]:
    size = F.col("size").cast("double")
    step = F.ceil(F.log2(size)).cast("int")
    counted = live.groupBy(rule_number().alias("rule"), step.alias("step")).agg(
        F.sum(1.0 / size).alias("blocks"), F.sum((size - 1.0) / 2.0).alias("pairs")
    )
    found: dict[int, list[tuple[int, int, int]]] = {}
    # bounded: a row for every rule and power of two up to its cap
    for row in counted.orderBy("rule", "step").toPandas().to_dict("records"):
        found.setdefault(int(row["rule"]), []).append((2 ** int(row["step"]), round(row["blocks"]), round(row["pairs"])))
    return {rule: tuple(steps) for rule, steps in found.items()}
