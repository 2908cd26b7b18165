"""Components agree with networkx on random graphs, whatever the algorithm, the contraction, one task and adaptive execution."""

from __future__ import annotations

import random
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from onefold.errors import RuntimeSetupError
from onefold.resolve import ClusteringSettings, connected_components
from onefold.resolve.components import _persistent_rdds
from onefold.resolve.few import smallest_of_component

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
    ("algorithm", "rounds", "one_task", "adaptive"),
    [
        ("graphframes", 0, 0, True),
        ("graphframes", 1, 0, False),
        ("graphx", 0, 0, False),
        ("graphx", 2, 0, True),
        ("graphframes", 3, 500, True),
        ("graphframes", 0, 10_000, True),
    ],
)
def test_components_equal_networkx(
    spark: SparkSession, checkpoints: Path, algorithm: str, rounds: int, one_task: int, adaptive: bool
) -> None:
    edges = _shapes(seed=rounds * 10 + adaptive)
    chosen = {"algorithm": algorithm, "contraction_rounds": rounds, "one_task_edges": one_task}
    settings = ClusteringSettings.model_validate(chosen)
    frame = spark.createDataFrame(edges, "party_id_l bigint, party_id_r bigint")
    before = _persistent_rdds(spark.sparkContext)
    spark.conf.set("spark.sql.adaptive.enabled", str(adaptive).lower())
    try:
        found = {row.id: row.component for row in connected_components(frame, settings).collect()}
    finally:
        spark.conf.set("spark.sql.adaptive.enabled", "true")

    assert found == _expected(edges)
    assert _persistent_rdds(spark.sparkContext) == before  # nothing stays cached


def _many() -> list[Edge]:
    """About 100,000 vertices: a long chain, wide stars, large cliques, a giant random component and thousands of small ones."""
    chance = random.Random(20)
    parts = [nx.path_graph(300), *(nx.star_graph(2_000) for _ in range(3)), nx.complete_graph(120), nx.complete_graph(60)]
    parts += [nx.gnm_random_graph(20_000, 24_000, seed=3), *(nx.path_graph(chance.randint(2, 5)) for _ in range(21_000))]
    edges: list[Edge] = []
    start = 0
    for part in parts:
        edges += [(start + a, start + b) for a, b in part.edges]
        start += len(part)
    assert start > 99_000
    numbers = [chance.randint(-(2**63), 2**63 - 1) for _ in range(start)]
    chance.shuffle(edges)
    return [(numbers[a], numbers[b]) if chance.random() < 0.5 else (numbers[b], numbers[a]) for a, b in edges]


def test_100_000_vertices_equal_networkx_with_and_without_adaptive_execution(spark: SparkSession, checkpoints: Path) -> None:
    edges = _many()
    expected = _expected(edges)
    frame = spark.createDataFrame(pd.DataFrame(edges, columns=["party_id_l", "party_id_r"]))
    for adaptive, one_task in (("true", 0), ("false", 0), ("true", 200_000)):
        spark.conf.set("spark.sql.adaptive.enabled", adaptive)
        settings = ClusteringSettings.model_validate({"one_task_edges": one_task})
        try:
            found = connected_components(frame, settings).toPandas()
        finally:
            spark.conf.set("spark.sql.adaptive.enabled", "true")
        assert dict(zip(found["id"].tolist(), found["component"].tolist(), strict=True)) == expected


@pytest.mark.parametrize("one_task", [0, 10])
def test_no_edges_make_no_components(spark: SparkSession, checkpoints: Path, one_task: int) -> None:
    frame = spark.createDataFrame([(7, 7)], "party_id_l bigint, party_id_r bigint")

    assert connected_components(frame, ClusteringSettings.model_validate({"one_task_edges": one_task})).collect() == []


@pytest.mark.parametrize("seed", range(20))
def test_arrays_find_the_components_of_networkx(seed: int) -> None:
    chance = random.Random(seed)
    graph = nx.gnm_random_graph(400, chance.randint(0, 500), seed=seed)
    ends = np.array(list(graph.edges), dtype=np.int64).reshape(-1, 2)

    found = smallest_of_component(400, ends[:, 0], ends[:, 1])

    assert found.tolist() == [min(nx.node_connected_component(graph, node)) for node in range(400)]


def test_missing_checkpoint_directory_is_a_clear_error(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(spark.sparkContext), "getCheckpointDir", lambda self: None)
    frame = spark.createDataFrame([(1, 2)], "party_id_l bigint, party_id_r bigint")

    with pytest.raises(RuntimeSetupError, match="checkpoint directory"):
        connected_components(frame, ClusteringSettings())
