"""Each rule of customer ids on a few records, over three runs of Spark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession
from tests.property.identity_lake import Lake
from tests.property.identity_twin import Row, entities_of, name

from onefold.resolve import customer_ids, resolve_customer_ids
from onefold.resolve.id_history import held_by_founders
from onefold.resolve.identity import SPARE_NAMES

Blocks = list[list[str]]

FIRST: Blocks = [["g2"], ["m1"], ["m2"], ["e2"], ["s1", "s2", "s3"], ["t1", "t2", "t3", "t4"], ["r1"], ["k1"], ["w1"], ["w2"]]
FIRST += [["c1"], ["c2"], ["d1"], ["d2"], ["d3"], ["q1"], ["q2"], ["u1", "u2"]]
SECOND: Blocks = [["g1", "g2"], ["m1", "m2"], ["e1"], ["e2"], ["s1"], ["s2", "s3"], ["t2"], ["t3", "t4"], ["k1"], ["w1", "w2"]]
SECOND += [["c1", "c2"], ["c3"], ["d1", "d2"], ["d3"], ["q1", "q2"], ["u1", "u2"]]
THIRD: Blocks = [["g1", "g2"], ["m1"], ["m2"], ["e1", "e2"], ["s1"], ["s2", "s3"], ["t1"], ["t2"], ["t3", "t4"], ["r1"], ["k1"]]
THIRD += [["w1", "w2"], ["c1", "c2", "c3"], ["q1"], ["q2", "q0"], ["u1", "u2"]]
STEWARDED = frozenset({"w1"})


def P(record: str, place: int = 0) -> str:
    return name("P", record, place)


@pytest.fixture(scope="module")
def lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    spark.sparkContext.setCheckpointDir(str(tmp_path_factory.mktemp("checkpoints")))
    yield Lake(spark)


@pytest.fixture(scope="module")
def runs(lake: Lake) -> list[tuple[dict[str, str], dict[str, Row]]]:
    found = []
    for blocks, kinds in ((FIRST, {}), (SECOND, {"k1": "C"}), (THIRD, {"k1": "C"})):
        held, rows = lake.step(entities_of(blocks, kinds), STEWARDED)
        found.append((held, {row.customer_id: row for row in rows}))
    return found


def test_the_first_run_names_after_the_smallest_record(runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    held, rows = runs[0]
    assert held == {r: P(min(block)) for block in FIRST for r in block}
    assert rows[P("s1")] == Row(P("s1"), "created", P("s1"), None, "first_seen", 3)


def test_growth_and_rest_keep_the_id_and_say_nothing(runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    assert [held["g2"] for held, _ in runs] == [P("g2")] * 3
    assert [held["u2"] for held, _ in runs] == [P("u1")] * 3
    assert not any(id_ in rows for _, rows in runs[1:] for id_ in (P("g2"), P("g1"), P("u1")))


def test_of_ids_issued_together_the_smallest_stays_and_an_unmerge_gives_the_other_back(
    runs: list[tuple[dict[str, str], dict[str, Row]]],
) -> None:
    stays, goes = sorted((P("m1"), P("m2")))
    (_, _), (merged, second), (apart, third) = runs
    assert merged["m1"] == merged["m2"] == stays
    assert second[goes] == Row(goes, "merged", stays, stays, "matched", 1)
    assert (apart["m1"], apart["m2"]) == (P("m1"), P("m2"))
    assert third[goes] == Row(goes, "revived", goes, stays, "unmatched", 1)


def test_the_id_issued_earlier_stays(runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    held, rows = runs[2]
    assert held["e1"] == held["e2"] == P("e2")
    assert rows[P("e1")] == Row(P("e1"), "merged", P("e2"), P("e2"), "matched", 1)


def test_the_founder_takes_the_id_out_of_a_split(runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    held, rows = runs[1]
    assert (held["s1"], held["s2"], held["s3"]) == (P("s1"), P("s2"), P("s2"))
    assert rows[P("s2")] == Row(P("s2"), "split", P("s2"), P("s1"), "unmatched", 2)


def test_without_its_founder_an_id_goes_with_most_records_and_the_founder_comes_back_to_another(
    runs: list[tuple[dict[str, str], dict[str, Row]]],
) -> None:
    (_, _), (second, _), (third, rows) = runs
    assert (second["t2"], second["t3"], second["t4"]) == (P("t2"), P("t1"), P("t1"))
    assert third["t1"] == P("t1", 1)
    assert rows[P("t1", 1)] == Row(P("t1", 1), "created", P("t1", 1), None, "first_seen", 1)
    assert SPARE_NAMES >= 1


def test_an_id_without_records_is_retired_and_comes_back_with_its_founder(
    runs: list[tuple[dict[str, str], dict[str, Row]]],
) -> None:
    assert runs[1][1][P("r1")] == Row(P("r1"), "retired", None, None, "records_gone", 1)
    assert runs[2][1][P("r1")] == Row(P("r1"), "revived", P("r1"), None, "returned", 1)
    assert runs[2][0]["r1"] == P("r1")


def test_a_record_that_changes_its_type_gets_an_id_of_that_type(runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    company = name("C", "k1")
    assert runs[1][0]["k1"] == runs[2][0]["k1"] == company
    assert runs[1][1][company].change == "created"
    assert runs[1][1][P("k1")] == Row(P("k1"), "merged", company, company, "matched", 1)


def test_a_steward_is_the_reason_for_what_happens_to_the_records_named(
    runs: list[tuple[dict[str, str], dict[str, Row]]],
) -> None:
    assert runs[1][1][max(P("w1"), P("w2"))].reason == "steward"


def test_redirects_end_at_what_is_current(lake: Lake, runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    ids = {row.customer_id: row for row in customer_ids(lake.history).collect()}
    held = runs[-1][0]
    assert {ids[P(r)].current_customer_id for r in ("c1", "c2", "c3")} == {held["c1"]}
    assert {ids[P(r)].current_customer_id for r in ("d1", "d2", "d3")} == {None}, "what led to a retired id leads nowhere"
    gone = max(P("d1"), P("d2"))
    assert runs[2][1][gone] == Row(gone, "redirected", None, min(P("d1"), P("d2")), "records_gone", None)
    assert (ids[P("d3")].status, ids[P("s2")].status, ids[P("k1")].status) == ("retired", "current", "merged")
    assert ids[P("s2")].issued_at > ids[P("s1")].issued_at


def test_a_revived_id_needs_not_be_that_of_the_smallest_record(runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    lost = max(P("q1"), P("q2"))
    assert {runs[2][0]["q1"], runs[2][0]["q2"]} == {P("q1"), P("q2")}
    assert runs[2][1][lost].change == "revived"
    assert runs[2][0]["q0"] == runs[2][0]["q2"] == P("q2")


def test_old_ids_are_resolved_and_unknown_ones_told(lake: Lake, runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    asked = lake.spark.createDataFrame([(1, P("g2")), (2, P("e1")), (3, P("d1")), (4, "P0"), (5, None)], "n int, customer string")
    found = resolve_customer_ids(asked, lake.history, "customer")
    assert found.columns == ["n", "customer", "current_customer_id", "customer_id_status"]
    rows = [tuple(row)[2:] for row in found.orderBy("n").collect()]
    assert rows == [(P("g2"), "current"), (P("e2"), "merged"), (None, "retired"), (None, "unknown"), (None, "unknown")]


def test_the_founders_stand_in_for_a_lost_assignment(lake: Lake, runs: list[tuple[dict[str, str], dict[str, Row]]]) -> None:
    assert lake.previous is not None
    parties = lake.spark.createDataFrame(
        [("t1", 1, "person"), ("t2", 2, "person"), ("t3", 3, "person"), ("g1", 4, "person"), ("g2", 5, "person")],
        "record_id string, party_id bigint, entity_type string",
    )
    found = {row.customer_id: row.party_id for row in held_by_founders(parties, lake.history).collect()}
    assert (found[P("g2")], found[P("t2")], found[P("t1", 1)]) == (5, 2, 1)
    assert found[P("t1")] is None, "its founder has another one by now"
    assert P("e1") not in found
