"""Names customers after records: the id that a record founds, and what stands for an entity until it has its id."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

__all__ = ["SPARE_NAMES", "assign_ids", "customer_id", "entity_label", "founding_record_of", "possible_ids"]

SPARE_NAMES = 3
"""Further ids that a record may found while others hold its own, which takes a founder that went and came back."""


def customer_id(founding_record: str, entity_type: str) -> Column:
    """Return the id of the entity that a record founds: P or C, then 16 hexadecimal digits of the record id's SHA-256.

    Args:
        founding_record: column with the record id of the founder.
        entity_type: column with person or company.
    """
    return _named(F.col(founding_record), _letter(entity_type))


def possible_ids(label: str, record_id: str) -> Column:
    """Return every id that a record may found, in the order of use: `customer_id`, then those made of the id, # and a number.

    Args:
        label: column with the label of the record's entity, which knows its type.
        record_id: column with the record's id.
    """
    salted = [F.concat(F.col(record_id), F.lit(f"#{number}")) for number in range(1, SPARE_NAMES + 1)]
    letter = F.substring(label, 1, 1)
    return F.array(*(_named(text, letter) for text in (F.col(record_id), *salted)))


def entity_label(founding_record: str, entity_type: str) -> Column:
    """Return what stands for an entity within one run: P or C, then the record id of its founder."""
    return F.concat(_letter(entity_type), F.col(founding_record))


def founding_record_of(label: str) -> Column:
    """Return the founder's record id that is in a label."""
    return F.expr(f"substring({label}, 2)")


def _letter(entity_type: str) -> Column:
    return F.when(F.col(entity_type) == "company", "C").otherwise("P")


def _named(text: Column, letter: Column) -> Column:
    return F.concat(letter, F.substring(F.sha2(text, 256), 1, 16))


def assign_ids(members: DataFrame, *further: Column) -> DataFrame:
    """Add `founding_record` and `entity_size` to the members of each entity.

    The founder is the member with the smallest record id. Not the one created first: creation dates are missing in
    some sources and get corrected in others. The entity's own number never becomes an id. An entity has one type:
    should people join a person and a company, the persons are one entity and the companies another.

    Args:
        members: record_id, entity, entity_type and any further columns; every member of each entity.
        further: more columns over the members of an entity, to be made by the same sorting.

    Returns:
        The members with founding_record (string) and entity_size (bigint).
    """
    entity = Window.partitionBy("entity", "entity_type")
    return members.select(
        "*",
        F.min("record_id").over(entity).alias("founding_record"),
        F.count("*").over(entity).alias("entity_size"),
        *further,
    )
