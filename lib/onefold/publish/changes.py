"""What changed between two states of the golden records: a row per customer and attribute."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import AtomicType, DataType

__all__ = ["NOT_COMPARED", "change_counts", "customer_changes"]

NOT_COMPARED = ("run_id", "provenance")
"""Columns that differ with every run without a customer having changed."""


def customer_changes(before: DataFrame, after: DataFrame, *, key: str = "customer_id") -> DataFrame:
    """Return key, attribute, change (added, removed, changed), before and after, values as text, lists as JSON.

    A customer that is new has every attribute with a value added, one that is gone has them removed; a column that only one
    of the states has counts as null in the other.
    """
    names = list(dict.fromkeys(n for n in (*before.columns, *after.columns) if n != key and n not in NOT_COMPARED))
    sides = _texts(before, names, key, "_before").join(_texts(after, names, key, "_after"), on=key, how="full_outer")
    differing = F.filter(F.array(*(_difference(name) for name in names)), lambda found: found["change"].isNotNull())
    return sides.select(key, F.explode(differing).alias("found")).select(
        key, "found.attribute", "found.change", "found.before", "found.after"
    )


def change_counts(changes: DataFrame) -> DataFrame:
    """Return how many customers were changed, added to and taken from, per attribute: no values."""
    kinds = [F.count_if(F.col("change") == kind).alias(kind) for kind in ("added", "removed", "changed")]
    return changes.groupBy("attribute").agg(*kinds).orderBy("attribute")


def _texts(state: DataFrame, names: Sequence[str], key: str, side: str) -> DataFrame:
    """Return the key and one struct of the attributes as text."""
    types = {field.name: field.dataType for field in state.schema}
    texts = [_text(name, types.get(name)).alias(name) for name in names]
    return state.select(key, F.struct(*texts).alias(side))


def _text(name: str, type_: DataType | None) -> Column:
    if type_ is None:
        return F.lit(None).cast("string")
    value = F.col(f"`{name}`")
    return value.cast("string") if isinstance(type_, AtomicType) else F.to_json(value)


def _difference(name: str) -> Column:
    before, after = F.col("_before")[name], F.col("_after")[name]
    change = (
        F.when(before.eqNullSafe(after), F.lit(None).cast("string"))
        .when(before.isNull(), "added")
        .when(after.isNull(), "removed")
        .otherwise("changed")
    )
    return F.struct(F.lit(name).alias("attribute"), change.alias("change"), before.alias("before"), after.alias("after"))
