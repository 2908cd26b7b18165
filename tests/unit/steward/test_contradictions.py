"""Contradictions: found exactly where a chain joins what is kept apart, and named by decision ids."""

from __future__ import annotations

from datetime import UTC, datetime

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from onefold.steward import Decision, answers_of, find_conflicts

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PAIRS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda p: p[0] != p[1]), max_size=8)


def pair(name: str, one: str, other: str) -> Decision:
    kind = "must_link" if name.startswith("M") else "cannot_link"
    return Decision(name, kind, "person", one, "why", "ann", NOW, "command", other_record_id=other)


def test_a_chain_is_named_by_its_shortest_way() -> None:
    made = [pair("M1", "a", "b"), pair("M2", "b", "c"), pair("M3", "c", "d"), pair("M4", "a", "c"), pair("C1", "d", "a")]
    (conflict,) = find_conflicts(made)
    assert (conflict.apart, conflict.chain) == ("C1", ("M3", "M4"))
    assert conflict.text() == "C1 keeps apart what M3, M4 makes one customer; revoke one of them"


def test_a_long_chain_is_told_in_part() -> None:
    made = [pair(f"M{i}", f"r{i}", f"r{i + 1}") for i in range(9)] + [pair("C", "r0", "r9")]
    assert "M4 and 4 more" in find_conflicts(made)[0].text()


@given(PAIRS, PAIRS)
def test_conflicts_are_those_of_connected_components(musts: list[tuple[str, str]], cannots: list[tuple[str, str]]) -> None:
    graph = nx.Graph(musts)
    made = [pair(f"M{i}", *ends) for i, ends in enumerate(musts)] + [pair(f"C{i}", *ends) for i, ends in enumerate(cannots)]
    bad = {f"C{i}" for i, (a, b) in enumerate(cannots) if a in graph and b in graph and nx.has_path(graph, a, b)}
    assert {conflict.apart for conflict in find_conflicts(made)} == bad
    groups, apart = answers_of(made)
    assert dict(groups) == {record: min(nx.node_connected_component(graph, record)) for record in graph}
    assert all(low <= high for low, high in apart)
