"""Proposes blocking rules from the data within a budget of pairs, without labels, from bounded samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.blocking import Cut, RuleReport, block, make_blocks
from onefold.match.capture import attributes_of
from onefold.match.cover import Chosen, Evidence, Limits, Long, choose
from onefold.match.keyed import key_values
from onefold.match.keys import parse_key
from onefold.match.settings import BlockingRule, EntityBlocking
from onefold.match.suggest_keys import candidate_keys, rule_name, strong_rules

__all__ = ["Suggestion", "suggest_rules"]

_RECORDS = 20_000
_MATCHES = 10_000
_LIKELY = 0.9
_CAP = 100
_FILLED = 0.02


@dataclass(frozen=True)
class Suggestion:
    """Rules in the order in which they were chosen, what each will make, and what the choice rests on."""

    entity_type: str
    rules: tuple[tuple[BlockingRule, Chosen, RuleReport], ...]
    basis: str
    cap: int

    @property
    def covered(self) -> float:
        """Share of the sampled matches that some rule finds."""
        return sum(chosen.gain for _, chosen, _ in self.rules)

    @property
    def pairs(self) -> int:
        """Pairs of all rules, those that several make counted for each."""
        return sum(report.pairs for _, _, report in self.rules)

    def yaml(self) -> str:
        """Return the rules as they stand in blocking.yml, each with its price and gain."""
        head = f"# {self.pairs:,} pairs; finds {self.covered:.1%} of {self.basis}."
        lines = [head, f"{self.entity_type}:", f"  max_block_size: {self.cap}", "  rules:"]
        for rule, chosen, report in self.rules:
            lines.append(f"    # {report.pairs:,} pairs; finds {chosen.found:.1%} of the matches, {chosen.gain:.2%} of them new")
            lines.append(f"    - {{name: {rule.name}, keys: [{', '.join(rule.keys)}]}}")
        return "\n".join(lines)


def suggest_rules(
    parties: DataFrame,
    pairs: DataFrame | None,
    settings: EntityBlocking | None,
    cut: Cut,
    *,
    budget: int,
    tell: Callable[[str], None],
) -> Suggestion:
    """Return rules that find the most likely matches for at most `budget` pairs.

    Likely matches are the scored pairs of the last run, where there are some; else the pairs that agree on two of the strongest
    keys (e-mail, phone, identifiers, whole name with date of birth). Both know only what some rule found.

    Args:
        parties: silver parties of one entity type.
        pairs: match/pair of the type, when match has run.
        settings: the rules so far, for the block size bound and the junk.
        cut: cuts the lineage of what is read more than once.
        budget: pairs that all rules together may make.
        tell: is told what goes on.

    Raises:
        DataContractError: when there are too few likely matches to learn from.
    """
    kind = str(parties.select("entity_type").first()["entity_type"])  # type: ignore[index]
    like = settings or EntityBlocking(rules=(BlockingRule(name="any", keys=("party_id",)),), max_block_size=_CAP)
    keys = candidate_keys(parties.schema, kind)
    tell("suggest: key values")
    values = cut(key_values(parties, keys, like.junk), "key_values")
    tell("suggest: likely matches")
    matches, basis = _matches(parties, pairs, like, cut)
    records = values.count()
    share = min(1.0, _RECORDS / max(records, 1))
    drawn = values.where(F.pmod(F.xxhash64(F.lit("suggest"), "party_id"), F.lit(1_000_003)) < round(1_000_003 * share))
    evidence = _evidence(drawn, _shared(matches, values, keys), keys, share)
    if evidence.matches_sampled < 20:
        raise DataContractError(
            f"there are {evidence.matches_sampled} likely matches, too few to learn rules from",
            hint="write a few broad rules, run match, and ask again",
        )
    tell("suggest: choosing rules")
    limits = Limits(budget, like.max_block_size)
    chosen = choose(evidence, limits)
    return _counted(kind, chosen, (parties, like, cut), f"{evidence.matches_sampled:,} likely matches ({basis})")


def _counted(kind: str, chosen: list[Chosen], of: tuple[DataFrame, EntityBlocking, Cut], basis: str) -> Suggestion:
    """Count exactly, over all records, what the chosen rules make."""
    parties, like, cut = of
    names: list[str] = []
    for one in chosen:
        names.append(rule_name(one.keys, names))
    rules = tuple(BlockingRule(name=name, keys=one.keys) for name, one in zip(names, chosen, strict=True))
    if not rules:
        return Suggestion(kind, (), basis, like.max_block_size)
    reports = make_blocks(parties, like.model_copy(update={"rules": rules}), lambda f, n: cut(f, f"chosen_{n}")).rules
    return Suggestion(kind, tuple(zip(rules, chosen, reports, strict=True)), basis, like.max_block_size)


def _matches(parties: DataFrame, pairs: DataFrame | None, like: EntityBlocking, cut: Cut) -> tuple[DataFrame, str]:
    """Return a bounded sample of likely matches as pairs of ids, and where they come from."""
    found, basis = None, ""
    if pairs is not None:
        likely = pairs.where(F.col("match_probability") >= _LIKELY).select("party_id_l", "party_id_r")
        found, basis = (likely, "scored pairs of the last run") if likely.count() >= 20 else (None, "")
    if found is None:
        rules = strong_rules(parties.schema)
        strong = like.model_copy(update={"rules": rules, "max_block_size": 20})
        made = cut(block(parties, strong, lambda f, n: cut(f, f"strong_{n}")).pairs, "strong_pairs")
        twice = F.bit_count("rules") >= 2
        found, basis = made.where(twice).select("party_id_l", "party_id_r"), "records that agree on two strong keys"
    order = F.xxhash64(F.lit("suggest"), "party_id_l", "party_id_r")
    return found.orderBy(order, "party_id_l", "party_id_r").limit(_MATCHES), basis


def _shared(matches: DataFrame, values: DataFrame, keys: tuple[str, ...]) -> DataFrame:
    """Return for each match and key the values that both records have."""
    left = values.select(F.col("party_id").alias("party_id_l"), *(F.col(f"k{n}").alias(f"l{n}") for n in range(len(keys))))
    right = values.select(F.col("party_id").alias("party_id_r"), *(F.col(f"k{n}").alias(f"r{n}") for n in range(len(keys))))
    both = matches.join(left, on="party_id_l", how="inner").join(right, on="party_id_r", how="inner")
    return both.select(*(F.array_intersect(f"l{n}", f"r{n}").alias(f"k{n}") for n in range(len(keys))))


def _evidence(drawn: DataFrame, shared: DataFrame, keys: tuple[str, ...], share: float) -> Evidence:
    records = drawn.drop("party_id").toPandas()  # bounded: _RECORDS records
    matches = shared.toPandas()  # bounded: _MATCHES pairs
    parsed = {key: parse_key(key) for key in keys}
    of_records = {key: _long(records[f"k{n}"], None) for n, key in enumerate(keys)}
    filled = [key for key in keys if len(np.unique(of_records[key].rows)) > _FILLED * len(records)]
    of_matches = {key: _long(matches[f"k{n}"], of_records[key].many) for n, key in enumerate(keys)}
    return Evidence(
        {key: of_records[key] for key in filled},
        {key: of_matches[key] for key in filled},
        {key: attributes_of([parsed[key].text]) for key in filled},
        share,
        len(matches),
    )


def _long(values: Any, many: bool | None) -> Long:
    arrays = [np.asarray(value if value is not None else (), dtype=np.int64) for value in values]
    lengths = np.array([len(a) for a in arrays], dtype=np.int64)
    rows = np.repeat(np.arange(len(arrays), dtype=np.int64), lengths)
    flat = np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)
    return Long(rows, flat, bool(lengths.max(initial=0) > 1) if many is None else many)
