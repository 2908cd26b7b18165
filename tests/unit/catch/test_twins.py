"""What has a second form in Python gives what Spark and its jar give, value by value."""

from __future__ import annotations

import re

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.catch.capture import capture
from onefold.catch.hashes import murmur3, xxhash64
from onefold.catch.patterns import python_pattern
from onefold.catch.program import Program, Runner
from onefold.catch.similarity import damerau, jaro_winkler, soundex

TEXTS = (
    *(
        "",
        "a",
        "anna",
        "martha",
        "marhta",
        "dixon",
        "dicksonx",
        "o'brien",
        "Tymczak",
        "Pfister",
        "Ashcraft",
        "42nd",
        "müller",
        "田中",
    ),
    *("jonathan christopherson", "jonathon christophersen", "hauptst 15", "a text longer than thirty-two bytes in all"),
)


def test_hashes_and_similarities(spark: SparkSession) -> None:
    pairs = [(a, b, n) for n, (a, b) in enumerate((a, b) for a in TEXTS for b in TEXTS)]
    frame = spark.createDataFrame(pairs, "a string, b string, n bigint").select(
        "*",
        F.xxhash64("a", "n", F.lit(3)).alias("x"),
        F.hash("a").alias("m"),
        F.soundex("a").alias("s"),
        F.call_function("jaro_winkler", "a", "b").alias("j"),
        F.call_function("damerau_levenshtein", "a", "b").alias("d"),
    )
    for row in frame.collect():
        a, b = row["a"], row["b"]
        assert row["x"] == xxhash64([(a, "l"), (row["n"], "l"), (3, "i")])
        assert row["m"] == murmur3([(a, "l")])
        assert row["s"] == soundex(a)
        assert row["j"] == pytest.approx(jaro_winkler(a, b), abs=1e-12), (a, b)
        assert row["d"] == damerau(a, b), (a, b)


@pytest.mark.parametrize(
    ("java", "text", "found"),
    [
        (r"[\s\p{Z}\p{Cc}&&[^\u0001]]+", "a\u00a0 \u0001", "\u00a0 "),
        (r"(?<=(?:^|\P{L})\p{L})\.(?=\p{L}(?:\P{L}|$))", "V L.P.", "."),
        (r"(?<=\p{IsLatin})[\u0300-\u036F]+", "e\u0301", "\u0301"),
        (r"\Q.?\E\z", "a.?", ".?"),
        (r"[^\p{L}\d'-]+", "ab-1' ?!", " ?!"),
        (r"\w+\z", "é_a1", "_a1"),
    ],
)
def test_patterns_of_java(java: str, text: str, found: str) -> None:
    match = re.search(python_pattern(java), text)
    assert match is not None
    assert match.group() == found


def test_a_captured_frame_gives_its_rows(spark: SparkSession) -> None:
    rows = [
        {"id": 1, "text": "Straße  7, Ost", "items": ["b", None, "a", "b"], "born": "2001-02-03"},
        {"id": 2, "text": None, "items": None, "born": "no date"},
        {"id": 3, "text": "", "items": [], "born": None},
    ]
    text, items = F.col("text"), F.col("items")
    frame = spark.createDataFrame(rows, "id int, text string, items array<string>, born string").withColumn(
        "parts", F.split(text, r"\s*,\s*|\s+")
    )
    made = frame.select(
        "id",
        F.regexp_replace(text, r"(\p{L}+)\s+(\d)", "$2-$1").alias("replaced"),
        F.regexp_extract(text, r"(\d+)", 1).alias("number"),
        F.transform("parts", lambda p: F.concat(p, F.size(F.filter(items, lambda i: i == "b")).cast("string"))).alias("nested"),
        F.sort_array(F.array_except(items, F.array(F.lit(None).cast("string")))).alias("sorted"),
        F.array_sort(items).alias("array_sorted"),
        F.size(items).alias("size"),
        F.nullif(F.nullif(text, F.lit("")), F.lit("x")).alias("nullified"),
        F.coalesce(F.col("born").try_cast("date"), F.try_to_date("born", "yyyy-MM-dd")).alias("day"),
        F.when(text.contains("Ost") & (F.length(text) > 3), "east").otherwise(F.initcap(F.lower(text))).alias("where"),
        F.xxhash64(F.lit(1), "text", F.xxhash64("id")).alias("hash"),
        F.struct(text.alias("t")).withField("u", F.upper(text)).alias("struct"),
        (F.exists(items, lambda i: i == "z") | F.array_contains(items, "a")).alias("there"),
    )
    program = capture(made)
    runner = Runner(Program.from_json(program.to_json()))
    assert program.gaps() == {}
    for row, expected in zip(rows, made.collect(), strict=True):
        assert runner.run(row, program.outputs) == expected.asDict(recursive=True)


def test_what_has_no_second_form_is_named(spark: SparkSession) -> None:
    frame = spark.createDataFrame([], "text string")
    made = frame.select(F.call_function("double_metaphone", "text").alias("code"), F.upper("text").alias("upper"))
    program = capture(made)
    assert program.gaps() == {"code": ("double_metaphone",)}
