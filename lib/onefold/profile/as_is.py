"""The as-is map: which source holds which attribute, how full and fresh it is, whose, who uses it, where it conflicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.cleanse.settings import CleanseSource
from onefold.ingest.settings import Owner
from onefold.profile.mapped import mapped_columns

__all__ = ["AsIs", "Conflict", "Counts", "Measured", "Source", "as_is", "fullness", "golden_origin", "interaction_fullness"]

_SCALARS = (
    *("full_name", "name_title", "given_name", "middle_name", "family_name", "name_suffix", "gender", "birth_date"),
    *("company_name", "legal_form", "house_number", "street", "city", "region", "postcode", "country", "duns", "vat"),
    *("registration_number",),
)
_INTERACTION = ("channel", "kind", "direction", "campaign", "occurred_at", "amount")
_SCHEMES = ("lei", "iban", "tax")
_CONSENTED = ("email", "phone", "sms", "post")


class Source(Protocol):
    """What the map needs of a configured source; `onefold.config.Source` has it."""

    @property
    def source(self) -> str:
        """Name of the source."""

    @property
    def description(self) -> str:
        """What the system is."""

    @property
    def owner(self) -> Owner:
        """Who answers for its data."""

    @property
    def ignore(self) -> tuple[str, ...]:
        """Raw columns left unmapped on purpose."""


@dataclass(frozen=True)
class Counts:
    """What the tables say of one source: its records, how fresh they are, and how many have each attribute."""

    records: int
    filled: Mapping[str, int]
    newest_as_of: datetime | None = None
    changed_at: datetime | None = None
    median_age_days: float | None = None


@dataclass(frozen=True)
class Conflict:
    """In how many customers a source's attribute was compared, how often none agreed, and with whom it disagrees most."""

    compared: int
    conflicting: int
    most_with: str | None = None


@dataclass(frozen=True)
class Measured:
    """What the data add to the configuration, as far as there are data."""

    counts: Mapping[str, Counts] = field(default_factory=dict)
    golden: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Golden values by (attribute, source)."""
    conflicts: Mapping[tuple[str, str], Conflict] = field(default_factory=dict)
    """By (attribute, source)."""
    unmapped: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Raw columns that the files have and the configuration does not name, by source."""


@dataclass(frozen=True)
class AsIs:
    """One row of the map: an attribute in a source."""

    source: str
    system: str
    attribute: str
    raw_columns: tuple[str, ...]
    owner: str
    contact: str | None
    records: int
    filled: int | None
    newest_as_of: datetime | None
    changed_at: datetime | None
    median_age_days: float | None
    trust_rank: int | None
    golden: int | None
    golden_share: float | None
    conflict: Conflict | None
    uses: tuple[str, ...]

    @property
    def filled_share(self) -> float | None:
        """Share of the source's records that have the attribute."""
        return None if self.filled is None or not self.records else self.filled / self.records


def fullness(parties: DataFrame, further: Sequence[str], at: datetime) -> DataFrame:
    """Return one row a source: `records`, `newest_as_of`, `changed_at`, `median_age_days`, `filled` (attribute to records).

    Args:
        parties: silver parties.
        further: attributes that the configuration adds.
        at: the moment that ages are counted back from (UTC).
    """
    tests: dict[str, Column] = {name: F.col(name).isNotNull() for name in (*_SCALARS, *further) if name in parties.columns}
    for name, column in (("email", "emails"), ("phone", "phones")):
        tests[name] = F.exists(column, lambda item: item["value"].isNotNull())
    tests |= {f"consent {channel}": _has("consents", "channel", channel) for channel in _CONSENTED}
    tests |= {scheme: _has("identifiers", "scheme", scheme) for scheme in _SCHEMES}
    changed = F.coalesce("source_updated_at", "source_created_at", "as_of")
    age = (F.lit(at).cast("timestamp").cast("double") - changed.cast("double")) / 86_400
    return _counted(parties, tests, F.max("as_of"), F.max("source_updated_at"), F.percentile_approx(age, 0.5))


def interaction_fullness(interactions: DataFrame, at: datetime) -> DataFrame:
    """Return the same of silver interactions; their attributes are called `interaction.<column>`."""
    tests = {f"interaction.{name}": F.col(name).isNotNull() for name in _INTERACTION}
    age = (F.lit(at).cast("timestamp").cast("double") - F.col("occurred_at").cast("double")) / 86_400
    nothing = F.max(F.lit(None).cast("timestamp"))
    return _counted(interactions, tests, nothing, F.max("occurred_at"), F.percentile_approx(age, 0.5))


def _has(column: str, field_: str, wanted: str) -> Column:
    return F.exists(column, lambda item: item[field_] == wanted)


def _counted(rows: DataFrame, tests: Mapping[str, Column], as_of: Column, changed: Column, age: Column) -> DataFrame:
    counts = [F.count_if(F.coalesce(test, F.lit(False))).alias(f"_{i}") for i, test in enumerate(tests.values())]
    grouped = rows.groupBy("source").agg(
        F.count(F.lit(1)).alias("records"),
        as_of.alias("newest_as_of"),
        changed.alias("changed_at"),
        age.alias("median_age_days"),
        *counts,
    )
    entries = [part for i, name in enumerate(tests) for part in (F.lit(name), F.col(f"_{i}"))]
    return grouped.select(
        "source", "records", "newest_as_of", "changed_at", "median_age_days", F.create_map(*entries).alias("filled")
    )


def golden_origin(customers: DataFrame) -> DataFrame:
    """Return how many golden values of each `attribute` come from each `source` (`n`), by their provenance."""
    entries = customers.select(F.explode("provenance").alias("attribute", "origin"))
    return entries.groupBy("attribute", F.col("origin.source").alias("source")).agg(F.count(F.lit(1)).alias("n"))


def as_is(
    sources: Sequence[tuple[Source, CleanseSource]],
    uses: Mapping[str, tuple[str, ...]],
    priority: Sequence[str],
    measured: Measured,
) -> list[AsIs]:
    """Return the map, sorted by source and attribute.

    An attribute is in the map of a source when its configuration maps it or its records have it. Raw columns that nothing
    uses are there as `raw.<column>`: held, and not mapped.
    """
    rows = []
    for source, mapping in sources:
        counts = measured.counts.get(source.source, Counts(0, {}))
        columns = mapped_columns(mapping)
        derived = {name: () for name, n in counts.filled.items() if n and name not in columns}
        unused = dict.fromkeys((*source.ignore, *measured.unmapped.get(source.source, ())))
        for attribute, raw in {**columns, **derived}.items():
            rows.append(_row(source, attribute, raw, counts, (uses, priority, measured)))
        rows += [_row(source, f"raw.{name}", (name,), counts, (uses, priority, measured)) for name in unused]
    return sorted(rows, key=lambda row: (row.source, row.attribute))


def _row(
    source: Source,
    attribute: str,
    raw: tuple[str, ...],
    counts: Counts,
    known: tuple[Mapping[str, tuple[str, ...]], Sequence[str], Measured],
) -> AsIs:
    uses, priority, measured = known
    name = source.source
    whole = sum(n for (other, _), n in measured.golden.items() if other == attribute)
    golden = measured.golden.get((attribute, name), 0) if whole else None
    return AsIs(
        source=name,
        system=source.description,
        attribute=attribute,
        raw_columns=raw,
        owner=source.owner.team,
        contact=source.owner.contact,
        records=counts.records,
        filled=counts.filled.get(attribute),
        newest_as_of=counts.newest_as_of,
        changed_at=counts.changed_at,
        median_age_days=counts.median_age_days,
        trust_rank=priority.index(name) + 1 if name in priority else None,
        golden=golden,
        golden_share=None if golden is None else golden / whole,
        conflict=measured.conflicts.get((attribute, name)),
        uses=uses.get(attribute, ()),
    )
