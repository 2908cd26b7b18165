"""Counts what the rules do not: the sizes and ages of feeds, what is set aside, what matching made of the records."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.contracts.bronze import INGEST_LOG, QUARANTINE
from onefold.contracts.matching import ENTITY_MAP
from onefold.contracts.quality import RECORD_QUALITY
from onefold.contracts.silver import PARTY, SILVER_QUARANTINE
from onefold.quality.metrics import ALL, ages, counted, volumes
from onefold.store import Warehouse

__all__ = ["counts_of", "merged", "set_aside"]


def counts_of(warehouse: Warehouse, sources: DataFrame, run_id: str, at: Column) -> DataFrame:
    """Return the counted metrics of a run: volume, age_days, set_aside by source; customers and merged_share overall.

    Customers are those that the run found: of the run before, as matching comes later.
    """
    found = {"volume": volumes(warehouse.read(PARTY).select("source"), sources)}
    if warehouse.exists(INGEST_LOG):
        found["age_days"] = ages(warehouse.read(INGEST_LOG), sources, at)
    aside = set_aside(warehouse).groupBy(F.col("source").alias("subject")).agg(F.sum("records").alias("value"))
    found["set_aside"] = aside.where("subject IS NOT NULL")
    stamp = (F.lit(run_id).alias("run_id"), at.alias("measured_at"))
    rows = [counted(counts.select("*", *stamp), metric) for metric, counts in found.items()]
    if warehouse.exists(ENTITY_MAP):
        known = merged(warehouse).where("records > 0").select(F.lit(ALL).alias("subject"), "customers", "merged", *stamp)
        for column, metric in (("customers", "customers"), ("merged", "merged_share")):
            rows.append(counted(known.withColumn("value", F.col(column)), metric, "overall"))
    return reduce(DataFrame.unionByName, rows)


def set_aside(warehouse: Warehouse) -> DataFrame:
    """Return where, source, reason, records: what is kept out of the master; replaced versions of a record are not."""
    places = {
        "reading": (QUARANTINE, F.col("_source"), F.col("_reason")),
        "cleansing": (SILVER_QUARANTINE, F.col("source"), F.col("reason")),
        "rules": (RECORD_QUALITY, F.col("source"), F.explode("blocked_by")),
    }
    parts = [
        warehouse.read_or_empty(table).select(F.lit(where).alias("where"), source.alias("source"), reason.alias("reason"))
        for where, (table, source, reason) in places.items()
    ]
    rows = reduce(DataFrame.unionByName, parts).where("reason != 'superseded'")
    return rows.groupBy("where", "source", "reason").agg(F.count(F.lit(1)).alias("records"))


def merged(warehouse: Warehouse) -> DataFrame:
    """Return one row: records, customers, merged (share of records that share their customer), largest."""
    return warehouse.read(ENTITY_MAP).agg(
        F.count(F.lit(1)).alias("records"),
        F.count_distinct("customer_id").alias("customers"),
        F.coalesce(F.avg((F.col("entity_size") > 1).cast("double")), F.lit(0.0)).alias("merged"),
        F.coalesce(F.max("entity_size"), F.lit(0)).alias("largest"),
    )
