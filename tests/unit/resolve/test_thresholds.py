from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from onefold.resolve import ClusteringSettings, choose_thresholds
from onefold.resolve.thresholds import Bin, Threshold, best_expected


def test_expected_f1_is_that_of_the_probabilities() -> None:
    bins = [Bin(6.0, 10, 10.0), Bin(1.0, 10, 6.0), Bin(-2.0, 10, 2.0)]

    best = best_expected(bins)

    assert best.weight == 1.0
    assert best.expected_f1 == pytest.approx(2 * 16 / (20 + 18))


def test_of_equally_good_thresholds_the_highest() -> None:
    assert best_expected([Bin(6.0, 10, 10.0), Bin(1.0, 10, 0.0)]).weight == 6.0


def test_without_matches_nothing_is_promised() -> None:
    assert best_expected([]) == Threshold(0.0, 0.0)


def test_only_automatic_thresholds_are_chosen(spark: SparkSession) -> None:
    rows = [("person", 8.0, 0.99), ("person", -3.0, 0.1), ("company", 1.0, 0.6)]
    pairs = spark.createDataFrame(rows, "entity_type string, match_weight double, match_probability double")
    settings = ClusteringSettings.model_validate({"person": {"threshold": "auto"}, "company": {"threshold": 0.5}})

    chosen = choose_thresholds(pairs, settings)

    assert chosen["company"] == Threshold(0.0)
    assert chosen["person"].weight == 8.0
    assert chosen["person"].expected_f1 == pytest.approx(2 * 0.99 / (1 + 1.09))
