"""Clustering on Spark: what is opened, split and broken, and what the measures say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession

from onefold.contracts.matching import CLUSTER
from onefold.resolve import ClusteringSettings, Judgements, Plan, choose_thresholds, cluster, cluster_metrics, split_reasons
from onefold.resolve.giants import break_giants
from onefold.resolve.identity import customer_id

ENDS = "party_id_l bigint, party_id_r bigint"
PARTY = "record_id string, party_id bigint, entity_type string, source string, duns string"
PAIR = (
    "entity_type string, party_id_l bigint, party_id_r bigint, record_id_l string, record_id_r string, "
    "match_weight double, match_probability double"
)
DUNS = {3: "123456789", 4: "987654321"}
COMPANIES = {2, 3, 4, 99, 100}
SETTINGS = {
    "person": {"threshold_weight": 4.0, "clean_sources": ["erp"]},
    "company": {"threshold_weight": 4.0, "contradictions": [{"attribute": "duns"}]},
    "splitting": {"absent_weight": -2.0},
}
# Two companies with contradicting numbers and one without; two cliques on a bridge; a path of three; a clean source.
PAIRS = [
    *((2, 3, 8.0), (3, 4, 9.0), (2, 4, 7.0)),
    *((a, b, 12.0) for a, b in (*combinations((11, 12, 13), 2), *combinations((14, 15, 16), 2))),
    (13, 14, 5.0),
    *((21, 22, 9.0), (22, 23, 20.0)),
    *((31, 32, 9.0), (32, 33, 3.0)),
    *((41, 42, 9.0),),
]


def _kind(party: int) -> str:
    return "company" if party in COMPANIES else "person"


@pytest.fixture(scope="module")
def checkpoints(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> None:
    spark.sparkContext.setCheckpointDir(str(tmp_path_factory.mktemp("checkpoints")))


@pytest.fixture(scope="module")
def parties(spark: SparkSession) -> DataFrame:
    numbers = sorted({end for left, right, _ in PAIRS for end in (left, right)} | {99, 100})
    rows = [(f"s:{n}", n, _kind(n), "erp" if n in (41, 42) else "crm", DUNS.get(n)) for n in numbers]
    return spark.createDataFrame(rows, PARTY)


@pytest.fixture(scope="module")
def pairs(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame([(_kind(a), a, b, f"s:{a}", f"s:{b}", w, 0.9) for a, b, w in PAIRS], PAIR)


@pytest.fixture(scope="module")
def run(spark: SparkSession, checkpoints: None, parties: DataFrame, pairs: DataFrame) -> Iterator[Any]:
    def clustered(must: list[tuple[int, int]], cannot: list[tuple[int, int]], **further: Any) -> Any:
        settings = ClusteringSettings.model_validate(SETTINGS | further)
        judged = Judgements(spark.createDataFrame(must, ENDS), spark.createDataFrame(cannot, ENDS))
        return cluster(parties, pairs, judged, Plan(settings, choose_thresholds(pairs, settings), -5.0))

    yield clustered


def _entities(members: DataFrame) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for row in members.collect():
        found.setdefault(row.entity, set()).add(row.party_id)
    return {frozenset(members) for members in found.values()}


def _identified(members: DataFrame) -> DataFrame:
    return members.withColumn("customer_id", customer_id("founding_record", "entity_type"))


@pytest.fixture(scope="module")
def plain(run: Any) -> Any:
    return run([], [])


def test_doubtful_components_are_split_and_others_left(plain: Any) -> None:
    assert _entities(plain.members) == {
        frozenset(part) for part in ((2, 3), (4,), (11, 12, 13), (14, 15, 16), (21, 22, 23), (31, 32), (41,), (42,))
    }
    opened = {row.party_id for row in plain.members.where("opened").collect()}
    assert opened == {2, 3, 4, 11, 12, 13, 14, 15, 16, 41, 42}  # the path weighs more than its missing pair can
    assert {tuple(sorted((row.party_id_l, row.party_id_r))) for row in plain.links.collect()} >= {(11, 12), (21, 22), (31, 32)}
    assert plain.links.where("party_id_l = 13 and party_id_r = 14").isEmpty()


def test_reasons_are_counted(plain: Any) -> None:
    counts = {row.reason: row.components for row in split_reasons(plain.members).collect()}

    assert counts == {"(opened)": 3, "(split)": 3, "weak": 1, "contradiction:duns": 1, "source_limit:erp": 1}


def test_every_entity_of_two_and_more_is_measured(plain: Any) -> None:
    measured = cluster_metrics(plain, _identified(plain.members))
    rows: dict[float, Row] = {(row.size, row.mean_weight): row for row in measured.collect()}

    assert measured.columns == list(CLUSTER.column_names)
    assert len(rows) < measured.count() == 5  # both halves of the bridge measure the same
    half, path, pair = rows[3, 12.0], rows[3, 14.5], rows[2, 9.0]
    assert (half.edges, half.density, half.diameter, half.bridges) == (3, 1.0, 1, 0)
    assert (half.split_from, half.split_from_size, half.reasons) == (11, 6, ["weak"])
    assert (path.edges, path.diameter, path.bridges, path.split_from, path.reasons) == (2, 2, 2, None, [])
    assert path.density == pytest.approx(2 / 3)
    assert (pair.diameter, pair.bridges, pair.sources, pair.min_weight) == (1, 1, ["crm"], 9.0)


def test_judgements_outrank_scores(run: Any) -> None:
    judged = run([(2, 99), (100, 99), (3, 4)], [(21, 22), (22, 23)])

    entities = _entities(judged.members)
    assert {frozenset((2, 3, 4, 99, 100)), frozenset((21,)), frozenset((22,)), frozenset((23,))} <= entities
    row = cluster_metrics(judged, _identified(judged.members)).where("size = 5").collect()[0]
    assert (row.contradictions, row.edges, row.split_from) == (["contradiction:duns"], 3, None)


def test_without_splitting_components_are_entities(run: Any) -> None:
    assert frozenset(range(11, 17)) in _entities(run([], [], splitting={"enabled": False}).members)


def test_giants_lose_their_weaker_pairs_first(spark: SparkSession, checkpoints: None) -> None:
    parts = [list(range(start, start + 8)) for start in (0, 10, 20)]
    edges = [(a, b, 20.0 + a) for part in parts for a, b in combinations(part, 2)] + [(7, 10, 5.0), (17, 20, 5.0)]
    settings = ClusteringSettings.model_validate({"splitting": {"max_edges": 30}})
    frame = spark.createDataFrame(edges, "party_id_l bigint, party_id_r bigint, match_weight double")
    one = spark.createDataFrame([(n, 0) for part in parts for n in part], "id bigint, component bigint")

    components, inside = break_giants(frame, one, settings)

    found = {row.id: row.component for row in components.collect()}
    assert len(found) == 24
    assert found[20] == found[27]  # the heaviest part is whole
    assert found[0] != found[20]
    assert all(found[row.party_id_l] == row.component == found[row.party_id_r] for row in inside.collect())


def test_a_giant_of_equal_pairs_is_left(spark: SparkSession, checkpoints: None, tmp_path: Path) -> None:
    frame = spark.createDataFrame(
        [(0, n, 9.0) for n in range(1, 40)], "party_id_l bigint, party_id_r bigint, match_weight double"
    )
    one = spark.createDataFrame([(n, 0) for n in range(40)], "id bigint, component bigint")

    components, inside = break_giants(frame, one, ClusteringSettings.model_validate({"splitting": {"max_edges": 30}}))

    assert ({row.component for row in components.collect()}, inside.count()) == ({0}, 39)
