from __future__ import annotations

import networkx as nx
import numpy as np

from onefold.match.truth import close_pairs


def test_closing_pairs_agrees_with_networkx() -> None:
    random = np.random.default_rng(3)
    chain = np.stack([np.arange(50, 80), np.arange(51, 81)], axis=1)[::-1]
    edges = np.concatenate([random.integers(0, 50, (30, 2)), chain])
    graph = nx.Graph()
    graph.add_nodes_from(range(100))
    graph.add_edges_from(edges.tolist())
    expected = {node: min(part) for part in nx.connected_components(graph) for node in part}
    assert close_pairs(edges, 100).tolist() == [expected[node] for node in range(100)]


def test_no_pairs_leave_all_alone() -> None:
    assert close_pairs(np.zeros((0, 2), dtype=np.int64), 3).tolist() == [0, 1, 2]
