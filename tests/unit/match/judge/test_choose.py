from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.contracts.matching import LABEL, PAIR
from onefold.errors import DataContractError
from onefold.match.judge.asking import Sheet, label_pairs
from onefold.match.judge.choose import Question, Wish, choose_pairs, shared_out, this_pair
from onefold.match.judge.labelled import answered_by_stratum
from onefold.match.judge.labels import labelled_pairs
from onefold.match.judge.review_plan import Allocation
from onefold.match.judge.strata import Answered, Stratum

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]
THRESHOLDS = {"person": 4.25, "company": 4.25}


@pytest.fixture(scope="module")
def pairs(spark: SparkSession) -> DataFrame:
    """600 pairs of people, weights from -5 to 25, a pattern of levels for every 50 of them."""
    draw = np.random.default_rng(1)
    rows = []
    for i in range(600):
        weight = float(np.round(-5 + 30 * i / 600, 3))
        levels = [{"name": "email", "level": f"level {i // 50}", "weight": 1.0, "tf_weight": 0.0}]
        left = int(draw.integers(0, 1 << 40)) * 1000 + i
        ends = (left, left + 1, f"crm:{i}", f"erp:{i}")
        known = dict(zip(("party_id_l", "party_id_r", "record_id_l", "record_id_r"), ends, strict=True)) | {
            "entity_type": "person",
            "rule": "email",
            "rules": 1,
            "match_weight": weight,
            "match_probability": 1 / (1 + 2**-weight),
            "comparisons": levels,
        }
        rows.append(tuple(known[name] for name in PAIR.column_names))
    return spark.createDataFrame(rows, PAIR.schema).coalesce(2)


@pytest.fixture(scope="module")
def none(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame([], LABEL.schema)


def answered(spark: SparkSession, questions: tuple[Question, ...]) -> DataFrame:
    """Rows of match/label that say yes from a weight of 3 on."""
    known = [
        vars(q) | {"answer": "match" if (q.match_weight or 0) >= 3 else "no_match", "labelled_by": "ann", "labelled_at": None}
        for q in questions
    ]
    schema = LABEL.schema
    for field in schema.fields:
        field.nullable = True
    return spark.createDataFrame([tuple(row[n] for n in LABEL.column_names) for row in known], schema).coalesce(1)


def test_random_pairs_follow_the_plan_and_informative_ones_lie_near_the_threshold(
    pairs: DataFrame, none: DataFrame, spark: SparkSession
) -> None:
    wish = Wish(wanted=40, margin=0.05)
    first = choose_pairs(pairs, none, THRESHOLDS, wish)
    assert first == choose_pairs(pairs, none, THRESHOLDS, wish)
    assert len({(q.party_id_l, q.party_id_r) for q in first}) == 40
    random = [q for q in first if q.sampling_probability is not None]
    informative = [q for q in first if q.sampling_probability is None]
    assert len(random) == 20
    assert len(informative) == 20
    assert all(abs((q.match_weight or 0) - 4.25) <= 8 for q in informative)
    assert len({int(q.record_id_l[4:]) // 50 for q in informative}) >= 4  # different patterns of levels
    assert {q.stratum for q in random} >= {"2 to 4", "4 to 6"}

    second = choose_pairs(pairs, answered(spark, first), THRESHOLDS, wish)
    assert not {q.party_id_l for q in first} & {q.party_id_l for q in second}
    labels = answered(spark, (*first, *second))
    drawn = labels.where("sampling_probability IS NOT NULL").select("party_id_l", "party_id_r", "stratum")
    moved = drawn.selectExpr("party_id_l", "party_id_r", "stratum", "true AS is_match")
    counts = answered_by_stratum(moved, pairs, THRESHOLDS)
    assert sum(a.labels for a in counts.values()) == drawn.count()
    assert choose_pairs(pairs, none, THRESHOLDS, replace(wish, entity_type="company")) == ()


def test_what_the_plan_still_lacks_is_shared_out() -> None:
    strata = [Stratum("person", i, i > 4, 1000, 500.0) for i in (2, 3, 5)]
    plan = [Allocation(s, n, 0) for s, n in zip(strata, (10, 30, 60), strict=True)]
    assert shared_out(plan, {}, 10) == {("person", 2, False): 1, ("person", 3, False): 3, ("person", 5, True): 6}
    done = {("person", 5, True): Answered(60, 50), ("person", 2, False): Answered(10, 1)}
    assert shared_out(plan, done, 7) == {("person", 3, False): 7}
    assert sum(shared_out(plan, dict.fromkeys(shared_out(plan, {}, 100), Answered(99, 9)), 7).values()) == 7
    assert shared_out([], {}, 7) == {}


def test_people_are_asked_and_their_answers_become_rows(make_parties: MakeParties, none: DataFrame) -> None:
    parties = make_parties([{"id": i, "full_name": f"Name {i}"} for i in range(1, 7)])
    some = [Question("person", i, i + 3, f"crm:{i}", f"crm:{i + 3}", 2.0 * i, 0.9, "2 to 4", 7, 0.5) for i in (1, 2, 3)]
    seen: list[Sheet] = []

    def ask(sheet: Sheet) -> Any:
        seen.append(sheet)
        return {1: "match", 2: "no_match"}.get(sheet.number)

    rows = label_pairs(some, parties, ask, who=" ann ")
    assert [(s.number, s.of) for s in seen] == [(1, 3), (2, 3), (3, 3)]
    assert [(line.left, line.right) for line in seen[0].lines if line.attribute == "name"] == [("Name 1", "Name 4")]
    found = [row.asDict() for row in rows.collect()]
    assert [(r["record_id_l"], r["answer"], r["labelled_by"]) for r in found] == [
        ("crm:1", "match", "ann"),
        ("crm:2", "no_match", "ann"),
    ]
    assert rows.schema == LABEL.schema
    assert Counter(labelled_pairs(rows).toPandas()["is_match"]) == {True: 1, False: 1}
    with pytest.raises(DataContractError, match="no name"):
        label_pairs(some, parties, ask, who=" ")
    with pytest.raises(DataContractError, match="no answer"):
        label_pairs(some, parties, lambda _: "perhaps", who="ann")  # type: ignore[arg-type,return-value]

    again = this_pair(none.sparkSession.createDataFrame([], PAIR.schema), parties, rows, ("crm:4", "crm:1"))
    assert (again.party_id_l, again.record_id_r, again.sampling_probability, again.match_weight) == (1, "crm:4", 0.5, None)
    with pytest.raises(DataContractError, match="1 of the records"):
        this_pair(none.sparkSession.createDataFrame([], PAIR.schema), parties, rows, ("crm:4", "crm:99"))
