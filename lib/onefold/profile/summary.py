"""What the counted values say of their column: kinds, formats, years, patterns, the most frequent, quantiles."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from onefold.cleanse.lookup import is_listed
from onefold.profile.kinds import date_format, date_in, hint, kind, number_in
from onefold.profile.patterns import pattern, shape

__all__ = ["QUANTILES", "described", "listings", "numbers"]

QUANTILES = tuple(round(step / 20, 2) for step in range(21))
"""Shares at which the quantiles of numbers are kept: every twentieth."""
_CONTAINS = r"[^@\s]{1,64}@[^@\s.]+\.\w{2,}|\+\d[\d ()/-]{7,}\d"
_MOST_YEARS, _MOST_KINDS = 400, 40


def described(values: DataFrame, sentinels: Collection[str]) -> DataFrame:
    """Return the counted values that mean something: `c`, `t`, `n`, and their pattern, hint, date format, year, number."""
    spaced = (F.col("t") < "!") | ~F.col("t").rlike(r"^\S.*\S\z|^\S\z")
    text = F.when(spaced, F.regexp_replace("t", r"^[\s\p{Z}]+|[\s\p{Z}]+\z", "")).otherwise(F.col("t"))
    meant = values.withColumn("v", text).where((F.col("v") != "") & ~F.lower("v").isin(*sorted(sentinels)))
    drawn = meant.withColumn("pattern", pattern(F.col("v")))
    dated = drawn.withColumn("format", date_format(F.col("v"), F.col("pattern")))
    return dated.select(
        *("c", "t", "n", "pattern", "format"),
        hint(F.col("v")).alias("hint"),
        F.when(F.col("format").isNotNull(), F.year(date_in(F.col("v"), F.col("format")))).alias("year"),
        F.when(F.col("format").isNull(), number_in(F.col("v"))).alias("number"),
    )


def listings(values: DataFrame, count: int) -> DataFrame:
    """Return the most frequent of everything that can be listed, per column.

    Args:
        values: what `described` returns.
        count: how many patterns, shapes and values are kept; of kinds, formats and years more are.

    Returns:
        Rows of `c`, `what` (kind, format, year, pattern, shape, value), `label`, `n` (values), `rank` (1 the most frequent).
    """
    # Patterns are few where values are many: what they tell is asked of each once.
    patterns = values.groupBy("c", "pattern", "hint", "format", "year").agg(F.sum("n").alias("n"))
    known = patterns.withColumn("kind", kind(F.col("pattern"), F.col("hint"), F.col("format"), F.col("year")))
    labels = {
        "kind": F.col("kind"),
        "format": F.when(F.col("year").isNotNull(), F.col("format")),
        "year": F.col("year").cast("string"),
        "pattern": F.col("pattern"),
        "shape": shape(F.col("pattern")),
    }
    each = F.array(*[F.struct(F.lit(what).alias("what"), label.alias("label")) for what, label in labels.items()])
    told = known.select("c", "n", F.inline(each)).where(F.col("label").isNotNull())
    grouped = told.groupBy("c", "what", "label").agg(F.sum("n").alias("n"))
    both = grouped.unionByName(values.select("c", F.lit("value").alias("what"), F.col("t").alias("label"), "n"))
    rank = F.row_number().over(Window.partitionBy("c", "what").orderBy(F.col("n").desc(), F.col("label").asc()))
    limits = F.create_map(
        *[F.lit(part) for part in ("year", max(_MOST_YEARS, count), "kind", _MOST_KINDS, "format", _MOST_KINDS)]
    )
    top = both.withColumn("rank", rank).where(F.col("rank") <= max(_MOST_YEARS, count))
    return top.where(F.col("rank") <= F.coalesce(limits[F.col("what")], F.lit(count))).select("c", "what", "label", "n", "rank")


def numbers(values: DataFrame, given_names: Sequence[str], legal_forms: Sequence[str], countries: Sequence[str]) -> DataFrame:
    """Return one row a column: values and different ones counted, quantiles, and shares of what reference lists know.

    Columns: `c`, `n`, `different`, `quantiles`, `in_given_names` (the first word is one), `in_legal_forms` (the last word
    is one), `in_countries` (the value is a country's name or code), `holds_contact` (an e-mail or phone inside a text).
    """
    folded = F.lower(F.translate("t", ".,;", ""))
    first, last = F.substring_index(folded, " ", 1), F.substring_index(folded, " ", -1)
    wordy = F.substring("pattern", 1, 1).isin("A", "a", "L")

    def share(condition: Column) -> Column:
        return F.sum(F.when(condition, F.col("n")).otherwise(0)) / F.sum("n")

    in_text = (
        F.contains("t", F.lit(" ")) & (F.contains("t", F.lit("@")) | F.contains("t", F.lit("+"))) & F.col("t").rlike(_CONTAINS)
    )
    inner = in_text & ~F.col("pattern").rlike(r"^[+9][9 ()/.-]*\z")
    return values.groupBy("c").agg(
        F.sum("n").alias("n"),
        F.count(F.lit(1)).alias("different"),
        F.percentile("number", F.array(*[F.lit(q) for q in QUANTILES]), F.col("n")).alias("quantiles"),
        share(wordy & is_listed(given_names, first)).alias("in_given_names"),
        share(wordy & (first != last) & is_listed(legal_forms, last)).alias("in_legal_forms"),
        share(wordy & is_listed(countries, folded)).alias("in_countries"),
        share(inner).alias("holds_contact"),
    )
