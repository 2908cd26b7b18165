"""Which blocking rules join two records, which nearly do, and what is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.match.keyed import blocking_keys
from onefold.match.keys import parse_key
from onefold.match.rarest import keep_rarest
from onefold.match.settings import BlockingSettings, EntityBlocking
from onefold.match.values import with_keys

__all__ = ["KeyState", "NearRule", "near_rules", "shared_rules"]

Agreement = Literal["agrees", "differs", "missing"]


@dataclass(frozen=True)
class KeyState:
    """One key of a rule: whether two records agree on it, differ, or do not both have it (and who lacks it)."""

    key: str
    state: Agreement
    lacking: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the state in words, without values."""
        return f"{self.key} is missing on {' and '.join(self.lacking)}" if self.lacking else f"{self.key} {self.state}"


@dataclass(frozen=True)
class NearRule:
    """One rule, key by key, for two records."""

    rule: str
    keys: tuple[KeyState, ...]

    @property
    def agreeing(self) -> int:
        """How many keys agree."""
        return sum(key.state == "agrees" for key in self.keys)

    @property
    def joins(self) -> bool:
        """Whether every key agrees, so that the rule would compare the records."""
        return self.agreeing == len(self.keys)

    def text(self) -> str:
        """Return the rule and its keys in words, what agrees first."""
        ordered = sorted(self.keys, key=lambda key: key.state != "agrees")
        return f"{self.rule}: {', '.join(key.text() for key in ordered)}"


def near_rules(parties: DataFrame, ids: tuple[str, str], settings: EntityBlocking) -> tuple[NearRule, ...]:
    """Return every rule, key by key, for two records; the rules that are nearest to joining them first.

    Args:
        parties: silver parties of their entity type: which words are rare is known only of all of them.
        ids: their record ids.
        settings: the rules of their entity type.
    """
    texts = list(dict.fromkeys(text for rule in settings.rules for text in rule.keys))
    names = {text: f"k{number}" for number, text in enumerate(texts)}
    keys = {names[text]: parse_key(text) for text in texts}
    rarest = {name: key.rarest for name, key in keys.items() if key.rarest is not None}
    both = F.col("record_id").isin(*ids)
    read = parties if rarest else parties.where(both)
    valued = keep_rarest(with_keys(read, keys, ("party_id", "record_id"), settings.junk), rarest).where(both)
    # bounded: the two records asked for
    rows = {row["record_id"]: row.asDict() for row in valued.toLocalIterator()}
    states = {text: _state(text, [(i, rows[i][names[text]]) for i in ids]) for text in texts}
    found = [NearRule(rule.name, tuple(states[text] for text in rule.keys)) for rule in settings.rules]
    return tuple(sorted(found, key=lambda near: (len(near.keys) - near.agreeing, -len(near.keys))))


def _state(text: str, valued: list[tuple[str, Any]]) -> KeyState:
    lacking = tuple(record for record, value in valued if not value)
    if lacking:
        return KeyState(text, "missing", lacking)
    left, right = (set(value) if isinstance(value, list) else {value} for _, value in valued)
    return KeyState(text, "agrees" if left & right else "differs")


def shared_rules(pairs: DataFrame, parties: DataFrame, settings: BlockingSettings) -> DataFrame:
    """Return the pairs with `shared_rules`, how many block keys the two records share.

    Args:
        pairs: `record_a`, `record_b` and whatever else.
        parties: silver parties, all of them: which words are rare is known only of all.
        settings: the rules of each entity type.
    """
    kinds = {"person": settings.person, "company": settings.company}
    keyed = [
        blocking_keys(parties.where(F.col("entity_type") == kind), rules) for kind, rules in kinds.items() if rules is not None
    ]
    if not keyed:
        return pairs.withColumn("shared_rules", F.lit(0))
    named = reduce(DataFrame.unionByName, keyed).join(parties.select("party_id", "record_id"), on="party_id", how="inner")
    ids = pairs.select(F.explode(F.array("record_a", "record_b")).alias("record_id")).dropDuplicates()
    named = named.join(ids, on="record_id", how="left_semi")
    for side in ("a", "b"):
        own = named.select(F.col("record_id").alias(f"record_{side}"), F.col("keys").alias(f"keys_{side}"))
        pairs = pairs.join(own, on=f"record_{side}", how="left")
    shared = F.coalesce(F.size(F.array_intersect("keys_a", "keys_b")), F.lit(0))
    return pairs.withColumn("shared_rules", shared).drop("keys_a", "keys_b")
