from __future__ import annotations

import numpy as np
import pytest

from onefold.match.judge.expected import expected
from onefold.match.judge.intervals import Z
from onefold.match.judge.labelled import from_labels
from onefold.match.judge.review_plan import allocate, review_plan
from onefold.match.judge.strata import Answered, Stratum

STRATA = (
    Stratum("person", 0, False, 40_000, 400.0),
    Stratum("person", 3, False, 2_000, 700.0),
    Stratum("person", 4, True, 1_500, 1_350.0),
    Stratum("person", 9, True, 30_000, 29_990.0),
)
SHARES = {0: 0.01, 3: 0.35, 4: 0.9, 9: 0.999}


def test_expected_measures_follow_from_the_probabilities() -> None:
    [(kind, found)] = expected(STRATA).items()
    assert kind == "person"
    assert found.precision == pytest.approx(31_340 / 31_500)
    assert found.recall == pytest.approx(31_340 / 32_440)
    assert found.f1 == pytest.approx(2 * 31_340 / (31_500 + 32_440))
    assert (found.joined_pairs, found.stored_pairs) == (31_500, 73_500)


def test_allocation_is_neymans_and_never_more_than_there_are() -> None:
    assert allocate([3.0, 1.0, 0.0], [10_000, 10_000, 10_000], 1.96) == [12, 5, 0]
    assert allocate([0.4, 0.1], [3, 1_000_000], 0.01)[0] == 3
    assert allocate([0.0, 0.0], [5, 5], 0.1) == [0, 0]


def test_a_review_by_the_plan_keeps_its_margin_and_is_right_nineteen_times_in_twenty() -> None:
    margin = 0.02
    plan = review_plan(STRATA, margin)["person"]
    assert sum(a.labels for a in plan) < 4_000
    assert all(a.for_precision == 0 for a in plan if not a.stratum.joins)
    draw = np.random.default_rng(5)
    matches = {s.number: round(s.pairs * SHARES[s.number]) for s in STRATA}
    true_recall = (matches[4] + matches[9]) / sum(matches.values())
    inside, errors = 0, []
    for _ in range(400):
        answered = {}
        for a in plan:
            s = a.stratum
            hits = draw.hypergeometric(matches[s.number], s.pairs - matches[s.number], a.labels) if a.labels else 0
            answered[("person", s.number, s.joins)] = Answered(a.labels, int(hits))
        found = from_labels(STRATA, answered)["person"]
        low, high = found.intervals["recall"]
        inside += low <= true_recall <= high
        errors.append(found.recall - true_recall)
    assert inside / 400 > 0.92
    assert Z * np.std(errors) < margin * 1.15
    assert abs(np.mean(errors)) < 0.002


def test_the_plan_sharpens_with_the_answers() -> None:
    before = {a.stratum.number: a.labels for a in review_plan(STRATA, 0.02)["person"]}
    surely = {("person", 9, True): Answered(200, 200), ("person", 4, True): Answered(60, 30)}
    after = {a.stratum.number: a.labels for a in review_plan(STRATA, 0.02, surely)["person"]}
    assert after[9] < before[9]
    assert after[4] / after[9] > before[4] / before[9]
    assert STRATA[3].careful_share < 29_990 / 30_000


def test_strata_without_answers_are_taken_from_the_model_and_said() -> None:
    found = from_labels(STRATA, {("person", 4, True): Answered(50, 40)})["person"]
    assert found.labels == 50
    assert found.assumed == pytest.approx((400 + 700 + 29_990) / (400 + 700 + 1_200 + 29_990))
    assert found.precision == pytest.approx((29_990 + 1_200) / 31_500)
    assert from_labels(STRATA, {}) == {}
