"""Who was taken out of a customer stays out, whatever arrives later, until that is revoked: on the solver itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from onefold.resolve.solve import Opened, Recipe, solve
from onefold.steward import Decision, in_force, links

RECIPE = Recipe(absent=-0.5, attributes=(), source_limits={}, max_size=None)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
Weights = dict[tuple[int, int], float]


def names(records: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"r{record}" for record in records)


def clusters(size: int, weights: Weights, decisions: Sequence[Decision]) -> list[list[int]]:
    """Return the customers of so many records in one component, by the pairs and the decisions in force."""
    told = [
        (*sorted((int(p.one[1:]), int(p.other[1:]))), p.together) for p in links(in_force(decisions, NOW + timedelta(days=9)))
    ]
    cannot: dict[int, frozenset[int]] = {}
    for one, other, together in told:
        if not together:
            cannot[one] = cannot.get(one, frozenset()) | {other}
            cannot[other] = cannot.get(other, frozenset()) | {one}
    scored = [(a, b, weight, weight > 0) for (a, b), weight in sorted(weights.items()) if b < size]
    must = sorted((one, other) for one, other, together in told if together)
    opened = Opened(["crm"] * size, [()] * size, scored, must, cannot)
    return [sorted(entity.records) for entity in solve(opened, RECIPE)]


@given(
    st.dictionaries(st.sampled_from(list(combinations(range(8), 2))), st.sampled_from([-4.0, 1.0, 3.0, 9.0, 12.0]), min_size=3),
    st.randoms(use_true_random=False),
)
def test_an_unmerge_outlasts_growth_and_ends_with_its_revoke(weights: Weights, draw: Random) -> None:
    before = clusters(6, weights, [])
    large = [records for records in before if len(records) > 1]
    if not large:
        return
    left = draw.choice(draw.choice(large))
    home = next(records for records in before if left in records)
    along = tuple(r for r in home if r != left and draw.random() < 0.3)
    stay = tuple(r for r in home if r not in (left, *along))
    if not stay:
        return
    unmerge = Decision(
        *("D1", "unmerge", "person", f"r{left}", "why", "ann", NOW, "command"), with_records=names(along), apart_from=names(stay)
    )
    for size in (6, 7, 8):  # two more records arrive, with whatever pairs
        after = clusters(size, weights, [unmerge])
        own = next(set(records) for records in after if left in records)
        assert own >= {left, *along}
        assert own.isdisjoint(stay)
    revoke = Decision("D2", "revoke", None, None, "why", "ann", NOW + timedelta(hours=1), "command", revokes="D1")
    assert clusters(8, weights, [unmerge, revoke]) == clusters(8, weights, [])
