"""Adds up what the rules found, and what was counted, to the metrics of each run."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.contracts.quality import METRIC

__all__ = ["ALL", "ages", "counted", "last_of", "scores", "volumes"]

ALL = "(all)"
"""Subject of the overall level, and source where a level has none beside."""
_KEY = ("run_id", "measured_at", "level", "subject", "source")


def scores(results: DataFrame, prices: DataFrame) -> DataFrame:
    """Return the scores of every run in the results: passed over checked, weighted, at every level.

    A rule that broke, or had nothing to check, says nothing.

    Args:
        results: rows of quality/rule_result, of one run or many.
        prices: rule_id, unit_cost: what one failure costs; null or absent where nobody has estimated it.
    """
    said = results.where(F.col("checked") > 0).where(~F.col("status").isin("error", "not_applicable"))
    priced = said.join(F.broadcast(prices.select("rule_id", "unit_cost")), on="rule_id", how="left")
    part = F.explode(F.filter(_levels(), lambda one: one.isNotNull())).alias("part")
    columns = ("run_id", "measured_at", "fingerprint", "weight", "checked", "passed", "failed", "unit_cost")
    parts = priced.select(*columns, part).select(*columns, "part.*")
    added = parts.groupBy(*_KEY).agg(
        F.try_divide(F.sum(F.col("weight") * F.col("passed")), F.sum(F.col("weight") * F.col("checked"))).alias("value"),
        F.min("owner").alias("owner"),
        _fingerprint().alias("fingerprint"),
        F.sum("checked").alias("checked"),
        F.sum("failed").alias("failed"),
        F.sum(F.col("failed") * F.col("unit_cost")).alias("cost"),
    )
    return METRIC.conform(added.where("value IS NOT NULL").withColumn("metric", F.lit("score")))


def _levels() -> Column:
    """Return every level that a row of quality/rule_result counts for, as an array of structs; null where it does not."""
    whole_table = F.col("source") == ALL
    owned = F.col("owner")
    return F.array(
        _part("overall", F.lit(ALL)),
        _part("dimension", F.col("dimension")),
        _part("attribute", F.col("attribute"), owner=owned),
        F.when(F.col("region") != ALL, _part("region", F.col("region"))),
        F.when(F.col("division") != ALL, _part("division", F.col("division"))),
        _part("owner", owned, owner=owned),
        _part("rule", F.col("rule_id"), owner=owned),
        F.when(~whole_table, _part("source", F.col("source"))),
        F.when(~whole_table, _part("rule", F.col("rule_id"), F.col("source"), owned)),
        F.when(~whole_table, _part("attribute_source", F.col("attribute"), F.col("source"), owned)),
    )


def _part(level: str, subject: Column, source: Column | None = None, owner: Column | None = None) -> Column:
    return F.struct(
        F.lit(level).alias("level"),
        subject.alias("subject"),
        (F.lit(ALL) if source is None else source).alias("source"),
        (F.lit(None).cast("string") if owner is None else owner).alias("owner"),
    )


def _fingerprint() -> Column:
    """Return what the rules behind a metric check, in any order, as one hash."""
    return F.hex(F.xxhash64(F.concat_ws(",", F.array_sort(F.collect_set("fingerprint")))))


def counted(counts: DataFrame, metric: str, level: str = "source") -> DataFrame:
    """Return counts as metrics.

    Args:
        counts: run_id, measured_at, subject, value, and owner where somebody answers for it; `checked` is optional.
        metric: name of the measure.
        level: level of the subjects.
    """
    given = set(counts.columns)
    texts = [F.col(n) if n in given else F.lit(None).cast("string").alias(n) for n in ("owner",)]
    checked = F.col("checked") if "checked" in given else F.lit(None).cast("bigint").alias("checked")
    rows = counts.where("value IS NOT NULL").select(
        "run_id",
        "measured_at",
        F.lit(metric).alias("metric"),
        F.lit(level).alias("level"),
        "subject",
        F.lit(ALL).alias("source"),
        *texts,
        F.lit(metric).alias("fingerprint"),
        F.col("value").cast("double").alias("value"),
        checked,
        F.lit(None).cast("bigint").alias("failed"),
        F.lit(None).cast("double").alias("cost"),
    )
    return METRIC.conform(rows)


def volumes(records: DataFrame, sources: DataFrame) -> DataFrame:
    """Return subject, owner, value: the records of each source that should have some, 0 where it has none.

    Args:
        records: anything with a row for each record and its source.
        sources: source, owner.
    """
    found = records.groupBy("source").agg(F.count(F.lit(1)).alias("value"))
    joined = F.broadcast(sources).join(found, on="source", how="left")
    return joined.select(F.col("source").alias("subject"), "owner", F.coalesce("value", F.lit(0)).alias("value"))


def ages(ledger: DataFrame, sources: DataFrame, measured_at: Column) -> DataFrame:
    """Return subject, owner, value: how many days ago, by business time, the newest file of each source was made."""
    newest = ledger.groupBy("source").agg(F.max("as_of").alias("newest"))
    days = (F.unix_timestamp(measured_at) - F.unix_timestamp("newest")) / F.lit(86_400.0)
    joined = F.broadcast(sources).join(newest, on="source", how="inner")
    return joined.select(F.col("source").alias("subject"), "owner", F.greatest(days, F.lit(0.0)).alias("value"))


def last_of(metrics: DataFrame, period: str) -> DataFrame:
    """Return the metrics of the last run of each day or week, with the period's first day as `day` or `week` (UTC).

    Weeks begin on Monday.
    """
    start = F.to_date(F.date_trunc(period, "measured_at"))
    runs = metrics.groupBy(start.alias(period)).agg(F.max_by("run_id", F.struct("measured_at", "run_id")).alias("run_id"))
    return metrics.join(F.broadcast(runs), on="run_id", how="inner").select(period, *METRIC.column_names)
