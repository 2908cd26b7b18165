from __future__ import annotations

from chispa import assert_df_equality
from pyspark.sql import SparkSession

from onefold.campaign import AudienceSettings, first_reasons, reasons_in_order, waterfall

AUDIENCE = AudienceSettings.model_validate({"name": "a", "channel": "email", "filters": [{"attribute": "city", "present": True}]})


def test_counts_fall_in_the_order_of_reasons_down_to_the_selected() -> None:
    counts = {"frequency_cap": 1, "entity_type": 5, None: 10, "filter:city": 4}

    steps = waterfall(counts, AUDIENCE)

    assert [(s.reason, s.excluded, s.remaining) for s in steps] == [
        ("considered", 0, 20),
        ("entity_type", 5, 15),
        ("filter:city", 4, 11),
        ("frequency_cap", 1, 10),
        ("selected", 0, 10),
    ]


def test_nobody_considered_is_a_waterfall_too() -> None:
    assert [s.remaining for s in waterfall({}, AUDIENCE)] == [0, 0]
    assert "filter:city" in reasons_in_order(AUDIENCE)


def test_customers_count_under_their_first_reason(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(None,), ("no_contact_point",), (None,)], "reason string")

    expected = spark.createDataFrame([(None, 2), ("no_contact_point", 1)], "reason string, customers bigint")
    assert_df_equality(first_reasons(rows), expected, ignore_row_order=True, ignore_nullable=True)
