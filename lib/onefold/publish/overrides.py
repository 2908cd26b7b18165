"""Lays what stewards decided over the golden records: a decided value wins, and provenance says so."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

__all__ = ["STEWARD", "with_overrides"]

STEWARD = "steward"
"""Source and rule that provenance shows for a value that a steward decided."""


def with_overrides(golden: DataFrame, overrides: DataFrame, attributes: Sequence[str]) -> DataFrame:
    """Return the golden records with the decided values in place.

    Args:
        golden: the CUSTOMER table.
        overrides: customer_id, attribute, value (text), if_null (only where survivorship found nothing), record_id; at most one
            row for a customer and attribute.
        attributes: every attribute that `overrides` names, all of them columns of `golden`.
    """
    said = F.struct("attribute", F.struct("value", "if_null", "record_id"))
    own = overrides.groupBy("customer_id").agg(F.map_from_entries(F.collect_list(said)).alias("_said"))
    laid = golden.join(F.broadcast(own), on="customer_id", how="left")
    decided = {name: _decided(golden, name) for name in attributes}
    values = {name: F.when(applies, value).otherwise(F.col(f"`{name}`")) for name, (applies, value) in decided.items()}
    entries = [F.when(applies, _entry(name)) for name, (applies, _) in decided.items()]
    given = F.map_from_entries(F.array_compact(F.array(*entries)))
    kept = F.map_filter("provenance", lambda key, _: ~F.array_contains(F.map_keys(given), key))
    # One select, so that every condition looks at the value that survivorship found.
    columns = [
        values[n].alias(n) if n in values else F.map_concat(kept, given).alias(n) if n == "provenance" else F.col(f"`{n}`")
        for n in golden.columns
    ]
    return laid.select(*columns)


def _decided(golden: DataFrame, name: str) -> tuple[Column, Column]:
    """Return whether a steward's value applies, and the value as its type; one that is not of that type never applies."""
    said = F.col("_said")[name]
    value = said["value"].try_cast(golden.schema[name].dataType)
    wanted = ~said["if_null"] | F.col(f"`{name}`").isNull()
    return F.coalesce(value.isNotNull() & wanted, F.lit(False)), value


def _entry(name: str) -> Column:
    origin = F.struct(
        F.col("_said")[name]["record_id"].alias("record_id"),
        F.lit(STEWARD).alias("source"),
        F.lit(STEWARD).alias("rule"),
    )
    return F.struct(F.lit(name).alias("key"), origin.alias("value"))
