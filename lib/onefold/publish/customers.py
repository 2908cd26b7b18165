"""The golden record: one row per customer, every value with the record that it came from."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.contracts.gold import CUSTOMER
from onefold.publish.settings import EntitySurvivorship, SurvivorshipSettings
from onefold.publish.survivorship import prepared, survivors
from onefold.publish.units import golden_attributes

__all__ = ["customers"]


def customers(parties: DataFrame, entity_map: DataFrame, settings: SurvivorshipSettings, *, run_id: str) -> DataFrame:
    """Make the golden record of every customer from its source records.

    Args:
        parties: the PARTY table, with the attributes that configuration added.
        entity_map: the ENTITY_MAP table.
        settings: rules per entity type.
        run_id: the run that publishes.

    Returns:
        The CUSTOMER table, added attributes last.

    Raises:
        ConfigurationError: when a rule names an attribute that the parties do not have.
    """
    identity = entity_map.select("record_id", "customer_id")
    records = _dated(parties).join(identity, on="record_id", how="inner")
    kinds = (("person", settings.person), ("company", settings.company))
    golden = [_golden(records.where(F.col("entity_type") == k), r, settings.source_priority, k) for k, r in kinds]
    return CUSTOMER.conform(reduce(DataFrame.unionByName, golden).withColumn("run_id", F.lit(run_id)))


def _dated(parties: DataFrame) -> DataFrame:
    """Add when the record last changed: as its source says, else its creation there, else the date of its file."""
    return parties.withColumn("changed_at", F.coalesce("source_updated_at", "source_created_at", "as_of"))


def _golden(records: DataFrame, rules: EntitySurvivorship, sources: tuple[str, ...], entity_type: str) -> DataFrame:
    """Group the records of one entity type by customer, once: the shuffle is by customer_id and there is no other."""
    attributes = golden_attributes(records.drop("customer_id", "changed_at").schema)
    chosen = survivors(rules, attributes, records.schema, sources)
    grouped = (
        prepared(records, attributes, sources)
        .repartition("customer_id")
        .groupBy("customer_id")
        .agg(*_summary(), *chosen.aggregates())
        .withColumns(chosen.winners())
    )
    values = [value.alias(name) for name, value in chosen.values().items()]
    own = ["customer_id", "record_count", "sources", "all_emails", "all_phones", "first_seen_at", "last_updated_at"]
    return grouped.select(
        *own,
        F.lit(entity_type).alias("entity_type"),
        F.size("sources").alias("source_count"),
        *values,
        chosen.provenance().alias("provenance"),
    )


def _summary() -> list[Column]:
    """Return what is told of all records of a customer together."""
    return [
        F.count("*").alias("record_count"),
        F.array_sort(F.collect_set("source")).alias("sources"),
        _all_values("emails").alias("all_emails"),
        _all_values("phones").alias("all_phones"),
        F.min(F.coalesce("source_created_at", "as_of")).alias("first_seen_at"),
        F.max(F.coalesce("source_updated_at", "as_of")).alias("last_updated_at"),
    ]


def _all_values(column: str) -> Column:
    """Return the accepted values of a many-valued attribute over all records, each once, sorted."""
    return F.array_sort(F.array_distinct(F.array_compact(F.flatten(F.collect_list(F.col(f"{column}.value"))))))
