"""What the counted values say of their column: kinds, formats, years, patterns, the most frequent, quantiles."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from onefold.cleanse.lookup import is_listed
from onefold.profile.kinds import date_format, date_in, kind, number_in
from onefold.profile.patterns import pattern, shape

__all__ = ["QUANTILES", "described", "listings", "numbers"]

QUANTILES = tuple(round(step / 20, 2) for step in range(21))
"""Shares at which the quantiles of numbers are kept: every twentieth."""
_CONTAINS = r"[^@\s]{1,64}@[^@\s.]+\.\w{2,}|\+\d[\d ()/-]{7,}\d"


def described(values: DataFrame, sentinels: Collection[str]) -> DataFrame:
    """Return the counted values that mean something, each with its kind, format, year, number, pattern and shape."""
    text = F.trim(F.regexp_replace("t", r"^[\s\p{Z}]+|[\s\p{Z}]+\z", ""))
    meant = values.withColumn("v", text).where((F.col("v") != "") & ~F.lower("v").isin(*sorted(sentinels)))
    formatted = meant.withColumn("format", date_format(F.col("v"))).withColumn("date", date_in(F.col("v"), F.col("format")))
    kinded = formatted.withColumn("kind", kind(F.col("v"), F.col("format"), F.col("date")))
    return kinded.select(
        "c",
        "t",
        "n",
        "kind",
        F.when(F.col("date").isNotNull(), F.col("format")).alias("format"),
        F.year("date").cast("string").alias("year"),
        number_in(F.col("v"), F.col("kind")).alias("number"),
        pattern(F.col("v")).alias("pattern"),
    ).withColumn("shape", shape(F.col("pattern")))


def listings(values: DataFrame, count: int, years: int = 400) -> DataFrame:
    """Return the most frequent of everything that can be listed, per column.

    Args:
        values: what `described` returns.
        count: how many patterns, shapes and values are kept; kinds and formats are few, and are all kept.
        years: how many years are kept.

    Returns:
        Rows of `c`, `what` (kind, format, year, pattern, shape, value), `label`, `n` (values), `different` (values that
        differ), `rank` (1 the most frequent).
    """
    what = ("kind", "format", "year", "pattern", "shape")
    each = F.array(*[F.struct(F.lit(w).alias("what"), F.col(w).alias("label")) for w in what])
    told = values.select("c", "n", F.inline(each)).where(F.col("label").isNotNull())
    grouped = told.groupBy("c", "what", "label").agg(F.sum("n").alias("n"), F.count(F.lit(1)).alias("different"))
    single = values.select(
        "c", F.lit("value").alias("what"), F.col("t").alias("label"), "n", F.lit(1).cast("bigint").alias("different")
    )
    both = grouped.unionByName(single)
    rank = F.row_number().over(Window.partitionBy("c", "what").orderBy(F.col("n").desc(), F.col("label").asc()))
    limit = F.when(F.col("what") == "year", years).when(F.col("what").isin("kind", "format"), 40).otherwise(count)
    top = both.withColumn("rank", rank).where(F.col("rank") <= F.greatest(limit, F.lit(count)))
    return top.select("c", "what", "label", "n", "different", "rank")


def numbers(values: DataFrame, given_names: Sequence[str], legal_forms: Sequence[str], countries: Sequence[str]) -> DataFrame:
    """Return one row a column: values and different ones counted, quantiles, and shares of what reference lists know.

    Columns: `c`, `n`, `different`, `quantiles`, `in_given_names` (the first word is one), `in_legal_forms` (the last word
    is one), `in_countries` (the value is a country's name or code), `holds_contact` (an e-mail or phone inside a text),
    `various` (different values that occur once).
    """
    folded = F.regexp_replace(F.lower("t"), r"[.,;]+", "")
    words = F.split(F.trim(folded), r"\s+")

    def share(condition: Column) -> Column:
        return F.sum(F.when(condition, F.col("n")).otherwise(0)) / F.sum("n")

    in_text = F.col("kind").isin("words", "text", "json") & F.col("t").rlike(_CONTAINS)
    return values.groupBy("c").agg(
        F.sum("n").alias("n"),
        F.count(F.lit(1)).alias("different"),
        F.percentile("number", F.array(*[F.lit(q) for q in QUANTILES]), F.col("n")).alias("quantiles"),
        share(is_listed(given_names, F.element_at(words, 1))).alias("in_given_names"),
        share(is_listed(legal_forms, F.element_at(words, -1)) & (F.size(words) > 1)).alias("in_legal_forms"),
        share(is_listed(countries, folded)).alias("in_countries"),
        share(in_text).alias("holds_contact"),
        F.count_if(F.col("n") == 1).alias("various"),
    )
