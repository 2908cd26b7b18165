from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from onefold.match.judge.graph import Link, bridges, places, spanning_tree


def link(left: str, right: str, weight: float, *, joins: bool = True) -> Link:
    return Link(left, right, weight, 0.9, "email", joins)


def random_links(seed: int, size: int, edges: int) -> tuple[list[str], list[Link]]:
    draw = np.random.default_rng(seed)
    records = [f"r{i}" for i in range(size)]
    ends = {tuple(sorted(draw.choice(size, 2, replace=False).tolist())) for _ in range(edges)}
    return records, [link(f"r{a}", f"r{b}", float(draw.integers(1, 20))) for a, b in sorted(ends)]


@pytest.mark.parametrize("seed", range(12))
def test_bridges_are_those_of_networkx(seed: int) -> None:
    records, links = random_links(seed, 14, 8 + 2 * (seed % 5))
    graph = nx.Graph([(each.left, each.right) for each in links])
    graph.add_nodes_from(records)
    found = bridges(records, links)
    assert {frozenset((b.link.left, b.link.right)) for b in found} == {frozenset(e) for e in nx.bridges(graph)}
    assert [b.link.weight for b in found] == sorted(b.link.weight for b in found)
    for bridge in found:
        graph.remove_edge(bridge.link.left, bridge.link.right)
        sides = [nx.node_connected_component(graph, end) for end in (bridge.link.left, bridge.link.right)]
        assert set(bridge.cut_off) in sides
        assert len(bridge.cut_off) == min(map(len, sides))
        graph.add_edge(bridge.link.left, bridge.link.right)


@pytest.mark.parametrize("seed", range(5))
def test_the_tree_is_the_heaviest(seed: int) -> None:
    records, links = random_links(seed, 12, 25)
    graph = nx.Graph()
    graph.add_nodes_from(records)
    graph.add_weighted_edges_from((each.left, each.right, each.weight) for each in links)
    rows = spanning_tree(records, links)
    assert sorted(record for record, _, _ in rows) == sorted(records)
    total = sum(by.weight for _, by, _ in rows if by is not None)
    assert total == sum(d["weight"] for _, _, d in nx.maximum_spanning_tree(graph).edges(data=True))


def test_a_joining_link_goes_before_a_heavier_one_that_does_not_join() -> None:
    rows = spanning_tree(["a", "b", "c"], [link("a", "b", 5), link("b", "c", 5), link("a", "c", 9, joins=False)])
    assert all(by is None or by.joins for _, by, _ in rows)


def test_records_are_drawn_apart_at_the_same_places_every_time() -> None:
    records, links = random_links(1, 20, 30)
    first = places(records, links)
    assert np.array_equal(first, places(records, links))
    assert first.min() >= 0.0
    assert first.max() <= 1.0
    distances = np.linalg.norm(first[:, None] - first[None], axis=2)[np.triu_indices(20, 1)]
    assert distances.min() > 0.02
    assert places(["a"], []).tolist() == [[0.5, 0.5]]
    chain = places(["a", "b", "c"], [link("a", "b", 5), link("b", "c", 5)])
    assert np.linalg.norm(chain[0] - chain[2]) > np.linalg.norm(chain[0] - chain[1])
