"""Cleanses one source's bronze rows, or many sources' mapped rows, into accepted and quarantined ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import DataFrame, Observation

from onefold.cleanse.attributes import attribute_types
from onefold.cleanse.current import counted, judge, quarantined, surviving
from onefold.cleanse.interaction import standardise_interaction
from onefold.cleanse.mapping import Source, map_interaction, map_party
from onefold.cleanse.party import standardise_party
from onefold.cleanse.settings import StandardiseSettings
from onefold.cleanse.unchanged import LINEAGE, Before, at_place, changed, content_hash, stayed, way_of_standardising

__all__ = ["Cleansed", "cleanse_interaction", "cleanse_interactions", "cleanse_parties", "cleanse_party"]


@dataclass(frozen=True)
class Cleansed:
    """What becomes of mapped rows: the accepted of the silver contract, and those set aside.

    `counts` fills itself when the accepted rows are written: rows, accepted, quarantined, deleted, colliding. `fresh` has a row
    for each record that is new or changed; it is None where all are standardised.
    """

    accepted: DataFrame
    quarantined: DataFrame
    counts: Observation
    fresh: DataFrame | None = None


def cleanse_party(bronze: DataFrame, source: Source, standardise: StandardiseSettings) -> Cleansed:
    """Return the parties of one source's current bronze rows, accepted (contract PARTY) and quarantined."""
    types = attribute_types([source.party] if source.party else [])
    mapped = map_party(bronze, source, standardise).frame
    return cleanse_parties([mapped], types, standardise, deletions=source.deleted is not None)


def cleanse_parties(
    mapped: Sequence[DataFrame],
    attributes: Mapping[str, str],
    standardise: StandardiseSettings,
    *,
    deletions: bool = True,
    before: Before | None = None,
) -> Cleansed:
    """Return the parties of all sources together, so that they are standardised in one pass.

    Without `deletions` no source has any, which spares looking for the records that they delete. With `before`, records
    of which the source says what it said then are taken over as they are.
    """
    rows = _united(mapped)
    rows = rows.withColumn("content_hash", content_hash(rows, way_of_standardising(attributes, standardise)))
    judged = judge(rows, key="record_id", deletions=deletions)
    counts = Observation()
    current = surviving(counted(judged, counts))
    if before is None:
        return Cleansed(standardise_party(current, attributes, standardise), quarantined(judged), counts)
    standing = before.cut(current.select("party_id", "content_hash", *LINEAGE), "current")
    fresh = before.cut(changed(standing, before.silver), "changed")
    standardised = standardise_party(at_place(rows, fresh), attributes, standardise)
    accepted = standardised.unionByName(stayed(standing, before.silver, standardised.schema))
    return Cleansed(accepted, quarantined(judged), counts, fresh)


def cleanse_interaction(bronze: DataFrame, source: Source, standardise: StandardiseSettings) -> Cleansed:
    """Return the interactions of one source's current bronze rows, accepted (contract INTERACTION) and quarantined."""
    mapped = map_interaction(bronze, source, standardise).frame
    return cleanse_interactions([mapped], standardise, deletions=source.deleted is not None)


def cleanse_interactions(mapped: Sequence[DataFrame], standardise: StandardiseSettings, *, deletions: bool = True) -> Cleansed:
    """Return the interactions of all sources together; without `deletions` no source has any."""
    judged = judge(_united(mapped), key="interaction_id", deletions=deletions)
    counts = Observation()
    current = surviving(counted(judged, counts))
    return Cleansed(standardise_interaction(current, standardise), quarantined(judged), counts)


def _united(frames: Sequence[DataFrame]) -> DataFrame:
    """Put the sources under one another by column name; an attribute that a source does not have is null."""
    return reduce(lambda above, below: above.unionByName(below, allowMissingColumns=True), frames)
