"""Stops a snapshot that has shrunk so much that the export, not the business, is the likely cause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from onefold.errors import DataContractError
from onefold.ingest.settings import IngestSource

__all__ = ["check_shrinkage", "may_have_shrunk"]

Snapshot = tuple[int, int]
"""Business time in microseconds since 1970, and rows."""


def may_have_shrunk(source: IngestSource, before: Snapshot | None, as_of: int) -> bool:
    """Tell whether a new snapshot of that time would take the place of an earlier one and so has to be counted."""
    return source.mode == "snapshot" and source.min_share > 0 and before is not None and before[1] > 0 and as_of > before[0]


def check_shrinkage(source: IngestSource, before: Snapshot, new: Snapshot) -> None:
    """Make sure that a new snapshot has at least `min_share` of the rows of the one before.

    Raises:
        DataContractError: with both counts and how to take it all the same.
    """
    if new[1] >= source.min_share * before[1]:
        return
    days = [f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment):%Y-%m-%d}" for moment, _ in (before, new)]
    raise DataContractError(
        f"source {source.source}: the snapshot of {days[1]} has {new[1]:,} rows where that of {days[0]} had {before[1]:,}, less "
        f"than {source.min_share:.0%} of it; nothing of it was taken and the state of {days[0]} stays",
        hint=f"ask {source.owner.team}; if it is right, `--accept {source.source}` takes it; min_share is the limit",
    )
