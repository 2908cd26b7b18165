from __future__ import annotations

import numpy as np

from onefold.match.cover import Evidence, Limits, Long, choose

PEOPLE = 600


def long(values: list[list[int]], *, many: bool) -> Long:
    rows = np.repeat(np.arange(len(values)), [len(v) for v in values])
    return Long(rows.astype(np.int64), np.array([x for v in values for x in v], dtype=np.int64), many)


def evidence() -> Evidence:
    """300 people twice: a rare e-mail that half of them keep, two words, and a city that all share a tenth of."""
    random = np.random.default_rng(5)
    words = [sorted(random.choice(400, 2, replace=False).tolist()) for _ in range(PEOPLE // 2)] * 2
    city = [[n % 10] for n in range(PEOPLE // 2)] * 2
    mails = [[n] for n in range(300)] + [[n if n % 2 else 10_000 + n] for n in range(300)]
    pairs = range(PEOPLE // 2)
    shared_mail = [[n] if n % 2 else [] for n in pairs]
    records = {"mail": long(mails, many=False), "words": long(words, many=True), "city": long(city, many=False)}
    matches = {
        "mail": long(shared_mail, many=False),
        "words": long(words[: PEOPLE // 2], many=True),
        "city": long(city[: PEOPLE // 2], many=False),
    }
    return Evidence(records, matches, {k: frozenset({k}) for k in records}, 1.0, PEOPLE // 2)


def test_the_dear_key_is_refined_and_the_cheap_one_comes_first() -> None:
    chosen = choose(evidence(), Limits(budget=2_000, cap=100))
    assert sum(one.pairs for one in chosen) <= 2_000
    assert sum(one.gain for one in chosen) == 1.0
    assert all("city" not in one.keys or len(one.keys) > 1 for one in chosen)


def test_a_small_budget_takes_what_it_can() -> None:
    chosen = choose(evidence(), Limits(budget=200, cap=100))
    assert [one.keys for one in chosen] == [("mail",)]
    assert (chosen[0].pairs, chosen[0].found) == (150.0, 0.5)


def test_blocks_over_the_cap_find_nothing() -> None:
    whole = evidence()
    only_city = Evidence(
        {"city": whole.records["city"]}, {"city": whole.matches["city"]}, whole.attributes, 1.0, whole.matches_sampled
    )
    assert choose(only_city, Limits(budget=10**6, cap=20)) == []
    assert [one.keys for one in choose(only_city, Limits(budget=10**6, cap=60))] == [("city",)]
