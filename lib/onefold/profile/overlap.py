"""How much of one source's identifying values others hold too, in one grouping whatever the number of sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

__all__ = ["ANY_OTHER", "Overlap", "held_together", "overlaps", "party_values_held"]

ANY_OTHER = "(any other)"
_MOST = 62
"""Holders that fit into the bits of one number."""


@dataclass(frozen=True)
class Overlap:
    """Of the different values of one holder, how many another has too."""

    attribute: str
    source: str
    other: str
    distinct: int
    shared: int

    @property
    def share(self) -> float:
        """Shared values as a share of the source's own."""
        return self.shared / self.distinct if self.distinct else 0.0


def party_values_held(parties: DataFrame) -> DataFrame:
    """Return the identifying values of silver parties, standardised: `attribute`, `holder` (the source), `value`.

    Attributes: email, phone, every identifier's scheme, `name + birth date` of people, `name + postcode` of companies.
    """

    def listed(name: str, column: str) -> DataFrame:
        values = F.explode(F.array_distinct(F.transform(column, lambda item: item["value"])))
        return parties.select(F.lit(name).alias("attribute"), F.col("source").alias("holder"), values.alias("value"))

    def together(name: str, *columns: str) -> DataFrame:
        filled = F.lit(True)
        for column in columns:
            filled = filled & F.col(column).isNotNull()
        value = F.when(filled, F.concat_ws("|", *[F.col(column).cast("string") for column in columns]))
        return parties.select(F.lit(name).alias("attribute"), F.col("source").alias("holder"), value.alias("value"))

    valid = F.filter("identifiers", lambda item: item["value"].isNotNull())
    identifiers = parties.select(F.col("source").alias("holder"), F.explode(valid).alias("item"))
    found = [
        listed("email", "emails"),
        listed("phone", "phones"),
        identifiers.select(F.col("item.scheme").alias("attribute"), "holder", F.col("item.value").alias("value")),
        together("name + birth date", "full_name_key", "birth_date"),
        together("company name + postcode", "company_key", "postcode"),
    ]
    whole = found[0]
    for frame in found[1:]:
        whole = whole.unionByName(frame)
    return whole.where(F.col("value").isNotNull())


def held_together(values: DataFrame, holders: Sequence[str]) -> DataFrame:
    """Return, per attribute, how many different values each set of holders has in common: `attribute`, `held`, `n`.

    Args:
        values: `attribute`, `holder`, `value`.
        holders: the holders counted; each is a bit of `held`.

    Raises:
        ValueError: when there are more holders than bits.
    """
    if len(holders) > _MOST:
        raise ValueError(f"{len(holders)} sources or columns cannot be compared at once; at most {_MOST}")
    bits = F.create_map(*[part for i, name in enumerate(holders) for part in (F.lit(name), F.lit(1 << i).cast("bigint"))])
    marked = values.select("attribute", F.xxhash64("value").alias("hash"), bits[F.col("holder")].alias("bit"))
    once = marked.where(F.col("bit").isNotNull()).groupBy("attribute", "hash").agg(F.bit_or("bit").alias("held"))
    return once.groupBy("attribute", "held").agg(F.count(F.lit(1)).alias("n"))


def overlaps(counts: Mapping[tuple[str, int], int], holders: Sequence[str]) -> list[Overlap]:
    """Return every overlap of two holders, and of each with all others, from the counts by attribute and set of holders.

    >>> [(o.source, o.other, o.distinct, o.shared) for o in overlaps({("email", 0b11): 2, ("email", 0b01): 6}, ["crm", "erp"])]
    [('crm', 'erp', 8, 2), ('erp', 'crm', 2, 2)]
    """
    found = []
    for attribute in sorted({attribute for attribute, _ in counts}):
        sets = {held: n for (name, held), n in counts.items() if name == attribute}
        for i, source in enumerate(holders):
            own = {held: n for held, n in sets.items() if held >> i & 1}
            distinct = sum(own.values())
            others = [(other, sum(n for held, n in own.items() if held >> j & 1)) for j, other in enumerate(holders) if j != i]
            if len(holders) > 2:
                others.append((ANY_OTHER, sum(n for held, n in own.items() if held != 1 << i)))
            found += [Overlap(attribute, source, other, distinct, shared) for other, shared in others if distinct]
    return found
