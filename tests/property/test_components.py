"""Components agree with networkx on random graphs, whatever the algorithm, the contraction and adaptive execution."""

from __future__ import annotations

import random
from pathlib import Path

import networkx as nx
import pytest
from pyspark.sql import SparkSession

from onefold.errors import RuntimeSetupError
from onefold.resolve import ClusteringSettings, connected_components
from onefold.resolve.components import _persistent_rdds

Edge = tuple[int, int]


def _shapes(seed: int) -> list[Edge]:
    """One graph of many: chains, stars, cliques, trees and random ones, on shuffled signed 64-bit ids."""
    chance = random.Random(seed)
    parts = [
        nx.path_graph(30),
        *(nx.path_graph(chance.randint(2, 9)) for _ in range(60)),
        *(nx.star_graph(chance.randint(1, 30)) for _ in range(15)),
        *(nx.complete_graph(chance.randint(2, 9)) for _ in range(20)),
        *(nx.gnp_random_graph(30, chance.uniform(0.03, 0.2), seed=chance.randint(0, 10**6)) for _ in range(10)),
        nx.random_labeled_tree(40, seed=seed),
        nx.cycle_graph(12),
    ]
    graph = nx.disjoint_union_all(parts)
    number = {node: chance.randint(-(2**63), 2**63 - 1) for node in sorted(graph)}
    edges = [(number[a], number[b]) for a, b in graph.edges]
    edges = [(b, a) if chance.random() < 0.5 else (a, b) for a, b in edges]
    return edges + edges[:20] + [(a, a) for a, _ in edges[:5]]  # repeats and loops


def _expected(edges: list[Edge]) -> dict[int, int]:
    graph = nx.Graph(edges)
    return {node: min(part) for part in nx.connected_components(graph) for node in part}


@pytest.fixture(scope="module")
def checkpoints(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints")
    spark.sparkContext.setCheckpointDir(str(folder))
    return folder


@pytest.mark.parametrize(
    ("algorithm", "rounds", "adaptive"),
    [("graphframes", 0, True), ("graphframes", 1, False), ("graphx", 0, False), ("graphx", 2, True)],
)
def test_components_equal_networkx(spark: SparkSession, checkpoints: Path, algorithm: str, rounds: int, adaptive: bool) -> None:
    edges = _shapes(seed=rounds * 10 + adaptive)
    settings = ClusteringSettings.model_validate({"algorithm": algorithm, "contraction_rounds": rounds})
    frame = spark.createDataFrame(edges, "party_id_l bigint, party_id_r bigint")
    before = _persistent_rdds(spark.sparkContext)
    spark.conf.set("spark.sql.adaptive.enabled", str(adaptive).lower())
    try:
        found = {row.id: row.component for row in connected_components(frame, settings).collect()}
    finally:
        spark.conf.set("spark.sql.adaptive.enabled", "true")

    assert found == _expected(edges)
    assert _persistent_rdds(spark.sparkContext) == before  # nothing stays cached


def test_no_edges_make_no_components(spark: SparkSession, checkpoints: Path) -> None:
    frame = spark.createDataFrame([(7, 7)], "party_id_l bigint, party_id_r bigint")

    assert connected_components(frame, ClusteringSettings()).collect() == []


def test_missing_checkpoint_directory_is_a_clear_error(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(spark.sparkContext), "getCheckpointDir", lambda self: None)
    frame = spark.createDataFrame([(1, 2)], "party_id_l bigint, party_id_r bigint")

    with pytest.raises(RuntimeSetupError, match="checkpoint directory"):
        connected_components(frame, ClusteringSettings())
