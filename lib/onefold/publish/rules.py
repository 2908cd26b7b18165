"""Each survivorship rule as a sort key: of two candidate values the one with the smaller key survives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DateType, NumericType, TimestampType

from onefold.publish.settings import AttributeRule, Rule

__all__ = ["Candidate", "rule_keys", "source_rank"]


@dataclass(frozen=True)
class Candidate:
    """What a rule may look at: a record's value, how it was doubted, how full its record is, its change time and source."""

    value: Column
    type: DataType
    text: Column
    doubted: Column
    filled: Column
    changed_at: Column
    source: Column


def rule_keys(candidate: Candidate, rule: AttributeRule, sources: Sequence[str]) -> dict[Rule, Column]:
    """Return the key of each rule of a chain, in order; smaller keys survive.

    `most_frequent` is not among them: it needs the customer's other values and is worked out after grouping.

    Args:
        candidate: the columns to judge by.
        rule: the chain.
        sources: the file's source priority, used when the chain names none of its own.
    """
    priority = rule.source_priority if rule.source_priority is not None else sources
    return {name: _key(name, candidate, priority) for name in rule.rules if name != "most_frequent"}


def _key(name: Rule, candidate: Candidate, priority: Sequence[str]) -> Column:
    match name:
        case "source_priority":
            return source_rank(candidate.source, priority)
        case "most_recent":
            return -F.unix_micros(candidate.changed_at)
        case "oldest":
            return F.unix_micros(candidate.changed_at)
        case "longest":
            return -F.char_length(candidate.text)
        case "shortest":
            return F.char_length(candidate.text)
        case "most_complete_record":
            return -candidate.filled
        case "validated_first":
            return candidate.doubted.cast("int")
        case "min":
            return candidate.value
        case "max":
            return _descending(candidate)
        case "most_frequent":
            raise AssertionError("most_frequent has no key of its own")


def source_rank(source: Column, priority: Sequence[str]) -> Column:
    """Return the position of the source in the list, from 0; sources not listed share the place after the last."""
    if not priority:
        return F.lit(0)
    position = F.array_position(F.array(*(F.lit(name) for name in priority)), source)
    return F.when(position == 0, len(priority)).otherwise(position.cast("int") - 1)


def _descending(candidate: Candidate) -> Column:
    """Return a key whose order is the opposite of the value's."""
    if isinstance(candidate.type, NumericType):
        return -candidate.value
    if isinstance(candidate.type, DateType):
        return -F.unix_date(candidate.value)
    if isinstance(candidate.type, TimestampType):
        return -F.unix_micros(candidate.value)
    # Text: hexadecimal digits mirrored, closed by a letter that sorts after them, so that "ab" comes before "a".
    mirrored = F.translate(F.hex(F.encode(candidate.text, "UTF-8")), "0123456789ABCDEF", "FEDCBA9876543210")
    return F.concat(mirrored, F.lit("G"))
