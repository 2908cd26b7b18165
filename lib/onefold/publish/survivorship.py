"""Chooses the golden value of every attribute in one grouping: the smallest key of the whole chain survives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StringType, StructType

from onefold.publish.rules import Candidate, rule_keys, source_rank
from onefold.publish.settings import EntitySurvivorship
from onefold.publish.units import Unit, units

__all__ = ["Survivors", "prepared", "survivors"]

_FILLED = "_filled"
_TIE = "_tie"


class Survivors:
    """The aggregates that pick each unit's winner, and the columns to read from them after grouping by customer."""

    def __init__(self, chosen: Sequence[Unit], schema: StructType, sources: Sequence[str]) -> None:
        self.chosen = tuple(chosen)
        self.schema = schema
        self.sources = tuple(sources)

    def aggregates(self) -> list[Column]:
        """Return one aggregate per unit: its smallest candidate, or all of them where values have to be counted."""
        picks = []
        for number, unit in enumerate(self.chosen):
            candidate = self._candidate(unit)
            pick = F.collect_list(candidate) if _counts(unit) else F.min(candidate)
            picks.append(pick.alias(_winner(number)))
        return picks

    def winners(self) -> dict[str, Column]:
        """Return the columns to lay over the aggregates' result where values are counted, by their name."""
        return {_winner(n): _most_frequent(F.col(_winner(n)), u) for n, u in enumerate(self.chosen) if _counts(u)}

    def values(self) -> dict[str, Column]:
        """Return the golden value of each attribute, from the winners."""
        found = {}
        for number, unit in enumerate(self.chosen):
            for attribute in unit.attributes:
                found[attribute] = _value(number, unit, attribute)
        return found

    def provenance(self) -> Column:
        """Return the map from each filled attribute to the record, the source and the rule of its value."""
        entries = []
        for number, unit in enumerate(self.chosen):
            won = _winner(number)
            origin = F.struct(
                F.col(f"{won}.tie.record_id").alias("record_id"),
                F.col(f"{won}.tie.source").alias("source"),
                F.lit(unit.label).alias("rule"),
            )
            for attribute in unit.attributes:
                entry = F.struct(F.lit(attribute).alias("key"), origin.alias("value"))
                entries.append(F.when(_value(number, unit, attribute).isNotNull(), entry))
        return F.map_from_entries(F.array_compact(F.array(*entries)))

    def _candidate(self, unit: Unit) -> Column:
        """Return the record's bid for the unit: keys in order, then the written tie order, then what it would give.

        Null where the record has nothing to give. The tie order ends with the record id, so no two bids are equal and
        the values behind it are never compared.
        """
        columns = [F.col(f"`{a}`") for a in unit.attributes]
        value = F.struct(*columns) if unit.grouped else columns[0]
        keys = rule_keys(self._judged(unit), unit.rule, self.sources)
        anchor = [F.col(f"`{unit.anchor}`").isNull().cast("int").alias("anchor")] if unit.anchor else []
        bid = F.struct(
            *anchor,
            *(key.alias(name) for name, key in keys.items()),
            F.col(_TIE).alias("tie"),
            value.alias("value"),
        )
        return F.when(reduce(Column.__or__, [c.isNotNull() for c in columns]), bid)

    def _judged(self, unit: Unit) -> Candidate:
        columns = [F.col(f"`{a}`") for a in unit.attributes]
        own = columns[0]
        type_: DataType = StringType() if unit.grouped else self.schema[unit.attributes[0]].dataType
        filled = reduce(Column.__add__, [c.isNotNull().cast("int") for c in columns]) if unit.grouped else F.col(_FILLED)
        prefixes = tuple(dict.fromkeys((unit.name, *unit.attributes)))
        doubt = F.exists("reasons", lambda r: reduce(Column.__or__, [r.startswith(f"{p}:") for p in prefixes]))
        return Candidate(
            value=own,
            type=type_,
            text=F.concat_ws(" ", *(c.cast("string") for c in columns)),
            doubted=F.coalesce(doubt, F.lit(False)),
            filled=filled,
            changed_at=F.col("changed_at"),
            source=F.col("source"),
        )


def survivors(rules: EntitySurvivorship, attributes: Sequence[str], schema: StructType, sources: Sequence[str]) -> Survivors:
    """Return the survivorship of one entity type, ready to aggregate.

    Args:
        rules: chains, groups and the default of that entity type.
        attributes: every attribute that survives.
        schema: the parties' schema, for the types.
        sources: source priority, most trusted first.

    Raises:
        ConfigurationError: when a rule names an attribute that the parties do not have.
    """
    return Survivors(units(rules, attributes), schema, sources)


def prepared(records: DataFrame, attributes: Sequence[str], sources: Sequence[str]) -> DataFrame:
    """Add what every bid of a record shares: how many attributes it has, and its place in the written tie order.

    The tie order: newest change, source rank, smallest record id.

    Args:
        records: record_id, source, changed_at and the attributes.
        attributes: every attribute that survives.
        sources: source priority, most trusted first.
    """
    filled = reduce(Column.__add__, [F.col(f"`{a}`").isNotNull().cast("int") for a in attributes])
    tie = F.struct(
        (-F.unix_micros("changed_at")).alias("age"),
        source_rank(F.col("source"), sources).alias("rank"),
        "record_id",
        "source",
    )
    return records.withColumns({_FILLED: filled, _TIE: tie})


def _winner(number: int) -> str:
    return f"_winner_{number}"


def _value(number: int, unit: Unit, attribute: str) -> Column:
    won = F.col(_winner(number))
    return won["value"][attribute] if unit.grouped else won["value"]


def _counts(unit: Unit) -> bool:
    return "most_frequent" in unit.rule.rules


def _most_frequent(bids: Column, unit: Unit) -> Column:
    """Return the smallest bid once each knows how many of the customer's bids hold the same value.

    Quadratic in the records of one customer, which the size of a customer bounds; needs no shuffle of its own.
    """

    def counted(bid: Column) -> Column:
        same = F.size(F.filter(bids, lambda other: other["value"].eqNullSafe(bid["value"])))
        keys = [(-same).alias("most_frequent") if name == "most_frequent" else bid[name].alias(name) for name in unit.rule.rules]
        anchor = [bid["anchor"].alias("anchor")] if unit.anchor else []
        return F.struct(*anchor, *keys, bid["tie"].alias("tie"), bid["value"].alias("value"))

    return F.array_min(F.transform(bids, counted))
