"""The two scans of a table: counts that need every value, then the values themselves, counted, as far as they are few.

Both turn the table on its side first, a row for each value with its column's number, so that the plan stays small
however many columns there are, and any of them may hold values of megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType

from onefold.profile.columns import Target
from onefold.profile.kinds import NUMBER

__all__ = ["CUT", "Plan", "counted_values", "first_look", "repeated_keys"]

CUT = 200
"""Characters of a text that are looked at; its length is counted whole."""
_BLANK = r"^[\s\p{Z}]*\z"
_ERROR = 0.02
_BUCKETS = 1_000_000
_SAMPLED_BY = 4


@dataclass(frozen=True)
class Plan:
    """Which columns the second scan counts whole, which by sample, and the sample's share of the rows."""

    whole: frozenset[int]
    sampled: frozenset[int]
    share: float
    by: tuple[int, ...]
    """Columns whose content chooses the rows of the sample."""


def first_look(frame: DataFrame, targets: Sequence[Target], sentinels: Collection[str]) -> DataFrame:
    """Return one row a column, by its number `c`: counts of the whole table.

    Columns: `rows` (elements, for the fields of a list), `nulls`, `blanks`, `sentinels`, `invalid` (bytes that are no
    text), `filled`, `distinct` (approximate, relative error about 2 %), `shortest`, `longest`, `mean_length`, and of the
    numbers and dates `numbers`, `least`, `most`, `mean`, `deviation` (dates as seconds since 1970).
    """
    short = F.octet_length("t") <= 2 * CUT
    known = F.when(short, F.lower(F.trim("t")))
    # Only a text that starts with a space of any kind can be blank, and only one that starts before ":" a number.
    spaced = (F.col("t") < "!") | F.substring("t", 1, 1).isin("\u00a0", "\u2003", "\u3000")
    number = F.when(short & (F.col("t") < ":") & F.col("t").rlike(NUMBER), F.col("t").try_cast("double"))
    seen = _on_its_side(frame, targets, lambda target, value: target.look(value)).select(
        "c",
        F.col("t").isNull().alias("null"),
        (spaced & F.coalesce(F.substring("t", 1, CUT).rlike(_BLANK), F.lit(False))).alias("blank"),
        F.coalesce(known.isin(*sorted(sentinels)), F.lit(False)).alias("sentinel"),
        (~F.is_valid_utf8("t") | F.contains("t", F.lit("\ufffd"))).alias("invalid"),
        F.coalesce("s", F.length("t")).alias("length"),
        F.xxhash64("t").alias("hash"),
        F.coalesce("d", number).alias("d"),
    )
    filled = ~(F.col("null") | F.coalesce("blank", F.lit(False)) | F.col("sentinel"))
    return seen.groupBy("c").agg(
        F.count(F.lit(1)).alias("rows"),
        F.count_if("null").alias("nulls"),
        F.count_if(F.coalesce("blank", F.lit(False))).alias("blanks"),
        F.count_if("sentinel").alias("sentinels"),
        F.count_if("invalid").alias("invalid"),
        F.count_if(filled).alias("filled"),
        F.approx_count_distinct(F.when(filled, F.col("hash")), _ERROR).alias("distinct"),
        F.min(F.when(filled, F.col("length"))).alias("shortest"),
        F.max(F.when(filled, F.col("length"))).alias("longest"),
        F.avg(F.when(filled, F.col("length"))).alias("mean_length"),
        F.count(F.when(filled, F.col("d"))).alias("numbers"),
        F.min(F.when(filled, F.col("d"))).alias("least"),
        F.max(F.when(filled, F.col("d"))).alias("most"),
        F.avg(F.when(filled, F.col("d"))).alias("mean"),
        F.stddev(F.when(filled, F.col("d"))).alias("deviation"),
    )


def counted_values(frame: DataFrame, targets: Sequence[Target], plan: Plan) -> DataFrame:
    """Return the values of the columns, cut to `CUT` characters, each once: column number `c`, text `t`, how often `n`.

    Columns of the sample are counted over the rows that a hash of the content chooses: the same rows in every run.
    """
    wanted = [target for target in targets if target.position in plan.whole | plan.sampled]
    by = [target.value() for target in targets if target.position in plan.by]
    chosen = F.pmod(F.xxhash64(*by), F.lit(_BUCKETS)) < int(plan.share * _BUCKETS) if by else F.lit(True)

    def value(target: Target, one: Column) -> Column:
        text = target.look(one).getField("t")
        kept = text if target.position in plan.whole else F.when(F.col("_chosen"), text)
        return F.struct(F.lit(target.position).alias("c"), kept.alias("t"))

    seen = _on_its_side(frame.withColumn("_chosen", chosen), wanted, value).where(F.col("t").isNotNull())
    cut = F.make_valid_utf8(F.substring("t", 1, CUT))
    return seen.groupBy("c", cut.alias("t")).agg(F.count(F.lit(1)).alias("n"))


def repeated_keys(frame: DataFrame, keys: Mapping[int, Sequence[Target]]) -> DataFrame:
    """Return, for each numbered key (one or more columns together), how many rows there are, and how many different ones.

    Columns: `c`, `rows` (rows in which every column of the key is filled), `distinct`, counted exactly by 64-bit hashes.
    """
    looks = [F.struct(F.lit(number).alias("c"), _key(targets).alias("h")) for number, targets in keys.items()]
    rows = frame.select(F.inline(F.array(*looks))).where(F.col("h").isNotNull())
    once = rows.groupBy("c", "h").agg(F.count(F.lit(1)).alias("n"))
    return once.groupBy("c").agg(F.sum("n").alias("rows"), F.count(F.lit(1)).alias("distinct"))


def _key(targets: Sequence[Target]) -> Column:
    values = [target.value() for target in targets]
    missing = F.lit(False)
    for target, value in zip(targets, values, strict=True):
        missing = missing | value.isNull() | (F.trim(value) == "" if target.is_text else F.lit(False))
    return F.when(~missing, F.xxhash64(*values))


def _on_its_side(frame: DataFrame, targets: Sequence[Target], look: Callable[[Target, Column], Column]) -> DataFrame:
    """Return a row for each value (and each element of a list)."""

    def elements(target: Target) -> Column:
        empty = F.array().cast(ArrayType(target.type))
        return F.transform(F.coalesce(target.value(), empty), lambda each: look(target, each))

    single = F.array(*[look(target, target.value()) for target in targets if not target.listed])
    many = [elements(target) for target in targets if target.listed]
    every = F.concat(single, *many) if many else single
    # Made before it is taken apart: a generator's own expression is interpreted where a table has very many columns.
    return frame.select(every.alias("every")).select(F.inline("every"))
