from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.match.junk import _BEGINS, _DOMAINS, _FILLER, usable

JUNK = [
    *("", "  ", "N/A", "n.a.", "Unknown", "unbekannt", "TEST", "test@test.com", "NoEmail@noemail.com", "a@b.c", "John Doe"),
    *("00000", "0000000000", "1111111", "+15555555555", "+490000000", "xxxxx", "-----", "our own filler"),
    *("1234567890", "123456789", "0123456789", "+491234567", "9876543210"),
    *("1900-01-01", "9999-12-31", "0001-01-01", "1970-01-01", "noreply@firm.de", "no-email@firm.de", "anna@example.com"),
]
HONEST = [
    *("nancy", "1234", "12345", "+4989123456", "+493012345670", "1980-02-03", "anna@firm.de", "test gmbh", "norma@firm.de"),
    *("00100", "aaab", "unknown pleasures ltd", "anne.none@firm.de", "johnny doe", "DE811569869", "1234567 street"),
]


def test_placeholders_and_filler_are_no_values(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(text,) for text in (*JUNK, *HONEST)], "text string")
    rows = frame.select("text", usable(F.col("text"), ("Our own filler",)).alias("usable")).collect()
    assert [row["text"] for row in rows if row["usable"] is None] == JUNK


PARTS = [
    "a",
    "0",
    "1",
    "1234567",
    "987654",
    "@",
    " ",
    "-",
    ".",
    "é",
    "É",
    "+",
    "\n",
    "\t",
    "noreply",
    "no-email",
    "none",
    "nobody",
]
PARTS += ["unknown", "invalid", "dummy", "@example", "@localhost", ".de", "_", "00000", "1111111", "ééééé"]


@settings(max_examples=2000)
@given(st.lists(st.sampled_from(PARTS), max_size=5))
def test_the_pattern_is_tried_wherever_it_can_match(parts: list[str]) -> None:
    """Python's twin of the cheap test before the pattern; the next test has Spark's own word on the lists above."""
    text = "".join(parts)
    if re.search(_FILLER.replace(r"\W", r"[^a-zA-Z0-9_]"), text):
        address = "@" in text and (text.startswith(_BEGINS) or any(domain in text for domain in _DOMAINS))
        assert text[:4] == text[1:5] or address or (not "a" <= text[:1] <= "z" and len(text) >= 6)


def test_texts_that_only_the_pattern_knows(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(text,) for text in (*JUNK, *HONEST)], "text string")
    differ = frame.where(F.col("text").rlike(_FILLER) & usable(F.col("text")).isNotNull())
    assert differ.count() == 0
