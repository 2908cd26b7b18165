"""The one pass: every rule that judges records, and the decision tree, over each row once, whatever their number.

What it leaves is narrow: who the row is, and its failures as bits. Counts, examples, reasons and classes are all read from that.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.quality.among import failing_among
from onefold.quality.bits import any_of_bits, named, packed, words_for
from onefold.quality.ready import Rules
from onefold.quality.settings import ClassificationSettings
from onefold.quality.tree import Tree, check_tree, grown

__all__ = ["Cut", "Judged", "failures", "judged"]

Cut = Callable[[DataFrame, str], DataFrame]
"""Writes a frame under a name and gives what is read back: the same rows, computed once."""


@dataclass(frozen=True)
class Judged:
    """What the pass found.

    `rows`: `_id`, `_party_id` (of parties), `_source`, `_region`, `_entity_type`, bits of failed rules `_f0`..., bits of the
    cohorts that the row belongs to `_c0`..., and `_leaf` of the tree.
    """

    rows: DataFrame
    rules: Rules
    tree: Tree | None

    @property
    def failed(self) -> list[Column]:
        """The bits of failed rules."""
        return [F.col(f"_f{i}") for i in range(words_for(len(self.rules.names)))]

    @property
    def cohorts(self) -> list[Column]:
        """The bits of cohorts."""
        return [F.col(f"_c{i}") for i in range(words_for(len(self.rules.cohorts)))]


def judged(rules: Rules, classification: ClassificationSettings | None, others: dict[str, DataFrame], cut: Cut) -> Judged:
    """Return every row of the table judged by every rule, and put into its leaf of the tree.

    Args:
        rules: the rules, ready.
        classification: the decision tree; None for tables whose rows get no class.
        others: the tables that rules look into, by name.
        cut: cuts the lineage, so that nothing is judged twice.
    """
    subject, count = rules.subject, len(rules.names)
    rows = subject.frame
    row_bits = packed({r.number: r.fails for r in rules.of("row") if r.fails is not None}, count)
    cohorts = {n: F.lit(True) if where is None else F.expr(where).cast("boolean") for n, where in enumerate(rules.cohorts)}
    keys = [*subject.keys, *([F.col("party_id").alias("_party_id")] if subject.table == "party" else [])]
    beside = [c.alias(f"_c{i}") for i, c in enumerate(packed(cohorts, len(cohorts)))]
    names = [f"_f{i}" for i in range(len(row_bits))]
    bits = rows.select("*", *keys, *(b.alias(name) for b, name in zip(row_bits, names, strict=True)), *beside)
    if among := failing_among(rules, others, cut):
        joined = bits.join(among, on="_id", how="left")
        both = {name: F.col(name).bitwiseOR(F.coalesce(f"_among{name}", F.lit(0).cast("bigint"))) for name in names}
        bits = joined.withColumns(both)
    words = [F.col(name) for name in names]
    tree = None
    if classification is not None and classification.nodes:
        bits = bits.withColumn("failed", named(words, rules.names, "string"))
        check_tree(classification, bits)
        tree = grown(classification, words, rules.names)
        bits = bits.withColumn("_leaf", tree.leaf if tree else F.lit(None))
    kept = [c for c in bits.columns if c.startswith("_") and c not in rows.columns and not c.startswith("_among")]
    return Judged(cut(bits.select(*kept), f"judged_{subject.table}"), rules, tree)


def failures(found: Judged, run_id: str, waived: DataFrame | None) -> DataFrame:
    """Return a row for each party: the rules that it fails, those of them that block, its class and the path there.

    Args:
        found: what the pass found of parties.
        run_id: of the run.
        waived: `record_id`, `every` (whether each blocking rule is waived) and `rules` (those that are); None where none is.
    """
    blocking = {r.number for r in found.rules.all if r.rule.severity == "blocks"}
    names = named(found.failed, found.rules.names, "string")
    blocked = named(found.failed, found.rules.names, "string", only=blocking)
    rows = found.rows
    if waived is not None:
        rows = rows.join(F.broadcast(waived), on=F.col("_id") == F.col("record_id"), how="left").drop("record_id")
        kept = F.array_except(blocked, F.coalesce("rules", F.array().cast("array<string>")))
        blocked = F.when(F.coalesce("every", F.lit(False)), F.lit(None)).otherwise(kept)
    tree = found.tree
    return rows.select(
        F.lit(run_id).alias("run_id"),
        F.col("_id").alias("record_id"),
        F.col("_party_id").alias("party_id"),
        F.col("_source").alias("source"),
        F.col("_region").alias("region"),
        F.when(any_of_bits(found.failed, range(len(found.rules.names))), names).alias("failed"),
        F.when(any_of_bits(found.failed, blocking) & (F.size(blocked) > 0), blocked).alias("blocked_by"),
        (_of_leaf(tree.classes, "string") if tree else F.lit(None)).alias("class"),
        (_of_leaf(tree.paths, "array<string>") if tree else F.lit(None)).alias("path"),
    )


def _of_leaf(values: list[str] | list[list[str]], kind: str) -> Column:
    return F.get(F.from_json(F.lit(json.dumps(values)), f"array<{kind}>"), F.col("_leaf"))
