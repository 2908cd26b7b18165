from __future__ import annotations

import numpy as np
import pytest

from onefold.match.capture import Entities, Histories, attributes_of, estimate_recall

NAME, BIRTH, MAIL, BOTH = (frozenset(x) for x in ({"name"}, {"birth_date"}, {"email"}, {"name", "birth_date"}))


def histories(seed: int, chances: list[float], matches: int) -> tuple[Histories, float]:
    """What rules that miss independently find of so many matches, and the real recall."""
    random = np.random.default_rng(seed)
    bits = sum((random.random(matches) < chance).astype(np.int64) << n for n, chance in enumerate(chances))
    values, counts = np.unique(bits[bits != 0], return_counts=True)
    return Histories(values, counts.astype(float)), float((bits != 0).mean())


def test_attributes_that_go_wrong_together_are_one() -> None:
    assert attributes_of(["given_name_key|initial", "postcode", "street_key", "country"]) == {"name", "address"}
    assert attributes_of(["birth_text|prefix(4)", "emails.value"]) == {"birth", "email"}
    assert attributes_of(["country"]) == {"country"}


def test_rules_that_miss_independently_tell_what_they_miss() -> None:
    found, real = histories(3, [0.8, 0.7, 0.5], 20_000)
    estimate = estimate_recall(found, [NAME, BIRTH, MAIL])
    assert estimate is not None
    assert estimate.recall == pytest.approx(real, abs=0.01)
    low, high = estimate.interval
    assert low <= real <= high
    assert estimate.missed == pytest.approx(20_000 * (1 - real), rel=0.25)
    assert [m.name for m in estimate.methods] == ["disjoint lists", "found once, found twice"]


def test_pairs_inside_entities_lower_the_estimate() -> None:
    found, _ = histories(4, [0.9, 0.9, 0.9], 5_000)
    estimate = estimate_recall(found, [NAME, BIRTH, MAIL], Entities(pairs=1_000.0, found=870.0))
    assert estimate is not None
    assert estimate.recall == pytest.approx(0.87)
    assert estimate.interval[0] < 0.87 < 0.98 < estimate.interval[1]


def test_rules_that_share_every_attribute_make_no_lists() -> None:
    found, _ = histories(5, [0.8, 0.7], 1_000)
    assert estimate_recall(found, [BOTH, NAME]) is None
    three, _ = histories(5, [0.8, 0.7, 0.6], 1_000)
    estimate = estimate_recall(three, [BOTH, NAME, BOTH])
    assert estimate is not None
    assert [m.name for m in estimate.methods] == ["found once, found twice"]


def test_few_matches_tell_nothing() -> None:
    assert estimate_recall(Histories(np.array([1, 3]), np.array([5.0, 9.0])), [NAME, BIRTH, MAIL]) is None
