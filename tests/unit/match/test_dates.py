from __future__ import annotations

import random
from datetime import date, timedelta

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.match.compare import compare, plan_comparisons, with_sides
from onefold.match.settings import Comparison


def typo(left: date, right: date) -> bool:
    """Say by the digits whether one date is the other mistyped: one digit, neighbours exchanged, or day and month."""
    a, b = (day.isoformat().replace("-", "") for day in (left, right))
    differing = [at for at in range(8) if a[at] != b[at]]
    exchanged = any(a[:at] + a[at + 1] + a[at] + a[at + 2 :] == b for at in range(7))
    return len(differing) <= 1 or exchanged or a[:4] + a[6:] + a[4:6] == b


def test_date_levels_say_what_the_digits_say(spark: SparkSession) -> None:
    rng = random.Random(11)
    dates = [date(1932, 1, 1) + timedelta(days=rng.randrange(27_000)) for _ in range(60)]
    near = [d.replace(day=min(28, d.month), month=min(12, d.day)) for d in dates]
    near += [d.replace(day=max(1, d.day // 10 * 10)) for d in dates] + [d.replace(year=d.year + 10) for d in dates]
    near += [d.replace(day=12) for d in dates] + [d.replace(day=21) for d in dates]
    everyone = sorted({*dates, *near})
    parties = spark.createDataFrame([(i, str(i), "a", d) for i, d in enumerate(everyone)], _SCHEMA)
    levels = ["exact", "date_typo", "same_year_month", {"days_within": 366}]
    comparison = Comparison.model_validate({"name": "born", "column": "birth_date", "levels": levels})
    plan = plan_comparisons((comparison,), parties)
    pairs = parties.select(F.col("party_id").alias("party_id_l")).crossJoin(parties.select(F.col("party_id").alias("party_id_r")))
    found = compare(with_sides(pairs, plan.features.frame(parties)), plan, ("party_id_l", "party_id_r")).collect()
    assert len(found) == len(everyone) ** 2
    reached = {(r["party_id_l"], r["party_id_r"]): r["g0"] for r in found}
    assert reached == {(i, j): _level(a, b) for i, a in enumerate(everyone) for j, b in enumerate(everyone)}
    assert {0, 1, 2, 3, 4} == set(reached.values())


_SCHEMA = "party_id bigint, record_id string, source string, birth_date date"


def _level(left: date, right: date) -> int:
    tests = (
        left == right,
        typo(left, right),
        (left.year, left.month) == (right.year, right.month),
        abs((left - right).days) <= 366,
    )
    return next((level for level, reached in enumerate(tests) if reached), 4)
