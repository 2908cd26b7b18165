from __future__ import annotations

import numpy as np
import pytest

from onefold.match.em import Patterns
from onefold.match.settings import Comparison, TrainingSettings
from onefold.match.train import Evidence, train
from onefold.match.usual import keep_usual_u, usual_m, usual_u

NAME = Comparison.model_validate(
    {"name": "name", "column": "company_key", "levels": [{"company_similarity": s} for s in (0.95, 0.8, 0.6)]}
)


def test_of_one_similarity_a_level_has_what_the_better_ones_leave() -> None:
    m, u = usual_m(NAME), usual_u(NAME)
    assert m.sum() == pytest.approx(1.0)
    assert u.sum() == pytest.approx(1.0)
    assert m[:3].cumsum() == pytest.approx([0.62, 0.87, 0.95])
    assert list(np.argsort(m / u)[::-1]) == [0, 1, 2, 3]


def test_levels_of_other_kinds_keep_what_the_records_tell() -> None:
    mixed = Comparison.model_validate(
        {"name": "name", "column": "company_key", "levels": ["numbers_differ", {"company_similarity": 0.9}]}
    )
    kept = keep_usual_u(mixed, np.array([0.2, 0.1, 0.7]))
    assert kept.sum() == pytest.approx(1.0)
    assert kept[1] == pytest.approx(9e-6)
    assert kept[0] / kept[2] == pytest.approx(2 / 7)


@pytest.mark.parametrize("model", ["trained", "usual"])
def test_few_names_alone_are_told_apart_and_said_so(model: str) -> None:
    # 40 left and 40 right names: 30 alike, 5 somewhat, the rest not.
    levels = np.array([[0], [2], [3]])
    blocked = Patterns(levels, np.array([30.0, 5.0, 400.0]), np.array([1, 1, 1]))
    random = Patterns(np.array([[0], [3]]), np.array([30.0, 1570.0]), np.zeros(2, dtype=np.int64))
    evidence = Evidence(blocked, 1.0, random, 1600.0, {})
    found = train("company", (NAME,), (), evidence, TrainingSettings.model_validate({"model": model}))
    weights = [found.prior_weight + level.weight for level in found.comparisons[0].levels]
    assert weights[0] > 4.3  # more than 0.95
    assert weights[3] < 0.0
    assert found.prior_weight == pytest.approx(np.log2(33 / 1600), abs=0.5)
    assert {level.trained for level in found.comparisons[0].levels} == {"default"}
    assert any("usual model" in warning for warning in found.warnings)
