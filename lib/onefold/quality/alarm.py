"""Says what is told to others about incidents: names, owners, counts and bounds, no customer's values."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Incident", "alarm_message"]

_TOLD = 50
"""Incidents that are named in a message; more are counted."""


@dataclass(frozen=True)
class Incident:
    """One row of quality/incident."""

    incident_id: str
    kind: str
    metric: str
    level: str
    subject: str
    source: str
    owner: str
    severity: str
    opened_run_id: str
    opened_at: dt.datetime
    value: float
    expected_low: float | None
    expected_high: float | None
    message: str
    closed_run_id: str | None = None
    closed_at: dt.datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can say it."""
        times = {
            name: None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"
            for name, at in (("opened_at", self.opened_at), ("closed_at", self.closed_at))
        }
        plain = {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in vars(self).items()}
        return {**plain, **times}


def alarm_message(run_id: str, incidents: Sequence[Incident]) -> dict[str, Any] | None:
    """Return what is sent after a run: the incidents that it opened and closed; None when it did neither.

    `text` is what chat programs show.
    """
    opened = [one for one in incidents if one.opened_run_id == run_id]
    closed = [one for one in incidents if one.closed_run_id == run_id and one.opened_run_id != run_id]
    still = [one for one in incidents if one.closed_run_id is None]
    if not opened and not closed:
        return None
    head = f"onefold: {len(opened)} incident{'s'[: len(opened) != 1]} opened, {len(closed)} closed, {len(still)} open"
    lines = [f"- {one.owner}: {one.message}" for one in opened[:_TOLD]]
    lines += [f"- back to normal: {one.subject} ({one.owner})" for one in closed[:_TOLD]]
    return {
        "text": "\n".join([head, *lines]),
        "run_id": run_id,
        "open": len(still),
        "opened": [one.as_dict() for one in opened[:_TOLD]],
        "closed": [one.as_dict() for one in closed[:_TOLD]],
    }
