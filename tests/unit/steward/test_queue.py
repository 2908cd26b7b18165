"""The queue asks the most valuable question first, one for two customers, and none that has been answered."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.contracts import TableContract
from onefold.contracts.matching import CLUSTER, ENTITY_MAP, PAIR
from onefold.contracts.stewardship import REVIEW_QUEUE
from onefold.steward import Answered, Matched, ReviewSettings, review_queue
from onefold.store.small import small, texts

THRESHOLDS = {"person": 4.0, "company": 4.0}
# Customers A = 1, 2, 3, 4; B = 5, 6; C = 7; D = 8; E = 9, 10, 11.
CUSTOMERS = {1: "A", 2: "A", 3: "A", 4: "A", 5: "B", 6: "B", 7: "C", 8: "D", 9: "E", 10: "E", 11: "E"}
WEIGHTS = {
    (1, 2): 9.0, (2, 3): 9.0, (3, 4): 9.0, (1, 4): 5.0,  # A: its last pair is near the threshold, and nobody hangs on it
    (5, 6): 4.5,  # B hangs on it
    (4, 5): 3.5, (3, 5): 1.0,  # would join A and B
    (7, 8): 3.5,  # would join C and D: as unsure, less at stake
    (6, 7): 7.0,  # over the threshold, and split
    (1, 8): -3.0,  # far under
    (9, 10): 12.0, (9, 11): 12.0,  # E: a chain
}  # fmt: skip
STRONGEST = {1: 2, 2: 1, 3: 2, 4: 3, 5: 6, 6: 5, 9: 10, 10: 9, 11: 9}


def table(spark: SparkSession, contract: TableContract, rows: list[dict[str, Any]]) -> DataFrame:
    for field in (schema := contract.schema).fields:
        field.nullable = True
    return spark.createDataFrame([tuple(row.get(name) for name in schema.names) for row in rows], schema)


@pytest.fixture(scope="module")
def matched(spark: SparkSession) -> Matched:
    person = {"entity_type": "person"}
    pairs = [
        {
            "party_id_l": a,
            "party_id_r": b,
            "record_id_l": f"r{a}",
            "record_id_r": f"r{b}",
            "match_weight": w,
            "match_probability": 0.5,
        }
        | person
        for (a, b), w in WEIGHTS.items()
    ]
    sizes = {c: list(CUSTOMERS.values()).count(c) for c in "ABCDE"}
    mapped = [
        {"record_id": f"r{n}", "party_id": n, "customer_id": c, "entity_size": sizes[c]}
        | {"linked_record_id": f"r{STRONGEST[n]}" if n in STRONGEST else None}
        | person
        for n, c in CUSTOMERS.items()
    ]
    whole = {"contradictions": [], "bridges": 0, "reasons": []} | person
    clusters = [
        {"customer_id": "A", "size": 4, "density": 4 / 6, "min_weight": 5.0} | whole,
        {"customer_id": "E", "size": 3, "density": 2 / 3, "min_weight": 12.0} | whole | {"bridges": 2},
    ]
    frames = (table(spark, c, r) for c, r in ((PAIR, pairs), (ENTITY_MAP, mapped), (CLUSTER, clusters)))
    return Matched(*frames, THRESHOLDS)


def asked(
    spark: SparkSession,
    matched: Matched,
    *,
    groups: tuple[tuple[str, str], ...] = (),
    apart: tuple[tuple[str, str], ...] = (),
    labels: tuple[tuple[int, int], ...] = (),
    most: int = 100,
) -> list[Any]:
    known = Answered(
        texts(spark, ("record_id", "group"), groups),
        texts(spark, ("group_l", "group_r"), apart),
        spark.createDataFrame(list(labels), "party_id_l bigint, party_id_r bigint"),
    )
    found = review_queue(matched, known, ReviewSettings(max_items=most), run_id="run-1")
    assert found.columns == list(REVIEW_QUEUE.column_names)
    return sorted(found.collect(), key=lambda row: (-row.value, row.item_id))


def test_questions_by_their_value(spark: SparkSession, matched: Matched) -> None:
    found = asked(spark, matched)
    told = [(row.kind, tuple(row.record_ids), "".join(sorted(row.customer_ids))) for row in found]
    assert set(told) == {
        ("pair", ("r4", "r5"), "AB"),  # one question for the two of them: the nearer pair
        ("pair", ("r6", "r7"), "BC"),
        ("pair", ("r7", "r8"), "CD"),
        ("pair", ("r5", "r6"), "B"),
        ("cluster", ("r1", "r4"), "A"),  # worth more than the same pair for its own sake
        ("cluster", ("r9", "r10"), "E"),
    }  # fmt: skip
    values = {row.record_ids[0] + row.record_ids[1]: row.value for row in found}
    assert values["r4r5"] > values["r6r7"] > values["r7r8"]  # six records and unsure; three, and overruled; two
    why = {row.record_ids[0] + row.record_ids[1]: row.why for row in found}
    assert why["r4r5"] == "under the threshold; would join customers of 4 and 2 records"
    assert why["r5r6"] == "barely over the threshold; a record hangs on it in a customer of 2 records"
    assert why["r9r10"] == "customer of 3 records: 67 % of its pairs are over the threshold; 2 bridges"
    assert [row.item_id for row in asked(spark, matched, most=2)] == [row.item_id for row in found[:2]]


def test_what_was_answered_does_not_come_back(spark: SparkSession, matched: Matched) -> None:
    groups = (("r1", "r1"), ("r4", "r1"), ("r9", "r9"), ("r10", "r9"))  # r1 = r4, r9 = r10
    found = asked(spark, matched, groups=groups, apart=(("r2", "r6"),), labels=((5, 6),))
    # A and B are kept apart by r2 and r6; of E the other pair is left; A's next weakest pair is asked about.
    assert {tuple(row.record_ids) for row in found} == {("r6", "r7"), ("r7", "r8"), ("r9", "r11"), ("r1", "r2")}


def test_small_frames_are_local(spark: SparkSession) -> None:
    frame = small(spark, pa.schema([("n", pa.int64())]), [(1,), (2,)])
    assert "LocalTableScan" in frame._jdf.queryExecution().toString()
    assert small(spark, pa.schema([("n", pa.int64())]), []).collect() == []
