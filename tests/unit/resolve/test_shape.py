from __future__ import annotations

import networkx as nx
import pytest

from onefold.resolve.shape import bridges, diameter, neighbours


@pytest.mark.parametrize(
    "graph",
    [
        nx.path_graph(7),
        nx.star_graph(5),
        nx.complete_graph(6),
        nx.cycle_graph(9),
        nx.barbell_graph(4, 2),
        nx.random_labeled_tree(30, seed=1),
        *(nx.connected_watts_strogatz_graph(40, 3, 0.3, seed=s) for s in range(5)),
        nx.empty_graph(1),
    ],
)
def test_shape_equals_networkx(graph: nx.Graph) -> None:
    ours = neighbours(len(graph), list(graph.edges))

    assert diameter(ours) == nx.diameter(graph)
    assert bridges(ours) == len(list(nx.bridges(graph)))


def test_a_long_chain_needs_no_recursion() -> None:
    ours = neighbours(5000, [(i, i + 1) for i in range(4999)])

    assert (diameter(ours), bridges(ours)) == (4999, 4999)
