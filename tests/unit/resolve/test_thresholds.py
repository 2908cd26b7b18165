from __future__ import annotations

from dataclasses import replace

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.resolve import ClusteringSettings, choose_thresholds
from onefold.resolve.calibration import Bin, Calibration
from onefold.resolve.few import count_bins
from onefold.resolve.thresholds import Threshold, _counted, _histogram, best_expected


def test_expected_f1_is_that_of_the_probabilities() -> None:
    bins = [Bin(6.0, 10, 10.0), Bin(1.0, 10, 6.0), Bin(-2.0, 10, 2.0)]

    best = best_expected(bins)

    assert best.weight == 1.0
    assert best.expected_f1 == pytest.approx(2 * 16 / (20 + 18))


def test_of_equally_good_thresholds_the_highest() -> None:
    assert best_expected([Bin(6.0, 10, 10.0), Bin(1.0, 10, 0.0)]).weight == 6.0


def test_without_matches_nothing_is_promised() -> None:
    assert best_expected([]) == Threshold(0.0, 0.0)


def test_a_pair_that_joins_never_speaks_against() -> None:
    modest = Threshold(4.0, calibration=Calibration(((0.0, -6.0), (8.0, 2.0))))

    assert modest.evidence(4.0) == pytest.approx(0.01)
    assert modest.evidence(0.0) == pytest.approx(-3.99)
    assert Threshold(4.0).evidence(4.0) == 4.0


@pytest.fixture(scope="module")
def overrated(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> DataFrame:
    """People in sure pairs, with pairs of weight 5 across them, of which the model makes too much, and of weight 3 inside."""
    spark.sparkContext.setCheckpointDir(str(tmp_path_factory.mktemp("checkpoints")))
    rows = [("person", 3 * n + a, 3 * n + b, w) for n in range(60) for a, b, w in ((0, 1, 12.0), (0, 2, 12.0), (1, 2, 7.0))]
    rows += [("person", 3 * n, 3 * n + 3, 5.0) for n in range(59)]
    rows += [("company", 1000, 1001, 1.0)]
    frame = spark.createDataFrame(rows, "entity_type string, party_id_l bigint, party_id_r bigint, match_weight double")
    return frame.selectExpr("*", "1 / (1 + pow(2D, -match_weight)) AS match_probability")


def test_weights_are_worth_what_stronger_pairs_confirm(overrated: DataFrame) -> None:
    settings = ClusteringSettings.model_validate({"person": {"threshold": "auto"}, "company": {"threshold": 0.5}})

    chosen = choose_thresholds(overrated, settings)

    person = chosen["person"]
    assert person.weight == 7.0  # not 5, which a model of these probabilities would say
    assert person.calibration.of(5.5) < -2
    assert person.calibration.of(7.5) > 3
    assert person.absent == pytest.approx(-4.48, abs=0.01)  # no pair is absent inside a group
    assert person.expected_f1 == pytest.approx(0.98, abs=0.02)
    assert (chosen["company"].weight, chosen["company"].expected_f1) == (0.0, None)


def test_configured_values_stay(overrated: DataFrame) -> None:
    settings = ClusteringSettings.model_validate(
        {"person": {"threshold_weight": 4.0}, "splitting": {"absent_weight": -1.0, "sure_weight": 10}}
    )

    person = choose_thresholds(overrated, settings)["person"]

    assert (person.weight, person.expected_f1, person.absent) == (4.0, None, -1.0)
    assert person.evidence(4.0) == pytest.approx(0.01)
    assert choose_thresholds(overrated, ClusteringSettings.model_validate({"splitting": {"enabled": False}}))[
        "person"
    ].weight == pytest.approx(4.248, abs=0.001)


def test_one_task_counts_what_joins_count(overrated: DataFrame) -> None:
    people = overrated.where("entity_type = 'person'")

    few, many = _histogram(count_bins(people, 8.0, 8)), _histogram(_counted(people, 8.0))

    assert len(few[0]) == 3
    for one, other in zip(*(sorted(bins, key=lambda b: b.weight) for bins, _ in (few, many)), strict=True):
        assert one.matches == pytest.approx(other.matches)  # sums of doubles differ by their order
        assert replace(one, matches=0.0) == replace(other, matches=0.0)
    assert few[1] == many[1] == 180.0
