"""The pattern of a text in Spark is that of a plain Python twin."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.profile.patterns import LONGEST, pattern, shape

# Characters assigned long ago: Java and Python know other versions of Unicode.
LETTERS = st.sampled_from("aZ09 éÜßñøΩжक漢א٣\u0301\t\n\u00a0\u2003.-@/'…€�\x00\x7f\u200bＡ９ǅ😀_+AL")


def twin(text: str) -> str:
    def one(letter: str) -> str:
        kind = unicodedata.category(letter)
        if kind in ("Lu", "Lt"):
            return "A"
        if kind == "Ll":
            return "a"
        if kind[0] in "LM":
            return "L"
        if kind == "Nd":
            return "9"
        return "_" if kind in ("Cc", "Cf") or (kind[0] == "Z" and letter != " ") else letter

    return "".join(one(letter) for letter in text[:LONGEST]) + "…" * (len(text) > LONGEST)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=100), min_size=1, max_size=200))
def test_patterns_are_those_of_the_twin(spark: SparkSession, texts: list[str]) -> None:
    frame = spark.createDataFrame([(text,) for text in texts], "text string")
    found = [row[0] for row in frame.select(pattern(F.col("text"))).collect()]
    assert found == [twin(text) for text in texts]


def test_shapes_join_runs(spark: SparkSession) -> None:
    texts = ["SW1A 2AA", "Müller-Lüdenscheidt", "jo.doe@mail.org", "漢字", ""]
    frame = spark.createDataFrame([(text,) for text in texts], "text string")
    found = [tuple(row) for row in frame.select(pattern(F.col("text")), shape(pattern(F.col("text")))).collect()]
    assert found == [
        ("AA9A 9AA", "A+9A 9A+"),
        ("Aaaaaa-Aaaaaaaaaaaa", "Aa+-Aa+"),
        ("aa.aaa@aaaa.aaa", "a+.a+@a+.a+"),
        ("LL", "L+"),
        ("", ""),
    ]
    assert all(re.sub(r"([Aa9L])\1+", r"\1+", long) == short for long, short in found)
