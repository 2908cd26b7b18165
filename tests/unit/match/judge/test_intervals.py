from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from onefold.match.judge.intervals import Moments, around, wilson


def test_wilson_stays_within_bounds_and_holds_the_share() -> None:
    assert wilson(0.5, 0) == (0.0, 1.0)
    low, high = wilson(1.0, 50)
    assert high == 1.0
    assert 0.9 < low < 0.95
    assert wilson(0.0, 50) == pytest.approx((0.0, 1 - low))
    assert around(1.0, 0.0, 50) == (low, high)
    assert around(0.9, 0.9 * 0.1 / 400, 10) == wilson(0.9, 400)


def test_the_variance_of_a_ratio_is_that_of_a_bootstrap_over_clusters() -> None:
    draw = np.random.default_rng(3)
    true = draw.integers(1, 12, 400).astype(float)
    found = draw.binomial(true.astype(int), draw.beta(8, 2, 400)).astype(float)

    def recall(sums: Mapping[str, float]) -> float:
        return sums["found"] / sums["true"]

    moments = Moments(
        400,
        {"found": found.sum(), "true": true.sum()},
        {("found", "found"): found @ found, ("found", "true"): found @ true, ("true", "true"): true @ true},
    )
    chosen = draw.integers(0, 400, (4000, 400))
    again = found[chosen].sum(axis=1) / true[chosen].sum(axis=1)
    assert moments.variance(recall) ** 0.5 == pytest.approx(again.std(), rel=0.05)
    low, high = around(recall(moments.sums), moments.variance(recall), 400)
    assert (low, high) == pytest.approx(tuple(np.quantile(again, [0.025, 0.975])), abs=0.004)
