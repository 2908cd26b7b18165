"""Effective consent per customer: where the records disagree the stricter statement wins."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.gold import CONSENT

__all__ = ["consents"]


def consents(parties: DataFrame, entity_map: DataFrame, *, run_id: str) -> DataFrame:
    """Fold every consent statement of a customer's records into one row per channel and purpose.

    Any opt_out makes it opt_out; else any opt_in makes it opt_in; else it stays unknown. Of the statements that say so,
    the newest decides (its own date, else its record's), then the one of the smallest record id.

    Args:
        parties: the PARTY table.
        entity_map: the ENTITY_MAP table.
        run_id: the run that publishes.

    Returns:
        The CONSENT table; `conflict` where one record says opt_in and another opt_out.
    """
    changed = F.coalesce("source_updated_at", "source_created_at", "as_of")
    said = parties.select("record_id", "source", changed.alias("changed_at"), F.explode("consents").alias("said"))
    stated = said.join(entity_map.select("record_id", "customer_id"), on="record_id", how="inner")
    status = F.col("said.status")
    strictness = F.when(status == "opt_out", 0).when(status == "opt_in", 1).otherwise(2)
    bid = F.struct(
        strictness.alias("strictness"),
        (-F.unix_micros(F.coalesce("said.captured_at", "changed_at"))).alias("age"),
        "record_id",
        "source",
        F.col("said.captured_at").alias("captured_at"),
    )
    folded = stated.groupBy("customer_id", F.col("said.channel").alias("channel"), F.col("said.purpose").alias("purpose")).agg(
        F.min(bid).alias("deciding"),
        (F.bool_or(status == "opt_out") & F.bool_or(status == "opt_in")).alias("conflict"),
    )
    names = F.when(F.col("deciding.strictness") == 0, "opt_out").when(F.col("deciding.strictness") == 1, "opt_in")
    return CONSENT.conform(
        folded.select(
            "customer_id",
            "channel",
            "purpose",
            names.otherwise("unknown").alias("status"),
            "deciding.captured_at",
            "deciding.record_id",
            "deciding.source",
            F.coalesce("conflict", F.lit(False)).alias("conflict"),
            F.lit(run_id).alias("run_id"),
        )
    )
