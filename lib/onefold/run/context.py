"""What every stage of a run is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pyspark.sql import SparkSession

from onefold.config import Project
from onefold.store import Warehouse

__all__ = ["Fresh", "ItemReport", "RunContext", "StageReport"]

Fresh = Literal["increment", "rebuild", "train"]
"""What is worked out again: what the feed touched, everything with the model kept, or everything with a new model."""


@dataclass(frozen=True)
class ItemReport:
    """Counts of one source or table within a stage; rows_in = rows_out + quarantined + superseded where rows map to rows."""

    item: str
    status: str = "ok"
    rows_in: int | None = None
    rows_out: int | None = None
    rows_quarantined: int | None = None
    rows_superseded: int | None = None
    seconds: float | None = None
    table_version: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class StageReport:
    """What one stage did, item by item; `failures` are the errors of items that failed while others went on."""

    stage: str
    items: tuple[ItemReport, ...]
    seconds: float = 0.0
    failures: tuple[Exception, ...] = ()


def _silent(_message: str) -> None:
    """Say nothing: the progress of a run that nobody watches."""


@dataclass(frozen=True)
class RunContext:
    """The session, the warehouse, the validated configuration and the identity of one run."""

    spark: SparkSession
    warehouse: Warehouse
    project: Project
    run_id: str
    started_at: datetime
    progress: Callable[[str], None] = field(default=_silent)
    fresh: Fresh = "increment"
    wait_seconds: float = 0.0
    """How long to wait for another run that works on the warehouse."""
    accept: frozenset[str] = frozenset()
    """Sources whose snapshot is taken although it is much smaller than the one before."""
