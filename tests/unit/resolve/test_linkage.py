from __future__ import annotations

import random

import pytest

from onefold.resolve.constraints import Attribute, Constraints
from onefold.resolve.linkage import Pair, Partition, partition

FREE = Constraints()


def parts(size: int, weighed: list[tuple[int, int, float]], constraints: Constraints = FREE) -> Partition:
    """Partition where pairs join from 4 on and an absent one counts -2."""
    pairs: list[Pair] = [(left, right, weight, weight >= 4.0) for left, right, weight in weighed]
    return partition(size, pairs, -2.0, constraints)


def clique(first: int, size: int, weight: float) -> list[tuple[int, int, float]]:
    return [(a, b, weight) for a in range(first, first + size) for b in range(a + 1, first + size)]


def test_a_bridge_between_two_cliques_is_cut() -> None:
    found = parts(6, [*clique(0, 3, 12.0), *clique(3, 3, 12.0), (2, 3, 6.0)])

    assert found.labels == [0, 0, 0, 3, 3, 3]
    assert found.refused == {"weak"}


def test_a_strong_bridge_holds() -> None:
    found = parts(6, [*clique(0, 3, 12.0), *clique(3, 3, 12.0), (2, 3, 30.0)])

    assert (set(found.labels), found.refused) == ({0}, set())  # 30 outweighs eight absent pairs of -2


def test_weak_pairs_across_help_and_negative_ones_cut() -> None:
    bridged = [*clique(0, 2, 12.0), *clique(2, 2, 12.0), (1, 2, 5.0)]

    assert parts(4, [*bridged, (0, 2, 2.0), (1, 3, 2.0), (0, 3, 2.0)]).labels == [0, 0, 0, 0]
    assert parts(4, [*bridged, (0, 2, -3.0), (1, 3, -3.0), (0, 3, 1.0)]).labels == [0, 0, 2, 2]


def test_pairs_under_the_threshold_join_nobody() -> None:
    found = parts(3, [(0, 1, 9.0), (1, 2, 3.9), (0, 2, 3.9)])

    assert (found.labels, found.refused) == ([0, 0, 2], set())


def test_the_order_of_pairs_says_nothing() -> None:
    chance = random.Random(5)
    pairs = [(a, b, round(chance.uniform(-5, 15), 1)) for a in range(14) for b in range(a + 1, 14) if chance.random() < 0.5]
    expected = parts(14, sorted(pairs)).labels
    for _ in range(5):
        chance.shuffle(pairs)
        assert parts(14, pairs).labels == expected


def test_no_merge_is_left_and_every_cluster_hangs_together() -> None:
    chance = random.Random(7)
    pairs = [(a, b, chance.uniform(-5, 12)) for a in range(60) for b in range(a + 1, 60) if chance.random() < 0.2]
    labels = parts(60, pairs).labels
    weight = {(a, b): w for a, b, w in pairs}
    clusters = {label: [i for i in range(60) if labels[i] == label] for label in set(labels)}
    for one, members in clusters.items():
        for other, others in clusters.items():
            cross = [weight.get((min(a, b), max(a, b))) for a in members for b in others]
            if one < other and any(w is not None and w >= 4.0 for w in cross):
                assert sum(-2.0 if w is None else w for w in cross) <= 1e-9


def test_contradictions_keep_apart_what_else_would_be_one() -> None:
    values = [["111111111"], [None], ["222222222"], [None]]
    constraints = Constraints(values=values, attributes=[Attribute("duns")])
    found = parts(4, [(0, 1, 9.0), (1, 2, 8.0), (0, 2, 7.0), (2, 3, 9.5)], constraints)

    assert (found.labels, found.refused) == ([0, 0, 2, 2], {"contradiction:duns"})


def test_a_clean_source_has_one_record_in_an_entity() -> None:
    constraints = Constraints(sources=["erp", "crm", "erp"], source_limits={"erp": 1})
    found = parts(3, [(0, 1, 9.0), (1, 2, 10.0), (0, 2, 20.0)], constraints)

    assert (found.labels, found.refused) == ([0, 1, 1], {"source_limit:erp"})


def test_size_is_bounded() -> None:
    found = parts(4, clique(0, 4, 9.0), Constraints(max_size=3))

    assert sorted(found.labels.count(label) for label in set(found.labels)) == [1, 3]
    assert found.refused == {"max_size"}


def test_people_outrank_scores() -> None:
    pairs = [(0, 1, 9.0), (1, 2, 9.0), (0, 2, 9.0)]
    cannot = {0: frozenset((2,)), 2: frozenset((0,))}

    assert parts(3, pairs, Constraints(cannot=cannot)).labels in ([0, 0, 2], [0, 1, 1])
    assert parts(3, [], Constraints(must=[(0, 2)])).labels == [0, 1, 0]


@pytest.mark.parametrize("size", [1, 2, 50])
def test_cliques_stay_whole(size: int) -> None:
    assert set(parts(size, clique(0, size, 4.0)).labels) == {0}


def test_a_large_component_is_quick() -> None:
    chance = random.Random(3)
    pairs = {
        (min(a, b), max(a, b)) for a, b in ((chance.randrange(3000), chance.randrange(3000)) for _ in range(20_000)) if a != b
    }
    found = parts(3000, [(a, b, chance.uniform(-5, 20)) for a, b in sorted(pairs)])

    assert len(set(found.labels)) > 100


def test_a_component_that_nothing_outweighs_stays_whole_without_merging() -> None:
    """The short cut agrees with the merges, which a limit that nobody reaches makes it ask for."""
    chance = random.Random(11)
    asked = Constraints(sources=["crm"] * 6, source_limits={"crm": 6})
    whole = 0
    for _ in range(300):
        drawn = [(a, b, chance.uniform(-4, 20)) for a in range(6) for b in range(a + 1, 6) if chance.random() < 0.7]
        found = parts(6, drawn)
        assert found == parts(6, drawn, asked)
        whole += set(found.labels) == {0}
    assert 30 < whole < 300
