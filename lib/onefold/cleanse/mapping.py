"""Maps the raw columns of one source to canonical raw columns: a light select, so that all sources can be united."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.cleanse import attributes, party_values
from onefold.cleanse.dates import patterns, read_timestamp
from onefold.cleanse.paths import RawColumns, meanings
from onefold.cleanse.settings import (
    DeletionMapping,
    EntityTypeMapping,
    InteractionMapping,
    PartyMapping,
    StandardiseSettings,
    ValueRef,
)

__all__ = ["Mapped", "Source", "map_interaction", "map_party"]


class Source(Protocol):
    """What cleanse needs of a configured source; `onefold.config.Source` has it."""

    @property
    def source(self) -> str:
        """Name of the source."""

    @property
    def key(self) -> tuple[str, ...]:
        """Raw columns that identify a record."""

    @property
    def mode(self) -> Literal["snapshot", "increment"]:
        """Whether the newest files are the whole source."""

    @property
    def entity_type(self) -> Literal["person", "company"] | EntityTypeMapping | None:
        """Whether rows are people or companies."""

    @property
    def default_country(self) -> str | None:
        """ISO country of rows that name none."""

    @property
    def deleted(self) -> DeletionMapping | None:
        """How a row says that its record is gone."""

    @property
    def party(self) -> PartyMapping | None:
        """Mapping of party records."""

    @property
    def interaction(self) -> InteractionMapping | None:
        """Mapping of interactions."""


@dataclass(frozen=True)
class Mapped:
    """Canonical raw rows of one source, one for one with its bronze rows, and the declared columns that it lacks."""

    frame: DataFrame
    absent: tuple[str, ...]


def map_party(bronze: DataFrame, source: Source, standardise: StandardiseSettings) -> Mapped:
    """Return the parties of a source as canonical raw columns, with `fate` set on rows that cannot become a party."""
    party = source.party
    if party is None:
        raise ValueError(f"source {source.source} maps no party")
    raw = RawColumns(bronze.schema)
    key = [raw.text(column) for column in source.key]
    entity_type, deleted = _entity_type(raw, source.entity_type), _deleted(raw, source.deleted)
    columns = {
        **_lineage(source, key),
        "record_id": _identity(F.lit(source.source), key),
        "entity_type": entity_type,
        "default_country": F.lit(source.default_country or standardise.default_country).cast("string"),
        "source_created_at": _timestamp(raw, party.created_at, standardise),
        "source_updated_at": _timestamp(raw, party.updated_at, standardise),
        **party_values.texts(raw, party, entity_type, mixed=isinstance(source.entity_type, EntityTypeMapping)),
        **party_values.lists(raw, party, standardise),
        **attributes.read(raw, party.attributes, standardise),
        "deleted": deleted,
        "fate": F.when(_blank(key), "key_missing").when(entity_type.isNull() & ~deleted, "entity_type_unknown"),
        "fate_detail": F.lit(f"key: {', '.join(source.key)}"),
    }
    frame = bronze.select(*[value.alias(name) for name, value in columns.items()])
    return Mapped(frame, tuple(sorted(raw.absent)))


def map_interaction(bronze: DataFrame, source: Source, standardise: StandardiseSettings) -> Mapped:
    """Return the interactions of a source as canonical raw columns, with `fate` set on rows that cannot become one."""
    interaction = source.interaction
    if interaction is None:
        raise ValueError(f"source {source.source} maps no interaction")
    raw = RawColumns(bronze.schema)
    key = [raw.text(column) for column in source.key]
    party_key = [raw.ref(ref) for ref in interaction.party_key]
    amount, deleted = raw.ref(interaction.amount), _deleted(raw, source.deleted)
    columns = {
        **_lineage(source, key),
        "interaction_id": _identity(F.lit(source.source), key),
        "record_id": _identity(F.lit(interaction.party_source), party_key),
        "channel": raw.ref(interaction.channel),
        "kind": raw.ref(interaction.kind),
        "direction": raw.ref(interaction.direction),
        "campaign": raw.ref(interaction.campaign),
        "occurred_at": _timestamp(raw, interaction.occurred_at, standardise),
        "amount": attributes.read_number(amount),
        "deleted": deleted,
        "fate": F.when(_blank(key), "key_missing").when(_blank(party_key) & ~deleted, "party_key_missing"),
        "fate_detail": F.lit(f"key: {', '.join(source.key)}; party of source {interaction.party_source}"),
    }
    columns["source_updated_at"] = columns["occurred_at"]
    frame = bronze.select(*[value.alias(name) for name, value in columns.items()])
    return Mapped(frame, tuple(sorted(raw.absent)))


def _lineage(source: Source, key: list[Column]) -> dict[str, Column]:
    return {
        "source": F.lit(source.source),
        "source_key": _joined(key),
        "mode": F.lit(source.mode),
        "batch": F.col("_batch"),
        "file": F.col("_file"),
        "file_hash": F.col("_file_hash"),
        "row_number": F.col("_row_number"),
        "as_of": F.col("_as_of"),
        "ingested_at": F.col("_ingested_at"),
    }


def _joined(key: list[Column]) -> Column:
    """Join the parts of a key by `|`; in a composite key, `|` and backslash inside a part are escaped."""
    parts = [F.trim(part) for part in key]
    if len(parts) > 1:
        parts = [F.regexp_replace(part, r"([|\\])", r"\\$1") for part in parts]
    return F.concat_ws("|", *parts)


def _identity(source: Column, key: list[Column]) -> Column:
    return F.when(~_blank(key), F.concat(source, F.lit(":"), _joined(key)))


def _blank(key: list[Column]) -> Column:
    """Tell whether any part of a key is null or empty."""
    blank = F.lit(False)
    for part in key:
        blank = blank | F.coalesce(F.trim(part) == "", F.lit(True))
    return blank


def _entity_type(raw: RawColumns, declared: Literal["person", "company"] | EntityTypeMapping | None) -> Column:
    if not isinstance(declared, EntityTypeMapping):
        return F.lit(declared)
    said = {code.strip().lower(): kind for code, kind in declared.values.items()}
    kind = meanings(dict(said), raw.text(declared.column))
    return kind if declared.otherwise == "quarantine" else F.coalesce(kind, F.lit(declared.otherwise))


def _deleted(raw: RawColumns, declared: DeletionMapping | None) -> Column:
    if declared is None:
        return F.lit(False)
    codes = [code.strip().lower() for code in declared.values]
    return F.coalesce(F.lower(F.trim(raw.text(declared.column))).isin(codes), F.lit(False))


def _timestamp(raw: RawColumns, ref: ValueRef | None, standardise: StandardiseSettings) -> Column:
    if ref is None:
        return F.lit(None).cast("timestamp")
    # ISO 8601 is always understood, so the general date patterns are tried only where the mapping names none.
    return read_timestamp(raw.ref(ref), patterns(ref.format, standardise.date_formats))
