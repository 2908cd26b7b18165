"""Rules that judge a record among others: values that must be unique, be found elsewhere, or agree across sources.

All rules of uniqueness and agreement together take one shuffle of narrow rows: the rule's number, a 64-bit hash of what must be
unique or is shared, one of what must agree, and one of the source. Keys that break a rule are few: rows are looked up by them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.quality.bits import BITS, words_for
from onefold.quality.checks.value import given
from onefold.quality.ready import Ready, Rules

__all__ = ["failing_among"]

_PLACES = 1 << 31
"""Places that values are told apart by among those that as many rows have: a count and a place make one whole number."""


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
    if shared := [r for r in among if r.rule.check != "exists_in"]:
        found.append(_disputed(rules, shared, cut))
    failing = cut(reduce(DataFrame.unionByName, found), f"among_{rules.subject.table}")
    bits = []
    for word in range(words_for(len(rules.names))):
        numbers = [r.number for r in among if r.number // BITS == word]
        set_bits = [F.max(F.when(F.col("_number") == n, 1 << n % BITS).otherwise(0)) for n in numbers]
        total = reduce(Column.__add__, set_bits) if set_bits else F.lit(0)
        bits.append(total.cast("bigint").alias(f"_among_f{word}"))
    return failing.groupBy("_id").agg(*bits)


def _disputed(rules: Rules, shared: list[Ready], cut: Callable[[DataFrame, str], DataFrame]) -> DataFrame:
    """Return the rows whose value another row has, where it must be unique, or is not that of the other sources.

    Where sources do not agree, the value that most rows have is taken for right; where several values have as many, nobody knows,
    and all of the key's rows fail.
    """
    keyed = F.array(*(F.when(asked, key) for asked, key in (_keyed(rules, r) for r in shared)))
    rows = rules.subject.frame.select(
        rules.subject.id.alias("_id"), F.xxhash64(rules.subject.source).alias("_source"), F.inline(F.array_compact(keyed))
    )
    place = F.pmod("_value", F.lit(_PLACES))
    # All in whole numbers, so that Spark aggregates by hash and not by sorting; a key's rows meet once for both aggregations.
    of_value = (
        rows.repartition("_number", "_key")
        .groupBy("_number", "_key", "_value")
        .agg(F.count("*").alias("n"), F.min("_source").alias("a"), F.max("_source").alias("z"))
    )
    of_key = of_value.groupBy("_number", "_key").agg(
        F.count("*").alias("values"),
        F.max("n").alias("most"),
        (F.min("a") != F.max("z")).alias("several"),
        F.pmod(F.max(F.col("n") * _PLACES + place), F.lit(_PLACES)).alias("last"),
        (_PLACES - 1 - F.pmod(F.max(F.col("n") * _PLACES + (_PLACES - 1 - place)), F.lit(_PLACES))).alias("first"),
    )
    unique = F.col("_number").isin([r.number for r in shared if r.rule.check != "cross_source_agreement"])
    broken = F.when(unique, F.col("most") > 1).otherwise((F.col("values") > 1) & F.col("several"))
    keys = of_key.where(broken).select(
        "_number", "_key", F.when(~unique & (F.col("first") == F.col("last")), F.col("first")).alias("usual")
    )
    found = rows.join(cut(keys, f"disputed_{rules.subject.table}"), on=["_number", "_key"], how="inner")
    return found.where(F.coalesce(place != F.col("usual"), F.lit(True))).select("_id", "_number")


def _keyed(rules: Rules, r: Ready) -> tuple[Column, Column]:
    """Return whether a row is asked, and its number, hash of the key, and hash of the value that is to agree."""
    if r.rule.check == "cross_source_agreement":
        by, type_ = rules.around.typed(r.rule.params.by)
        assert r.value is not None
        value = F.lower(F.trim(r.value.column.cast("string")))
        return _asked(rules, r) & given(by, type_), _key(r, F.xxhash64(by), F.xxhash64(value))
    within = [rules.subject.source] if r.rule.params.within == "source" else []
    return _asked(rules, r), _key(r, F.xxhash64(*within, *(c for c, _ in _values(rules, r))), F.lit(0).cast("bigint"))


def _key(r: Ready, key: Column, value: Column) -> Column:
    return F.struct(F.lit(r.number).alias("_number"), key.alias("_key"), value.alias("_value"))


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
