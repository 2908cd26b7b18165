from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.resolve.calibration import UNCHANGED, Bin, Calibration, absent_weight, fit


def test_the_column_equals_the_function(spark: SparkSession) -> None:
    calibration = Calibration(((-4.5, -6.0), (-3.5, -2.0), (0.5, -2.0), (8.5, 8.0)))
    weights = [-9.0, -4.5, -4.0, -3.5, 0.0, 0.5, 3.0, 8.5, 20.0]
    frame = spark.createDataFrame([(w,) for w in weights], "w double")

    found = [row.y for row in frame.select(calibration.column(F.col("w")).alias("y")).collect()]

    assert found == pytest.approx([calibration.of(w) for w in weights])
    assert calibration.of(20.0) == 19.5
    assert calibration.of(-9.0) == -10.5


def test_confirmed_shares_become_rising_odds() -> None:
    bins = [Bin(0.0, 1000, 500.0, 1000, 100), Bin(1.0, 1000, 700.0, 1000, 50), Bin(2.0, 1000, 800.0, 1000, 900)]

    calibration = fit(bins, 8.0)

    assert calibration.of(0.5) == calibration.of(1.5) == pytest.approx(-3.6, abs=0.1)  # 150 of 2,000
    assert calibration.of(2.5) == pytest.approx(3.17, abs=0.1)
    assert calibration.of(8.5) == pytest.approx(8.5)  # where nothing is tested, what the model says


def test_where_nothing_can_be_tested_weights_stay() -> None:
    assert fit([Bin(1.0, 10, 7.0)], 8.0) is UNCHANGED
    assert UNCHANGED.of(3.25) == 3.25


@pytest.mark.parametrize(
    ("present", "possible", "weight"), [(50, 100.0, 0.0), (10, 100.0, 0.0), (100, 100.0, -4.48), (0, 0.0, -1.66)]
)
def test_absence_says_more_where_it_is_rare(present: int, possible: float, weight: float) -> None:
    assert absent_weight(present, possible) == pytest.approx(weight, abs=0.01)
