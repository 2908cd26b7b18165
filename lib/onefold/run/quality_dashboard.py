"""Brings what the dashboard shows from the tables: the newest run, and the last run of each day before it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from onefold.contracts.matching import CLUSTER, ENTITY_MAP
from onefold.contracts.quality import GAP, METRIC, RULE_RESULT
from onefold.contracts.stewardship import REVIEW_QUEUE
from onefold.errors import StageOrderError
from onefold.quality.dashboard import Dashboard, GapLine, IncidentLine, Measured, OwnerLine, RuleLine, SetAside
from onefold.quality.metrics import ALL, last_of
from onefold.run.context import RunContext
from onefold.run.quality_counts import merged, set_aside
from onefold.run.quality_history import incidents_of

__all__ = ["dashboard_of", "gaps_of"]

_TREND_DAYS = 60
_WORST_RULES = 15
_EXAMPLES = 5
_REGIONS = 20
_DIMENSIONS = {name: place for place, name in enumerate(("completeness", "correctness", "ageing", "relevancy"))}
_TRENDED = ("overall", "dimension", "source", "region", "owner")


def dashboard_of(context: RunContext) -> Dashboard:
    """Return what the dashboard shows of the newest run.

    Raises:
        StageOrderError: when nothing has been measured yet.
    """
    metrics = context.warehouse.read(METRIC)
    newest = metrics.orderBy(F.desc("measured_at"), F.desc("run_id")).select("run_id", "measured_at").first()
    if newest is None:
        raise StageOrderError("no run has measured quality yet", hint="run the quality stage, or `onefold run`")
    run_id, at = str(newest["run_id"]), newest["measured_at"]
    lines = _measured(metrics, run_id, at)
    rows = metrics.where((F.col("run_id") == run_id) & (F.col("metric") == "score"))
    # bounded: attributes by sources of the configuration
    cells = {(r["subject"], r["source"]): r["value"] for r in rows.where("level = 'attribute_source'").collect()}
    incidents = _incident_lines(context, rows)
    owners = [OwnerLine(one, sum(i.owner == one.name for i in incidents)) for one in lines["owner"]]
    owners += [OwnerLine(Measured(name, None), n) for name, n in _ownerless(incidents, lines["owner"])]
    return Dashboard(
        run_id,
        at,
        context.project.quality.costs.currency,
        lines["overall"][0] if lines["overall"] else Measured("overall", None),
        dimensions=tuple(sorted(lines["dimension"], key=lambda one: _DIMENSIONS.get(one.name, 9))),
        attributes=tuple(sorted(lines["attribute"], key=lambda one: one.score or 0.0)),
        cells=cells,
        sources=_worst(lines["source"]),
        regions=_worst(lines["region"])[:_REGIONS],
        owners=tuple(sorted(owners, key=lambda line: (-line.incidents, -(line.measured.cost or 0.0), -line.measured.failed))),
        incidents=incidents,
        closed_lately=_closed_lately(context, at),
        rules=_worst_rules(context, run_id),
        set_aside=_set_aside(context),
        matching=_matching(context),
        gaps=gaps_of(context),
    )


def gaps_of(context: RunContext, *, dimensions: bool = False) -> tuple[GapLine, ...]:
    """Return the distances of the newest run from the targets, the farthest first; by dimension where that is wanted."""
    warehouse = context.warehouse
    if not warehouse.exists(GAP):
        return ()
    rows = warehouse.read(GAP).where((F.col("dimension") != ALL) if dimensions else (F.col("dimension") == ALL))
    rows = rows.where(F.col("run_id") == warehouse.read(GAP).agg(F.max("run_id")).first()[0])  # type: ignore[index]
    # bounded: the attributes that rules speak of, by dimension
    found = rows.orderBy(F.desc_nulls_last("distance"), F.desc("failing_records"), "attribute", "dimension").collect()
    return tuple(
        GapLine(
            f"{r['attribute']}, {r['dimension']}" if dimensions else r["attribute"],
            r["owner"],
            r["target"],
            r["score"],
            r["distance"],
            r["failing_records"],
            r["cost"],
            tuple(r["actions"]),
        )
        for r in found
    )


def _measured(metrics: DataFrame, run_id: str, at: dt.datetime) -> Mapping[str, tuple[Measured, ...]]:
    """Return the scores of the run by level, with their trends."""
    scores = metrics.where("metric = 'score'").where(F.col("source") == ALL)
    first = at - dt.timedelta(days=_TREND_DAYS)
    shown = scores.where(F.col("level").isin(*_TRENDED)).where(F.col("measured_at").between(first, at))
    # bounded: some hundred subjects, sixty days
    past = last_of(shown, "day").select("day", "level", "subject", "value").orderBy("day").collect()
    trends: dict[tuple[str, str], list[tuple[dt.date, float]]] = defaultdict(list)
    for row in past:
        trends[(row["level"], row["subject"])].append((row["day"], row["value"]))
    # bounded: the subjects of one run, rules left out
    now = scores.where((F.col("run_id") == run_id) & (F.col("level") != "rule")).orderBy("subject").collect()
    found: dict[str, list[Measured]] = defaultdict(list)
    for row in now:
        name = "overall" if row["level"] == "overall" else row["subject"]
        trend = tuple(trends[(row["level"], row["subject"])])
        found[row["level"]].append(Measured(name, row["value"], row["failed"], row["cost"], row["owner"], trend))
    return defaultdict(tuple, {level: tuple(lines) for level, lines in found.items()})


def _worst(lines: Iterable[Measured]) -> tuple[Measured, ...]:
    return tuple(sorted(lines, key=lambda one: (-one.failed, one.name)))


def _incident_lines(context: RunContext, rows: DataFrame) -> tuple[IncidentLine, ...]:
    about = {rule.id: rule.description for rule in context.project.quality_rules}
    incidents = incidents_of(context, closed=False)
    subjects = sorted({one.subject for one in incidents})
    # bounded: the metrics of subjects with an open incident
    known = {(r["level"], r["subject"], r["source"]): r for r in rows.where(F.col("subject").isin(subjects)).collect()}
    lines = []
    for one in incidents:
        row = known.get((one.level, one.subject, one.source)) if one.metric == "score" else None
        lines.append(
            IncidentLine(
                one.incident_id,
                one.kind,
                one.subject,
                one.source,
                one.owner,
                one.severity,
                one.opened_at,
                one.message,
                about.get(one.subject) if one.level == "rule" else None,
                row["failed"] if row else None,
                row["cost"] if row else None,
            )
        )
    return tuple(lines)


def _ownerless(incidents: Sequence[IncidentLine], owners: Sequence[Measured]) -> list[tuple[str, int]]:
    """Return those who have open incidents and no rule: owners of sources."""
    others = {one.owner for one in incidents} - {one.name for one in owners}
    return [(name, sum(one.owner == name for one in incidents)) for name in sorted(others)]


def _closed_lately(context: RunContext, at: dt.datetime) -> int:
    week = at - dt.timedelta(days=7)
    return sum(one.closed_at is not None and one.closed_at >= week for one in incidents_of(context))


def _worst_rules(context: RunContext, run_id: str) -> tuple[RuleLine, ...]:
    results = context.warehouse.read(RULE_RESULT).where(F.col("run_id") == run_id)
    added = results.groupBy("rule_id", "attribute", "owner", "severity").agg(
        F.sum("checked").alias("checked"),
        F.sum("failed").alias("failed"),
        F.slice(F.array_sort(F.array_distinct(F.flatten(F.collect_list("examples")))), 1, _EXAMPLES).alias("examples"),
        F.max(F.when(F.col("status") == "error", F.coalesce("detail", F.lit("broke")))).alias("error"),
    )
    failing = added.where("failed > 0 OR error IS NOT NULL")
    # bounded: fifteen rules
    rows = failing.orderBy(F.col("error").isNull(), F.desc("failed"), "rule_id").limit(_WORST_RULES).collect()
    return tuple(_rule_line(context, row) for row in rows)


def _rule_line(context: RunContext, row: Row) -> RuleLine:
    rule: Any = next((r for r in context.project.quality_rules if r.id == row["rule_id"]), None)
    price = rule and context.project.quality.costs.of(rule.id, rule.attribute, rule.dimension)
    return RuleLine(
        row["rule_id"],
        rule and rule.description,
        row["attribute"],
        row["owner"],
        row["severity"],
        row["checked"],
        row["failed"],
        None if price is None else price * row["failed"],
        tuple(row["examples"] or ()),
        rule and rule.action,
        row["error"],
    )


def _set_aside(context: RunContext) -> tuple[SetAside, ...]:
    # bounded: places and reasons by source
    counted = [
        SetAside(row["where"], row["source"], row["reason"], row["records"]) for row in set_aside(context.warehouse).collect()
    ]
    return tuple(sorted(counted, key=lambda one: (-one.records, one.where, one.source, one.reason)))


def _matching(context: RunContext) -> tuple[tuple[str, str], ...]:
    warehouse = context.warehouse
    if not warehouse.exists(ENTITY_MAP):
        return ()
    entities = merged(warehouse)
    row = entities.first()
    assert row is not None  # an aggregate without groups has one row
    found = [
        (f"{row['records']:,}", "source records"),
        (f"{row['customers']:,}", "customers"),
        (f"{row['merged']:.1%}", "of records share their customer with another record"),
        (f"{row['largest']:,}", "records in the largest customer"),
    ]
    if warehouse.exists(CLUSTER):
        weak = warehouse.read(CLUSTER).where("bridges > 0 AND size > 2").count()
        found.append((f"{weak:,}", "customers that hang on a single pair"))
    if warehouse.exists(REVIEW_QUEUE):
        found.append((f"{warehouse.read(REVIEW_QUEUE).count():,}", "questions wait for a steward"))
    return tuple(found)
