"""Rules about a source as a whole: aggregates, volume, freshness and drift; each gives one figure a source.

One such rule checks one thing a source, so that its result counts 1 checked, and 0 or 1 failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.quality.counts import about
from onefold.quality.ready import Ready, Rules
from onefold.quality.subject import ALL

__all__ = ["BUCKETS", "figures"]

BUCKETS = 64
"""Buckets of a distribution: values are hashed into them, so that what is kept of a distribution shows no value."""
_SECONDS_A_DAY = 86_400.0
_LEAST_SHARE = 1e-4
_DETAIL = "struct<n:bigint,shares:array<double>>"


def figures(rules: Rules, before: DataFrame, sources: Sequence[str]) -> DataFrame | None:
    """Return a row for each rule about a whole source and each source, with its figure and status; None where there is none.

    Args:
        rules: the table's rules, ready.
        before: `rule_id`, `source`, `value` and `detail` of the last run, of rules that check the same still.
        sources: sources that are to be told of even where they have no row.
    """
    whole = rules.of("aggregate")
    if not whole:
        return None
    rows = reduce(DataFrame.unionByName, _measured(rules, whole))
    known = about(rules.subject.frame, [(r.number, 0, r.rule) for r in whole])
    rows = _with_sources(rows, known, sources)
    last = before.select("rule_id", "source", F.col("value").alias("was"), F.col("detail").alias("was_detail"))
    return _judged(rows.join(F.broadcast(last), on=["rule_id", "source"], how="left"), whole)


def _measured(rules: Rules, whole: Sequence[Ready]) -> Iterator[DataFrame]:
    """Give `number`, `source`, `value` and `detail` of all rules, in as few scans as can be."""
    if drifting := [r for r in whole if r.rule.check == "distribution_drift"]:
        yield _distributions(rules, drifting)
    if plain := [r for r in whole if r.rule.check in ("ratio", "volume", "freshness")]:
        yield _figures(rules, rules.subject.frame, [(r, _figure(rules, r)) for r in plain])
    # SQL with aggregates in it cannot be told whom it applies to: rules about the same rows share a scan of those.
    groups: dict[tuple[object, ...], list[Ready]] = {}
    for r in whole:
        if r.rule.check == "aggregate":
            groups.setdefault((r.rule.where, r.rule.entity_type, r.rule.sources, r.rule.regions), []).append(r)
    for mine in groups.values():
        rows = rules.subject.frame.where(mine[0].applies)
        yield _figures(rules, rows, [(r, F.expr(r.rule.params.sql).cast("double")) for r in mine])


def _figures(rules: Rules, rows: DataFrame, figured: Sequence[tuple[Ready, Column]]) -> DataFrame:
    """Return one figure of each rule for each source that has rows which the rule applies to."""
    every = [
        F.struct(F.lit(r.number).alias("number"), value.alias("value"), F.count_if(r.applies).alias("rows"))
        for r, value in figured
    ]
    grouped = rows.groupBy(rules.subject.source.alias("source")).agg(F.array(*every).alias("figures"))
    found = grouped.select("source", F.inline("figures")).where(F.col("rows") > 0)
    return found.select("number", "source", "value", F.lit(None).cast("string").alias("detail"))


def _figure(rules: Rules, r: Ready) -> Column:
    p, applies = r.rule.params, r.applies
    if r.rule.check == "ratio":
        return F.avg(F.when(applies, F.when(F.coalesce(F.expr(p.of).cast("boolean"), F.lit(False)), 1.0).otherwise(0.0)))
    if r.rule.check == "volume":
        return F.count_if(applies).cast("double")
    newest = F.max(F.when(applies, F.unix_seconds(F.expr(p.column).cast("timestamp"))))
    return (F.lit(rules.around.now.timestamp()) - newest) / _SECONDS_A_DAY


def _distributions(rules: Rules, drifting: Sequence[Ready]) -> DataFrame:
    """Return the shares of the hashed values' buckets as JSON, the last one that of missing values, by source and rule."""
    placed = F.array(*(F.when(r.applies, F.struct(F.lit(r.number).alias("number"), _place(r).alias("place"))) for r in drifting))
    rows = rules.subject.frame.select(rules.subject.source.alias("source"), F.inline(F.array_compact(placed)))
    counts = rows.groupBy("source", "number", "place").agg(F.count("*").alias("n"))
    of_rule = counts.groupBy("source", "number").agg(
        F.sum("n").alias("n"), F.map_from_entries(F.collect_list(F.struct("place", "n"))).alias("at")
    )
    places = F.sequence(F.lit(0), F.lit(BUCKETS))
    shares = F.transform(places, lambda i: F.round(F.coalesce(F.try_element_at("at", i), F.lit(0)) / F.col("n"), 6))
    detail = F.to_json(F.struct("n", shares.alias("shares"))).alias("detail")
    return of_rule.select("number", "source", F.lit(None).cast("double").alias("value"), detail)


def _place(r: Ready) -> Column:
    assert r.value is not None
    hashed = F.pmod(F.xxhash64(r.value.column.cast("string")), F.lit(BUCKETS)).cast("int")
    return F.when(r.value.column.isNull(), F.lit(BUCKETS)).otherwise(hashed)


def _with_sources(rows: DataFrame, known: DataFrame, sources: Sequence[str]) -> DataFrame:
    """Add a row for each source that a rule is about and that has no rows."""
    every = F.array(*(F.lit(s) for s in sources)).cast("array<string>")
    named = F.when(F.size("sources") > 0, F.col("sources")).otherwise(every)
    expected = known.select("number", F.explode(named).alias("source"))
    return expected.join(rows, on=["number", "source"], how="full").join(F.broadcast(known), on="number")


def _judged(rows: DataFrame, whole: Sequence[Ready]) -> DataFrame:
    def of(check: str) -> Column:
        return F.col("number").isin([r.number for r in whole if r.rule.check == check])

    value = F.when(of("volume"), F.coalesce("value", F.lit(0.0))).otherwise(F.col("value"))
    rows = rows.withColumn("value", F.when(of("distribution_drift"), _psi(_least(whole))).otherwise(value))
    good: Column = F.lit(None).cast("boolean")
    for r in whole:
        good = F.when(F.col("number") == r.number, _good(r)).otherwise(good)
    failed = F.when(good, 0).when(~good, 1).otherwise(0).cast("bigint")
    return rows.withColumn("_good", good).select(
        *(c for c in rows.columns if c not in ("value", "detail", "was", "was_detail")),
        F.lit(ALL).alias("region"),
        F.col("_good").isNotNull().cast("bigint").alias("checked"),
        failed.alias("failed"),
        F.array().cast("array<string>").alias("examples"),
        "value",
        "detail",
        F.when(F.col("_good").isNull(), "not_applicable").when(F.col("_good"), "pass").otherwise("fail").alias("status"),
    )


def _good(r: Ready) -> Column:
    """Tell whether a rule's figure is within its bounds; null where nothing can be said."""
    p, value = r.rule.params, F.col("value")
    if r.rule.check == "distribution_drift":
        return value <= float(p.max_psi)
    if r.rule.check == "freshness":
        return value <= float(p.days)
    good = F.when(value.isNotNull(), F.lit(True))
    good = good & (value >= p.min) if p.min is not None else good
    good = good & (value <= p.max) if p.max is not None else good
    if r.rule.check == "volume" and p.change is not None:
        good = good & F.coalesce(F.abs(value - F.col("was")) <= p.change * F.col("was"), F.lit(True))
    return good


def _least(whole: Sequence[Ready]) -> Column:
    """Return the fewest records that a rule of drift judges."""
    least: Column = F.lit(1)
    for r in whole:
        if r.rule.check == "distribution_drift":
            least = F.when(F.col("number") == r.number, F.lit(r.rule.params.least)).otherwise(least)
    return least


def _psi(least: Column) -> Column:
    """Return the population stability index against the last run, less what chance alone gives; null where there is no last run.

    Shares below 0.0001 count as that. By chance alone two samples of one distribution differ by (k - 1)(1/n + 1/m), k the buckets
    in use; that is taken off, so that small sources do not seem to drift.
    """
    now, was = F.from_json("detail", _DETAIL), F.from_json("was_detail", _DETAIL)

    def term(a: Column, b: Column) -> Column:
        a, b = F.greatest(a, F.lit(_LEAST_SHARE)), F.greatest(b, F.lit(_LEAST_SHARE))
        return (a - b) * F.ln(a / b)

    terms = F.zip_with(now["shares"], was["shares"], term)
    psi = F.aggregate(terms, F.lit(0.0), lambda total, one: total + F.coalesce(one, F.lit(0.0)))
    used = F.size(F.filter(F.zip_with(now["shares"], was["shares"], lambda a, b: F.greatest(a, b)), lambda s: s > 0))
    chance = (used - 1) * (1.0 / now["n"] + 1.0 / was["n"])
    return F.when(was.isNotNull() & (F.least(now["n"], was["n"]) >= least), F.greatest(psi - chance, F.lit(0.0)))
