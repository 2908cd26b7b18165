from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import ConfigurationError
from onefold.match.compare import plan_comparisons, random_pairs
from onefold.match.populations import population_key
from onefold.match.settings import Comparison

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]
NAME = Comparison.model_validate({"name": "name", "column": "family_name_key", "term_frequency": True, "levels": ["exact"]})
HOME = Comparison.model_validate({"name": "home", "column": "country", "levels": ["exact"]})


def test_populations_need_a_key_that_nearly_all_have_and_nobody_compares(make_parties: MakeParties) -> None:
    filled = make_parties([{"country": "DE"}, {"country": "FR"}])
    assert population_key("country", (NAME,), filled) == "country"
    assert population_key("country", (NAME, HOME), filled) is None
    assert population_key(None, (NAME,), filled) is None
    assert population_key("country", (NAME,), make_parties([{"country": "DE"}, {}])) is None
    with pytest.raises(ConfigurationError, match="nowhere"):
        population_key("nowhere", (NAME,), filled)


def test_values_are_counted_and_pairs_drawn_inside_a_population(make_parties: MakeParties) -> None:
    rows = [{"family_name_key": "smith", "country": "GB" if n % 4 else "DE"} for n in range(200)]
    parties = make_parties(rows)
    plan = plan_comparisons((NAME,), parties, "country")
    features = plan.features.frame(parties)
    counts = {r[0] for r in features.select(plan.features.counted[0]).collect()}
    assert counts == {50, 150}
    assert plan.within is not None
    drawn = random_pairs(features, records=200, wanted=1_000, seed=1, across=False, within=(plan.within, 0.625))
    assert drawn.where(F.col(f"l_{plan.within}") != F.col(f"r_{plan.within}")).isEmpty()
    assert 700 < drawn.count() < 1_300
