"""Properties of the cleaners on generated text; all examples of a property go through Spark in one frame."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from onefold.cleanse.emails import judged_emails, read_emails
from onefold.cleanse.phones import parse_phone
from onefold.cleanse.text import fold, fold_text, squeeze
from onefold.cleanse.transliterate import ascii_text

# Surrogates are not text; a NUL cannot be in a Spark literal's JSON, but it can be in a value.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PIECES = st.sampled_from(
    ["a", "Bob", "@", ".", "..", "gmail.com", "mailto:", " ", "<", ">", "é", "x.y", "+tag", ";", ",", "-", "test@test.com"]
)
EMAILS = st.lists(PIECES, min_size=1, max_size=7).map("".join)
# Each example is a Spark job of a hundred texts; shrinking would be a hundred jobs more.
ONCE = settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))


def through(spark: SparkSession, texts: list[str], *rules: Callable[[Column], Column]) -> list[tuple[object, ...]]:
    frame = spark.createDataFrame([(i, t) for i, t in enumerate(texts)], "i int, text string").coalesce(1)
    made = frame.select("i", *[rule(F.col("text")).alias(f"r{n}") for n, rule in enumerate(rules)]).orderBy("i").collect()
    return [tuple(row)[1:] for row in made]


@ONCE
@given(st.lists(TEXT, min_size=80, max_size=120))
def test_squeeze_and_fold_settle_at_once(spark: SparkSession, texts: list[str]) -> None:
    for squeezed, again in through(spark, texts, squeeze, lambda c: squeeze(squeeze(c))):
        assert squeezed == again
    for folded, again in through(spark, texts, fold, lambda c: fold(fold(c))):
        assert folded == again
        assert folded == " ".join(str(folded).split())


def test_the_driver_folds_every_latin_letter_as_the_executors_do(spark: SparkSession) -> None:
    texts = [before + chr(code) for code in range(0x20, 0x250) for before in ("", "a")]
    for text, (folded,) in zip(texts, through(spark, texts, fold), strict=True):
        assert folded == fold_text(text)


@ONCE
@given(
    st.lists(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cs", "Cc"]), max_size=30), min_size=80, max_size=120)
)
def test_the_driver_folds_latin_text_as_the_executors_do(spark: SparkSession, texts: list[str]) -> None:
    for text, (folded,) in zip(texts, through(spark, texts, fold), strict=True):
        assert folded == fold_text(text)


@ONCE
@given(st.lists(EMAILS, min_size=80, max_size=120))
def test_emails_are_never_invented(spark: SparkSession, texts: list[str]) -> None:
    def read(text: Column) -> Column:
        items = read_emails(F.array(text), ("n/a",), ("test@test.com",))
        nothing = F.transform(items, lambda _: F.lit(None).cast("string"))
        return judged_emails(items, nothing)

    for text, (found,) in zip(texts, through(spark, texts, read), strict=True):
        assert isinstance(found, list)
        for email in found:
            assert email["raw"] == text
            assert (email["value"] is None) != (email["reason"] is None)
            if email["value"] is not None:
                assert email["value"] in re.sub(r"\s", "", text.lower())
                assert email["value"].count("@") == 1
                assert email["value"] != "test@test.com"


@given(TEXT)
def test_transliterated_text_is_plain(text: str) -> None:
    made = ascii_text(fold_text(text))
    assert made is None or re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)*", made)
    assert made is None or ascii_text(made) == made


@given(TEXT, st.sampled_from(["DE", "US", "AU", "DE|AT", None]))
def test_phones_are_a_number_or_a_reason(text: str, region: str | None) -> None:
    phone = parse_phone(text, region)
    assert phone.value is not None or phone.reason is not None
    if phone.value is not None:
        assert phone.reason in (None, "ambiguous_region", "other_region", "assumed_country_code")
        assert parse_phone(phone.value, None)[:3] == parse_phone(phone.value, "US")[:3] == phone[:3]
