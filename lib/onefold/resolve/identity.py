"""Gives every entity its customer id, from the record that founded it."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

__all__ = ["assign_ids", "customer_id"]


def customer_id(founding_record: str, entity_type: str) -> Column:
    """Return the id of the entity that a record founds: P or C, then 16 hexadecimal digits of the record id's SHA-256.

    Args:
        founding_record: column with the record id of the founder.
        entity_type: column with person or company.
    """
    letter = F.when(F.col(entity_type) == "company", "C").otherwise("P")
    return F.concat(letter, F.substring(F.sha2(F.col(founding_record), 256), 1, 16))


def assign_ids(members: DataFrame, *further: Column) -> DataFrame:
    """Add `founding_record` and `entity_size` to the members of each entity.

    The founder is the member with the smallest record id. Not the one created first: creation dates are missing in
    some sources and get corrected in others, and an id that moves when a date is corrected is no id. The entity's
    own number never becomes an id.

    Args:
        members: record_id, entity and any further columns; every member of each entity.
        further: more columns over the members of an entity, to be made by the same sorting.

    Returns:
        The members with founding_record (string) and entity_size (bigint).
    """
    entity = Window.partitionBy("entity")
    return members.select(
        "*",
        F.min("record_id").over(entity).alias("founding_record"),
        F.count("*").over(entity).alias("entity_size"),
        *further,
    )
