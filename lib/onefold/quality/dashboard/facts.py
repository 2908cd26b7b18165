"""What the dashboard shows, as plain values: names, counts, shares and record ids, never a customer's values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Dashboard", "GapLine", "IncidentLine", "Measured", "OwnerLine", "RuleLine", "SetAside"]

Trend = tuple[tuple[dt.date, float], ...]


@dataclass(frozen=True)
class Measured:
    """A score now and before, with the failures behind it."""

    name: str
    score: float | None
    failed: int = 0
    cost: float | None = None
    owner: str | None = None
    trend: Trend = ()
    """The last run of each day, the newest last."""

    @property
    def change(self) -> float | None:
        """By how much the score moved since the day before; None when there is none."""
        return self.trend[-1][1] - self.trend[-2][1] if len(self.trend) > 1 else None


@dataclass(frozen=True)
class IncidentLine:
    """One open incident."""

    incident_id: str
    kind: str
    subject: str
    source: str
    owner: str
    severity: str
    opened_at: dt.datetime
    message: str
    about: str | None = None
    """What the rule demands, where the incident is about one."""
    failed: int | None = None
    cost: float | None = None


@dataclass(frozen=True)
class OwnerLine:
    """One owner: score, failures, cost, open incidents."""

    measured: Measured
    incidents: int


@dataclass(frozen=True)
class RuleLine:
    """One of the worst rules."""

    rule_id: str
    about: str | None
    attribute: str
    owner: str
    severity: str
    checked: int
    failed: int
    cost: float | None
    examples: tuple[str, ...]
    action: str | None = None
    error: str | None = None
    """What is said of a rule that broke."""


@dataclass(frozen=True)
class SetAside:
    """Records that are kept out of the master, by where and why."""

    where: str
    source: str
    reason: str
    records: int


@dataclass(frozen=True)
class GapLine:
    """One attribute against its target."""

    attribute: str
    owner: str
    target: float
    score: float | None
    distance: float | None
    failing: int
    cost: float | None
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    run_id: str
    measured_at: dt.datetime
    currency: str
    overall: Measured
    dimensions: tuple[Measured, ...] = ()
    attributes: tuple[Measured, ...] = ()
    cells: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Score by attribute and source."""
    sources: tuple[Measured, ...] = ()
    regions: tuple[Measured, ...] = ()
    owners: tuple[OwnerLine, ...] = ()
    incidents: tuple[IncidentLine, ...] = ()
    closed_lately: int = 0
    rules: tuple[RuleLine, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    matching: tuple[tuple[str, str], ...] = ()
    """(figure, what it is) of matching and merging."""
    customers: Trend = ()
    gaps: tuple[GapLine, ...] = ()
