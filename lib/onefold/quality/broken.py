"""Finds the rules whose evaluation breaks (a division by zero, an overflow), so that the others still count."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.quality.counts import about
from onefold.quality.ready import Ready, Rules
from onefold.quality.settings import Rule
from onefold.quality.subject import ALL

__all__ = ["find_broken", "of_broken"]


def find_broken(rules: Rules) -> dict[str, str]:
    """Return the ids of the rules that break on this table, each with the name of its error; none where all can be evaluated.

    Rules are tried together, and halved where that fails: a few broken ones among many take a few passes each.
    """
    rows, found = rules.subject.frame, {}

    def search(some: Sequence[Ready], trial: Callable[[Sequence[Ready]], DataFrame]) -> None:
        error = _error(trial(some)) if some else None
        if error is None:
            return
        if len(some) == 1:
            found[some[0].rule.id] = error
            return
        search(some[: len(some) // 2], trial)
        search(some[len(some) // 2 :], trial)

    search(rules.of("row"), lambda some: rows.agg(*(F.count_if(r.fails) for r in some if r.fails is not None)))
    search([*rules.of("set"), *rules.of("aggregate")], lambda some: rows.agg(*(_tried(r) for r in some)))
    return found


def _tried(r: Ready) -> Column:
    assert r.value is not None
    if r.rule.check == "aggregate":
        return F.struct(F.count_if(r.applies), F.expr(r.rule.params.sql))
    return F.count_if(r.applies & r.value.column.isNotNull())


def _error(trial: DataFrame) -> str | None:
    try:
        trial.collect()  # bounded: a single row of counts
    except PySparkException as error:
        return str(error.getCondition() or type(error).__name__)
    return None


def of_broken(frame: DataFrame, broken: Sequence[tuple[Rule, str]]) -> DataFrame:
    """Return the results of rules that broke: status error, and the name of the error, without values."""
    names = F.create_map(*(F.lit(part) for rule, error in broken for part in (rule.id, error)))
    rows = about(frame, [(number, 0, rule) for number, (rule, _) in enumerate(broken)])
    nothing = F.lit(0).cast("bigint")
    return rows.select(
        "*",
        F.lit(ALL).alias("source"),
        F.lit(ALL).alias("region"),
        nothing.alias("checked"),
        nothing.alias("failed"),
        F.array().cast("array<string>").alias("examples"),
        F.lit(None).cast("double").alias("value"),
        names[F.col("rule_id")].alias("detail"),
        F.lit("error").alias("status"),
    )
