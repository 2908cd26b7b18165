"""Rules that judge a record among others: values that must be unique, be found elsewhere, or agree across sources.

All rules of uniqueness together take one shuffle of narrow rows, the rule's number and a 64-bit hash of what must be unique;
so do all rules of agreement, with a hash of what the sources share and one of what they must agree in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import DataType

from onefold.quality.bits import BITS, words_for
from onefold.quality.checks.value import given
from onefold.quality.ready import Ready, Rules

__all__ = ["failing_among"]


def failing_among(rules: Rules, others: dict[str, DataFrame], cut: Callable[[DataFrame, str], DataFrame]) -> DataFrame | None:
    """Return `_id` and the bits `_among_f0`... of the rows that fail a rule of this kind; None where there is no such rule.

    Args:
        rules: the table's rules, ready.
        others: the tables that rules look into, by name.
        cut: cuts the lineage.
    """
    among = rules.of("set")
    if not among:
        return None
    found = [_missing(rules, r, others) for r in among if r.rule.check == "exists_in"]
    if agreeing := [r for r in among if r.rule.check == "cross_source_agreement"]:
        found.append(_apart(rules, agreeing))
    if unique := [r for r in among if r.rule.check in ("unique", "unique_together")]:
        found.append(_twice(rules, unique))
    failing = cut(reduce(DataFrame.unionByName, found), f"among_{rules.subject.table}")
    bits = []
    for word in range(words_for(len(rules.names))):
        numbers = [r.number for r in among if r.number // BITS == word]
        set_bits = [F.max(F.when(F.col("_number") == n, 1 << n % BITS).otherwise(0)) for n in numbers]
        total = reduce(Column.__add__, set_bits) if set_bits else F.lit(0)
        bits.append(total.cast("bigint").alias(f"_among_f{word}"))
    return failing.groupBy("_id").agg(*bits)


def _twice(rules: Rules, unique: list[Ready]) -> DataFrame:
    """Return the rows whose value another row has, for all rules of uniqueness at once."""
    keyed = F.array(*(F.when(_asked(rules, r), _keyed(rules, r)) for r in unique))
    rows = rules.subject.frame.select(rules.subject.id.alias("_id"), F.explode(F.array_compact(keyed)).alias("_keyed"))
    alike = Window.partitionBy("_keyed.number", "_keyed.hash")
    several = rows.withColumn("_rows", F.count("*").over(alike)).where(F.col("_rows") > 1)
    return several.select("_id", F.col("_keyed.number").alias("_number"))


def _keyed(rules: Rules, r: Ready) -> Column:
    within = [rules.subject.source] if r.rule.params.within == "source" else []
    return F.struct(F.lit(r.number).alias("number"), F.xxhash64(*within, *(c for c, _ in _values(rules, r))).alias("hash"))


def _values(rules: Rules, r: Ready) -> list[tuple[Column, object]]:
    if r.rule.check == "unique_together":
        return [rules.around.typed(sql) for sql in r.rule.params.columns]
    assert r.value is not None
    return [(r.value.column, r.value.type)]


def _asked(rules: Rules, r: Ready) -> Column:
    """Tell whether the rule applies to a row that has all the values."""
    return reduce(Column.__and__, (given(c, t) for c, t in _values(rules, r)), r.applies)  # type: ignore[arg-type]


def _missing(rules: Rules, r: Ready, others: dict[str, DataFrame]) -> DataFrame:
    """Return the rows whose value is not found in the other table."""
    assert r.value is not None
    text = F.col("_value")
    rows = rules.subject.frame.where(_asked(rules, r)).select(
        rules.subject.id.alias("_id"), r.value.column.cast("string").alias("_value")
    )
    if r.rule.params.table not in others:  # not there yet: nothing can be said
        return rows.where(F.lit(False)).select("_id", F.lit(r.number).alias("_number"))
    there = (
        others[r.rule.params.table].select(F.expr(r.rule.params.column).cast("string").alias("_value")).where(text.isNotNull())
    )
    return rows.join(there, on="_value", how="left_anti").select("_id", F.lit(r.number).alias("_number"))


def _apart(rules: Rules, agreeing: list[Ready]) -> DataFrame:
    """Return the rows whose value is not the most frequent one of their key, where the key has several sources.

    Where several values are the most frequent, nobody knows which is right: all of the key's rows fail.
    """
    keyed = F.array(*(F.when(_asked(rules, r) & given(*_by(rules, r)), _valued(rules, r)) for r in agreeing))
    rows = rules.subject.frame.select(
        rules.subject.id.alias("_id"), rules.subject.source.alias("_source"), F.inline(F.array_compact(keyed))
    )
    of_value = rows.groupBy("_number", "_key", "_hash").agg(
        F.count("*").alias("n"), F.min("_source").alias("a"), F.max("_source").alias("z")
    )
    of_key = Window.partitionBy("_number", "_key")
    judged = of_value.withColumns(
        {
            "most": F.max("n").over(of_key),
            "values": F.count("*").over(of_key),
            "several": F.min("a").over(of_key) != F.max("z").over(of_key),
        }
    ).where((F.col("values") > 1) & F.col("several"))
    tied = F.count_if(F.col("n") == F.col("most")).over(of_key) > 1
    failing = judged.withColumn("tied", tied).where(F.col("tied") | (F.col("n") < F.col("most")))
    return rows.join(failing, on=["_number", "_key", "_hash"], how="left_semi").select("_id", "_number")


def _by(rules: Rules, r: Ready) -> tuple[Column, DataType]:
    return rules.around.typed(r.rule.params.by)


def _valued(rules: Rules, r: Ready) -> Column:
    assert r.value is not None
    return F.struct(
        F.lit(r.number).alias("_number"),
        F.xxhash64(_by(rules, r)[0]).alias("_key"),
        F.xxhash64(F.lower(F.trim(r.value.column.cast("string")))).alias("_hash"),
    )
