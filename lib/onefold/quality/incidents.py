"""Keeps the incidents: opened with the owner's name, open while they last, closed when back; the same for a run done twice."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.contracts.quality import INCIDENT
from onefold.quality.settings import Assertion
from onefold.quality.watch import CALM, DRIFT

__all__ = ["NOBODY", "alarms", "assertion_alarms", "next_incidents"]

NOBODY = "data-quality-office"
"""Owner of what nobody else owns."""
_SERIES = ("metric", "level", "subject", "source")
_WHAT = ("kind", *_SERIES)
_ALARM = (*_WHAT, "owner", "severity", "value", "expected_low", "expected_high", "message")


def alarms(found: DataFrame, metrics: DataFrame) -> DataFrame:
    """Return the series in alarm: kind, metric, level, subject, source, owner, severity, value, bounds, message.

    Args:
        found: rows of `findings` of one day.
        metrics: the metrics of the run, for owners and the rule's fingerprint.
    """
    owners = metrics.select(*_SERIES, "owner").dropDuplicates(list(_SERIES))
    kind = (
        F.when(F.col("metric") == "volume", "volume")
        .when(F.col("metric") == "age_days", "freshness")
        .when(F.col("state") == DRIFT, "drift")
        .otherwise("score")
    )
    alarmed = found.where(F.col("state") != CALM).join(owners, on=list(_SERIES), how="left")
    told = alarmed.select(
        kind.alias("kind"),
        *_SERIES,
        F.coalesce("owner", F.lit(NOBODY)).alias("owner"),
        F.lit("warns").alias("severity"),
        F.coalesce("value", F.lit(float("nan"))).alias("value"),
        "expected_low",
        "expected_high",
        F.date_format("since", "yyyy-MM-dd").alias("since"),
    )
    return told.select("*", _message().alias("message")).select(*_ALARM)


def _message() -> Column:
    value, low, high = F.col("value"), F.col("expected_low"), F.col("expected_high")
    where = F.when(F.col("source") == "(all)", F.col("subject")).otherwise(F.concat("subject", F.lit(" in "), "source"))
    share = F.format_string("%.2f %% pass, at least %.2f %% was to be expected", value * 100, low * 100)
    rows = F.format_string("%,.0f records, %,.0f to %,.0f were to be expected", value, low, high)
    age = F.format_string("newest file %.1f days old, at most %.1f was to be expected", value, high)
    said = (
        F.when(F.col("kind") == "volume", rows)
        .when(F.col("kind") == "freshness", age)
        .when(F.col("kind") == "drift", F.concat(share, F.lit("; it has been slipping")))
        .otherwise(share)
    )
    return F.concat(where, F.lit(": "), said, F.lit(" (since "), F.coalesce("since", F.lit("today")), F.lit(")"))


def assertion_alarms(metrics: DataFrame, assertions: Sequence[Assertion]) -> DataFrame:
    """Return the assertions that the metrics of a run do not meet, in the columns of `alarms`; min stops, max warns."""
    parts = [_broken(metrics, one) for one in assertions]
    none = metrics.limit(0).select(*(F.lit(None).cast(INCIDENT.schema[name].dataType).alias(name) for name in _ALARM))
    for part in parts:
        none = none.unionByName(part)
    return none


def _broken(metrics: DataFrame, one: Assertion) -> DataFrame:
    """Return the rows of an assertion that does not hold; its measure is the value, or a count behind it."""
    measure = F.col("value" if one.metric == "score" else one.metric).cast("double")
    named = metrics.where((F.col("metric") == "score") & (F.col("level") == one.level) & (F.col("subject") == one.subject))
    named = named.where(F.col("source") == "(all)")
    low, high = F.lit(one.min).cast("double"), F.lit(one.max).cast("double")
    too_low = F.coalesce(measure < low, F.lit(False))
    bound = F.when(too_low, F.concat(F.lit("less than "), low)).otherwise(F.concat(F.lit("more than "), high))
    said = F.format_string(f"{one.metric} of %s: %.4f is ", F.col("subject"), measure)
    return named.where(too_low | F.coalesce(measure > high, F.lit(False))).select(
        F.lit("assertion").alias("kind"),
        F.lit(one.metric).alias("metric"),
        "level",
        "subject",
        "source",
        F.coalesce(F.lit(one.owner).cast("string"), "owner", F.lit(NOBODY)).alias("owner"),
        F.when(too_low, "stops").otherwise("warns").alias("severity"),
        measure.alias("value"),
        low.alias("expected_low"),
        high.alias("expected_high"),
        F.concat(said, bound).alias("message"),
    )


def next_incidents(before: DataFrame, alarmed: DataFrame, run_id: str, measured_at: Column) -> DataFrame:
    """Return the whole table of incidents after a run, as rows of quality/incident.

    What the same run opened or closed before is undone first, so that a run done twice leaves the same rows. A series has one
    open incident of its history and one for each assertion at most.

    Args:
        before: quality/incident as it is.
        alarmed: rows of `alarms` and `assertion_alarms` of the run.
        run_id: the run.
        measured_at: its start.
    """
    closed_here = F.col("closed_run_id") == run_id
    kept = before.where(F.col("opened_run_id") != run_id)
    undone = kept.select(
        *(n for n in INCIDENT.column_names if not n.startswith("closed_")),
        F.when(~F.coalesce(closed_here, F.lit(False)), F.col("closed_run_id")).alias("closed_run_id"),
        F.when(~F.coalesce(closed_here, F.lit(False)), F.col("closed_at")).alias("closed_at"),
    )
    still = alarmed.select(*_SERIES, _asserted().alias("asserted")).distinct().withColumn("still", F.lit(True))
    on = [*_SERIES, "asserted"]
    joined = undone.withColumn("asserted", _asserted()).join(still, on=on, how="left")
    ends = F.col("closed_run_id").isNull() & F.col("still").isNull()
    old = joined.select(
        *(n for n in INCIDENT.column_names if not n.startswith("closed_")),
        F.when(ends, F.lit(run_id)).otherwise(F.col("closed_run_id")).alias("closed_run_id"),
        F.when(ends, measured_at).otherwise(F.col("closed_at")).alias("closed_at"),
    )
    open_now = undone.where("closed_run_id IS NULL").select(*_SERIES, _asserted().alias("asserted")).distinct()
    new = alarmed.withColumn("asserted", _asserted()).join(open_now, on=on, how="left_anti")
    return INCIDENT.conform(old.unionByName(_opened(new, run_id, measured_at)))


def _asserted() -> Column:
    return F.col("kind") == "assertion"


def _opened(new: DataFrame, run_id: str, measured_at: Column) -> DataFrame:
    name = F.concat_ws("|", *_WHAT, F.lit(run_id))
    return new.select(
        F.concat(F.lit("I"), F.substring(F.sha2(name, 256), 1, 12)).alias("incident_id"),
        *_ALARM,
        F.lit(run_id).alias("opened_run_id"),
        measured_at.alias("opened_at"),
        F.lit(None).cast("string").alias("closed_run_id"),
        F.lit(None).cast("timestamp").alias("closed_at"),
    )
