"""Interactions tied to the customer whose record they are about."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.gold import CUSTOMER_INTERACTION

__all__ = ["customer_interactions"]


def customer_interactions(interactions: DataFrame, entity_map: DataFrame, *, run_id: str) -> DataFrame:
    """Return the CUSTOMER_INTERACTION table; the customer is null where the record is not known, and no row is lost."""
    tied = interactions.join(entity_map.select("record_id", "customer_id"), on="record_id", how="left")
    return CUSTOMER_INTERACTION.conform(tied.withColumn("run_id", F.lit(run_id)))
