"""Runs an audience: gold in, the audience's rows in gold/audience replaced, the waterfall out."""

from __future__ import annotations

import difflib
import time
from datetime import UTC, datetime

from onefold.campaign import AudienceSettings, WaterfallStep, first_reasons, select_audience, waterfall
from onefold.contracts.gold import AUDIENCE, CONSENT, CUSTOMER, CUSTOMER_INTERACTION
from onefold.errors import ConfigurationError
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.store import read_released
from onefold.store.lock import holding

__all__ = ["run_audience"]


def run_audience(context: RunContext, name: str, *, now: datetime | None = None) -> tuple[StageReport, tuple[WaterfallStep, ...]]:
    """Select the audience of that name and replace its rows in gold/audience; other audiences stay as they are.

    Args:
        context: the run.
        name: the audience's name in the configuration.
        now: the date that windows and ages count back from; default the audience's `as_of`, else the run's start.

    Raises:
        ConfigurationError: when no audience has that name, or its filters do not fit gold/customer.
        StageOrderError: when publish has not run yet.
        WarehouseBusyError: when another run works on the warehouse.
    """
    audience = _audience(context, name)
    with holding(context.warehouse, context.run_id, f"audience {name}", wait=context.wait_seconds):
        return _select(context, audience, _utc(now or audience.as_of or context.started_at))


def _select(context: RunContext, audience: AudienceSettings, now: datetime) -> tuple[StageReport, tuple[WaterfallStep, ...]]:
    began = time.perf_counter()
    name, warehouse = audience.name, context.warehouse
    context.progress(f"selecting audience {name}")
    rows = select_audience(
        read_released(warehouse, CUSTOMER),
        read_released(warehouse, CONSENT),
        read_released(warehouse, CUSTOMER_INTERACTION),
        audience,
        now=now,
        run_id=context.run_id,
    )
    own = f"audience = '{name}'"  # a checked name: letters, digits, underscores
    written = warehouse.replace_where(AUDIENCE, rows, own, note={"run_id": context.run_id})
    counted = first_reasons(warehouse.read(AUDIENCE).where(own)).collect()
    steps = waterfall({row["reason"]: row["customers"] for row in counted}, audience)
    seconds = time.perf_counter() - began
    item = ItemReport(
        f"{AUDIENCE.name}/{name}",
        rows_in=steps[0].remaining,
        rows_out=written.rows,
        seconds=seconds,
        table_version=written.version,
        note=f"{steps[-1].remaining} selected",
    )
    return StageReport("audience", (item,), seconds), steps


def _audience(context: RunContext, name: str) -> AudienceSettings:
    known = {audience.name: audience for audience in context.project.audiences}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3) or sorted(known)
        hint = f"known: {', '.join(near[:5])}" if near else "the configuration has no audiences/*.yml"
        raise ConfigurationError(f"there is no audience called {name}", hint=hint)
    return known[name]


def _utc(moment: datetime) -> datetime:
    """Return the moment in UTC with its zone, which is what Spark needs to take it for what it is."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
