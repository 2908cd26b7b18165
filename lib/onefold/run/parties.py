"""The parties that matching, resolving and publishing see: those of silver that quality does not withhold."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.quality import RECORD_QUALITY
from onefold.contracts.silver import PARTY
from onefold.run.context import RunContext

__all__ = ["WITHHELD", "parties_of", "unblocked", "withheld", "withheld_count"]

WITHHELD = "withheld"
"""In the note of a version of quality/record: how many records it withholds."""
_IN_MEMORY = 200_000


def parties_of(context: RunContext, version: int | None = None) -> DataFrame:
    """Return the parties of silver, as of a version where one is given, without those that a blocking rule withholds.

    Raises:
        StageOrderError: when cleanse has not written silver/party.
    """
    return unblocked(context, context.warehouse.read(PARTY, version=version))


def unblocked(context: RunContext, parties: DataFrame) -> DataFrame:
    """Return the parties without those that a blocking rule withholds now."""
    count = withheld_count(context)
    if not count:
        return parties
    blocked = _blocked(context)
    seen = parties.join(F.broadcast(blocked) if count <= _IN_MEMORY else blocked, on="party_id", how="left_anti")
    return seen.select(*parties.columns)


def withheld(context: RunContext) -> DataFrame | None:
    """Return the parties that a blocking rule withholds now; nothing where there is none."""
    if not withheld_count(context):
        return None
    return context.warehouse.read(PARTY).join(_blocked(context), on="party_id", how="left_semi")


def _blocked(context: RunContext) -> DataFrame:
    return context.warehouse.read(RECORD_QUALITY).where(F.col("blocked_by").isNotNull()).select("party_id")


def withheld_count(context: RunContext) -> int:
    """Return how many records the last quality run withholds, from its note; none where quality is not measured."""
    if not context.project.quality.enabled:
        return 0
    return int(context.warehouse.last_note(RECORD_QUALITY).get(WITHHELD, 0))
