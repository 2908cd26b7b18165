from __future__ import annotations

import pytest

from onefold.resolve.constraints import Attribute, Constraints, contradict


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("123456789", "123456789", False),
        ("123456789", "123456780", False),  # one digit
        ("123456789", "123456798", False),  # neighbours swapped
        ("123456789", "12345679", False),  # one dropped
        ("12345679", "123456789", False),  # one added
        ("123456789", "123456700", True),
        ("1970-03-05", "1970-05-03", False),  # day and month
        ("1970-03-05", "1970-03-06", False),
        ("1970-03-05", "1971-03-06", True),
        ("1970-03-05", "1980-05-03", True),
        ("", "ab", True),
    ],
)
def test_one_slip_is_no_contradiction(one: str, other: str, differs: bool) -> None:
    assert contradict(one, other, "typo") is differs
    assert contradict(other, one, "typo") is differs
    assert contradict(one, other, "none") is (one != other)


def test_an_unconfirmed_value_forbids_nothing() -> None:
    values = [["1970-01-01"], ["1970-01-01"], ["1985-06-30"], ["1985-06-30"]]
    constraints = Constraints(values=values, attributes=[Attribute("birth_date", "typo", confirmed=2)])
    states = [constraints.state(i) for i in range(4)]
    one, other = constraints.merge(states[0], states[1]), constraints.merge(states[2], states[3])

    assert constraints.forbids(one, states[2]) is None
    assert constraints.forbids(one, other) == "contradiction:birth_date"
    assert constraints.broken(constraints.merge(one, other)) == ["contradiction:birth_date"]
    assert constraints.broken(one) == []


def test_what_forbids_lasts_when_clusters_grow() -> None:
    constraints = Constraints(sources=["a", "b", "a"], source_limits={"a": 1}, cannot={0: frozenset((1,)), 1: frozenset((0,))})
    states = [constraints.state(i) for i in range(3)]

    assert constraints.forbids(states[0], states[1]) == "cannot_link"
    assert constraints.forbids(states[0], states[2]) == "source_limit:a"
    assert constraints.forbids(constraints.merge(states[1], states[2]), states[0]) == "cannot_link"
