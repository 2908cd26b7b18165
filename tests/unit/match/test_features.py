from __future__ import annotations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.match.days import swapped_digits
from onefold.match.features import FeatureSet, nickname_frame
from onefold.match.nicknames import nickname_table


def test_days_and_counts_of_prepared_records(spark: SparkSession) -> None:
    days = [
        None,
        "0000-03-04",
        "0001-03-04",
        "1980-02-03",
        "1980-02-03",
        "9999-12-30",
        "+12345-06-07",
        "-0044-03-15",
        "1900-01-01",
    ]
    towns = ["rom", "rom", "ulm", None, "ulm", "rom", "bonn", "n/a", "n/a"]
    rows = [(n, f"r{n}", "crm", day, town) for n, (day, town) in enumerate(zip(days, towns, strict=True))]
    frame = spark.createDataFrame(rows, "party_id bigint, record_id string, source string, day string, city_key string")
    parties = frame.withColumn("birth_date", F.col("day").cast("date"))
    features = FeatureSet(parties.schema)
    plain = F.col(features.need("day_digits", "birth_date"))
    date, city, both = (features.need_count(keys) for keys in (("birth_date",), ("city_key",), ("birth_date", "city_key")))
    made = features.frame(parties).join(parties.select("party_id", "birth_date"), on="party_id", how="inner")
    honest = made.where(F.col("birth_date") != F.lit("1900-01-01").cast("date"))
    assert honest.count() == 7
    for digits, pattern in ((plain, "yyyyMMdd"), (swapped_digits(plain), "yyyyddMM")):
        text = F.date_format("birth_date", pattern)
        wanted = F.when(F.length(text) == 8, text)  # a longer year has no digits to compare
        found = F.lpad(F.lower(F.hex(digits)), 8, "0")
        assert honest.where(~found.eqNullSafe(wanted)).count() == 0
        assert honest.where(digits.isNotNull()).count() > 3
    counts = {row["party_id"]: (row[date], row[city], row[both]) for row in made.drop("birth_date").collect()}
    assert counts == {
        0: (None, 3, None),
        1: (1, 3, 1),
        2: (1, 2, 1),
        3: (2, None, None),
        4: (2, 2, 1),
        5: (1, 3, 1),
        6: (1, 1, 1),
        7: (1, None, None),
        8: (None, None, None),
    }


def test_the_nickname_frame_is_the_table(spark: SparkSession) -> None:
    rows = nickname_frame(spark.range(1)).collect()
    assert tuple((row["name"], tuple(row["stands_for"])) for row in rows) == nickname_table()
