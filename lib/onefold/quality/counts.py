"""Counts what the pass found, by rule, source and region, with a few record ids as examples.

Rows with the same failures count as one: there are few such patterns, however many rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.quality.bits import named
from onefold.quality.once import Judged
from onefold.quality.settings import Rule
from onefold.quality.subject import ALL, NONE

__all__ = ["about", "counted", "finished"]

_ABOUT = (
    "rule_id string, fingerprint string, `table` string, entity_type string, attribute string, dimension string, "
    "severity string, owner string, weight double, warn_below double, fail_below double, number int, cohort int, "
    "sources array<string>, regions array<string>"
)


def about(frame: DataFrame, rules: list[tuple[int, int, Rule]]) -> DataFrame:
    """Return a row for each rule of what results say of it; `rules` are number, cohort and rule."""
    rows = [
        (
            *(r.id, r.fingerprint, r.table, r.entity_type, r.attribute, r.dimension, r.severity, r.owner, r.weight),
            *(r.warn_below, r.fail_below, number, cohort, list(r.sources), list(r.regions)),
        )
        for number, cohort, r in rules
    ]
    return frame.sparkSession.createDataFrame(rows, _ABOUT).coalesce(1)


def counted(found: Judged, examples: int) -> DataFrame:
    """Return checked, passed, failed, status and examples of each rule that judges records, by source and region."""
    rules, slots = found.rules, max(examples, 1)
    asked = [(r.number, rules.cohorts.index(r.rule.where), r.rule) for r in rules.all if r.rule.kind.level != "aggregate"]
    about_rules = F.broadcast(about(rules.subject.frame, asked))
    slot = F.pmod(F.xxhash64("_id"), F.lit(slots)).cast("int").alias("_slot")
    where = ("_source", "_region", "_entity_type")
    patterns = found.rows.groupBy(*where, *found.failed, *found.cohorts, slot).agg(
        F.count("*").alias("_rows"), F.min("_id").alias("_example")
    )
    failing = F.explode(named(found.failed, list(range(len(rules.names))), "int")).alias("number")
    failed = (
        patterns.select("_source", "_region", "_slot", "_rows", "_example", failing)
        .groupBy("_source", "_region", "number", "_slot")
        .agg(F.sum("_rows").alias("_rows"), F.min("_example").alias("_example"))
        .groupBy("_source", "_region", "number")
        .agg(F.sum("_rows").alias("failed"), F.slice(F.sort_array(F.collect_list("_example")), 1, examples).alias("examples"))
    )
    cohort = F.explode(named(found.cohorts, list(range(len(rules.cohorts))), "int")).alias("cohort")
    members = patterns.select(*where, "_rows", cohort).groupBy(*where, "cohort").agg(F.sum("_rows").alias("_rows"))
    checked = (
        members.join(about_rules, on="cohort", how="inner")
        .where(_in_scope())
        .groupBy("_source", "_region", "number")
        .agg(F.sum("_rows").alias("checked"))
    )
    counts = checked.join(failed, on=["_source", "_region", "number"], how="left")
    rows = about_rules.join(counts, on="number", how="left")
    checked_, failed_ = (F.coalesce(name, F.lit(0).cast("bigint")) for name in ("checked", "failed"))
    return rows.select(
        *(F.col(c) for c in rows.columns if c not in ("checked", "failed", "_source", "_region")),
        F.coalesce("_source", F.lit(ALL)).alias("source"),
        F.coalesce("_region", F.lit(ALL)).alias("region"),
        checked_.alias("checked"),
        failed_.alias("failed"),
        F.lit(None).cast("double").alias("value"),
        F.lit(None).cast("string").alias("detail"),
        _status(checked_, failed_).alias("status"),
    )


def finished(results: DataFrame, run_id: str, measured_at: datetime, divisions: Mapping[str, str]) -> DataFrame:
    """Return results as rows of quality/rule_result."""
    division = F.lit(NONE)
    for source, name in sorted(divisions.items()):
        division = F.when(F.col("source") == source, F.lit(name)).otherwise(division)
    return results.withColumns(
        {
            "run_id": F.lit(run_id),
            "measured_at": F.lit(measured_at),
            "division": division,
            "passed": F.col("checked") - F.col("failed"),
        }
    )


def _in_scope() -> Column:
    """Tell whether a rule applies to a group; what it asks of single rows is in the cohort."""
    anywhere = (F.size("sources") == 0) | F.array_contains("sources", F.col("_source"))
    wherever = (F.size("regions") == 0) | F.array_contains("regions", F.col("_region"))
    either = F.col("entity_type").isNull() | F.coalesce(F.col("entity_type") == F.col("_entity_type"), F.lit(False))
    return anywhere & wherever & either


def _status(checked: Column, failed: Column) -> Column:
    share = F.lit(1.0) - failed / F.greatest(checked, F.lit(1))
    return (
        F.when(checked == 0, "not_applicable")
        .when(share >= F.col("warn_below"), "pass")
        .when(share >= F.col("fail_below"), "warn")
        .otherwise("fail")
    )
