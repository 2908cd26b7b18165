"""Scores of a run and whether what configuration asserts of them holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.quality.settings import Assertion
from onefold.quality.subject import ALL

__all__ = ["Finding", "Measure", "judge", "measures", "score"]


@dataclass(frozen=True)
class Measure:
    """What was measured at one level of one subject; the score is None where nothing was checked."""

    score: float | None
    checked: int
    failed: int
    owner: str


@dataclass(frozen=True)
class Finding:
    """An assertion that does not hold: what was found, whose it is, and whether it stops the run."""

    assertion: Assertion
    found: float | None
    owner: str
    stops: bool

    def text(self) -> str:
        """Return it in one line, without values."""
        a = self.assertion
        of = a.metric if a.level == "overall" else f"{a.metric} of {a.level} {a.subject}"
        if self.found is None:
            return f"{of}: nothing was measured; {self.owner} answers for it"
        low = a.min is not None and self.found < a.min
        bound = f"below the {a.min:g} asserted" if low else f"above the {a.max:g} asserted"
        return f"{of} is {self.found:.4g}, {bound}; {self.owner} answers for it"


def score() -> Column:
    """Return the aggregate that is the score: the share that passes, weighted by the rules' weights; null for none checked."""
    return F.try_divide(F.sum(F.col("weight") * F.col("passed")), F.sum(F.col("weight") * F.col("checked")))


def measures(results: DataFrame, assertions: Sequence[Assertion]) -> dict[tuple[str, str], Measure]:
    """Return what the assertions are about, by level and subject, in one query.

    Args:
        results: rows of quality/rule_result of one run.
        assertions: what is asserted.
    """
    asked = sorted({(a.level, a.subject) for a in assertions})
    if not asked:
        return {}
    about = [F.when(_is(level, subject), F.lit(n)) for n, (level, subject) in enumerate(asked)]
    rows = results.withColumn("_asked", F.explode(F.array_compact(F.array(*about))))
    by_owner = rows.groupBy("_asked", "owner").agg(
        F.sum(F.col("weight") * F.col("passed")).alias("good"),
        F.sum(F.col("weight") * F.col("checked")).alias("all"),
        F.sum("checked").alias("checked"),
        F.sum("failed").alias("failed"),
    )
    found = by_owner.groupBy("_asked").agg(
        F.try_divide(F.sum("good"), F.sum("all")),
        F.sum("checked"),
        F.sum("failed"),
        F.max_by("owner", F.struct("failed", "owner")),
    )
    # bounded: a row for each assertion
    return {asked[row[0]]: Measure(row[1], int(row[2]), int(row[3]), str(row[4])) for row in found.collect()}


def judge(assertions: Sequence[Assertion], found: Mapping[tuple[str, str], Measure]) -> tuple[Finding, ...]:
    """Return the assertions that do not hold: those with `min` that are not reached stop the run, the others warn."""
    told = []
    for a in assertions:
        measure = found.get((a.level, a.subject))
        owner = a.owner or (measure.owner if measure else "nobody")
        value = None if measure is None else measure.score if a.metric == "score" else float(getattr(measure, a.metric))
        if value is None:
            told.append(Finding(a, None, owner, stops=False))
        elif a.min is not None and value < a.min:
            told.append(Finding(a, value, owner, stops=True))
        elif a.max is not None and value > a.max:
            told.append(Finding(a, value, owner, stops=False))
    return tuple(told)


def _is(level: str, subject: str) -> Column:
    column = {"rule": "rule_id"}.get(level, level)
    return F.lit(True) if level == "overall" and subject == ALL else F.col(column) == subject
