"""The tables that rules are about, each with who a row is, and whose and where it is."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

__all__ = ["ALL", "NONE", "Subject", "of_customers", "of_interactions", "of_parties"]

ALL, NONE = "(all)", "(none)"


@dataclass(frozen=True)
class Subject:
    """A table that rules are about, and the columns that say what a row is: its id, source, region and entity type."""

    table: str
    frame: DataFrame
    id: Column
    source: Column
    region: Column
    entity_type: Column

    @property
    def keys(self) -> list[Column]:
        """What results are grouped by, by the names that the passes use."""
        return [
            self.id.alias("_id"),
            self.source.alias("_source"),
            self.region.alias("_region"),
            self.entity_type.alias("_entity_type"),
        ]


def of_parties(parties: DataFrame, region: str) -> Subject:
    """Return silver/party as a subject; the region is a column or an SQL expression.

    Raises:
        pyspark.errors.AnalysisException: when it is neither.
    """
    parties.select(F.expr(region))
    return Subject("party", parties, F.col("record_id"), F.col("source"), _region(region), F.col("entity_type"))


def of_interactions(interactions: DataFrame) -> Subject:
    """Return silver/interaction as a subject."""
    nothing = F.lit(None).cast("string")
    return Subject("interaction", interactions, F.col("interaction_id"), F.col("source"), F.lit(NONE), nothing)


def of_customers(customers: DataFrame, region: str) -> Subject:
    """Return gold/customer as a subject: of all sources together, by region where customers have that column."""
    try:
        customers.select(F.expr(region))
        where = _region(region)
    except AnalysisException:
        where = F.lit(NONE)
    return Subject("customer", customers, F.col("customer_id"), F.lit(ALL), where, F.col("entity_type"))


def _region(sql: str) -> Column:
    text = F.trim(F.expr(sql).cast("string"))
    return F.when(text != "", text).otherwise(F.lit(NONE))
