"""Each kind of text is told by its pattern and the few hints that a pattern cannot give."""

from __future__ import annotations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.profile.kinds import date_format, date_in, hint, kind, number_in
from onefold.profile.patterns import pattern

CASES = {
    "a.b@c.org": ("email", None, None),
    "https://a.org/x?y=1": ("url", None, None),
    "www.a.org": ("url", None, None),
    "3f2b8c1e-0000-4a1b-9c3d-abcdefabcdef": ("uuid", None, None),
    "192.168.0.1": ("ip", None, None),
    "DE89 3704 0044 0532 0130 00": ("iban", None, None),
    "IT28168470079": ("code", None, None),
    "Yes": ("boolean", None, None),
    "2024-02-29": ("date", "yyyy-MM-dd", 2024),
    "2023-02-29": ("no such date", "yyyy-MM-dd", None),
    "20240229": ("date", "yyyyMMdd", 2024),
    "31.12.1999": ("date", "dd.MM.yyyy", 1999),
    "1.2.2001": ("date", "dd.MM.yyyy", 2001),
    "13/02/2001": ("date", "dd/MM/yyyy", 2001),
    "02/13/2001": ("date", "MM/dd/yyyy", 2001),
    "02/03/2001": ("date", "dd/MM/yyyy or MM/dd/yyyy", 2001),
    "3 Mar 2001": ("date", "d MMM yyyy", 2001),
    "9999-12-31": ("date", "yyyy-MM-dd", 9999),
    "2024-01-01 10:00:00": ("timestamp", "yyyy-MM-dd HH:mm:ss", 2024),
    "2024-01-01T10:00:00Z": ("timestamp", "yyyy-MM-ddTHH:mm:ss", 2024),
    "42": ("integer", None, None),
    "-1,234.50": ("decimal", None, None),
    "1.234,50": ("decimal comma", None, None),
    "1.5E10": ("decimal", None, None),
    "00123": ("digits", None, None),
    "+49 30 123456": ("phone", None, None),
    "(030) 123-4567": ("phone", None, None),
    "030/1234567": ("phone", None, None),
    "SW1A 2AA": ("code", None, None),
    "AB-1234": ("code", None, None),
    "DE": ("code", None, None),
    "Müller": ("word", None, None),
    "Anna Maria Müller": ("words", None, None),
    '{"a": 1}': ("json", None, None),
    "a long remark of very many words": ("text", None, None),
}
NUMBERS = {"42": 42.0, "-1,234.50": -1234.5, "1.234,50": 1234.5, "1.5E10": 1.5e10, "00123": None, "1,234": 1234.0, "a": None}


def test_kinds_formats_and_years(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(text,) for text in CASES], "v string").withColumn("p", pattern(F.col("v")))
    told = frame.withColumn("f", date_format(F.col("v"), F.col("p"))).withColumn("y", F.year(date_in(F.col("v"), F.col("f"))))
    found = told.select("v", kind(F.col("p"), hint(F.col("v")), F.col("f"), F.col("y")), "f", "y").collect()
    assert {row[0]: tuple(row)[1:] for row in found} == CASES


def test_numbers_are_read_with_point_or_comma(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(text,) for text in NUMBERS], "v string")
    assert {row[0]: row[1] for row in frame.select("v", number_in(F.col("v"))).collect()} == NUMBERS
