"""A profile counts exactly, infers types, finds keys, guesses what is personal, and shows no personal value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.contracts.profile import PROFILE
from onefold.profile import ColumnProfile, ProfileSettings, TableProfile, profile_table
from onefold.profile.page import profile_page
from onefold.profile.rows import TERMINAL, kept_rows, terminal_rows

SMALL = ProfileSettings(exact_distinct=100, sample_rows=1_000)
NAMES = ("anna", "peter", "mary", "john")


def rows(count: int) -> list[tuple[Any, ...]]:
    return [
        (
            f"K{i:05d}",
            f"{NAMES[i % 4]}{i}@mail.org" if i % 10 else "n/a",
            f"{1 + i % 28:02d}.{1 + i % 12:02d}.{1950 + i % 50}" if i % 20 else f"{1950 + i % 50}-03-01",
            f"0{i % 9000:04d}",
            str(i) if i % 2 else f" {i} ",
            NAMES[i % 4].title(),
            "yes" if i % 3 else "no",
            None,
            f"+49 30 {1_000_000 + i}",
            [(f"{i}@x.org", "free")] if i % 2 else [],
            i * 1.5,
            date(9999, 12, 31) if i == 7 else date(2000 + i % 20, 1, 1),
        )
        for i in range(count)
    ]


SCHEMA = (
    "id string, mail string, since string, zip string, points string, who string, active string, empty string, mobile string, "
    "mails array<struct<value:string,class:string>>, amount double, day date"
)


@pytest.fixture(scope="module")
def profiled(spark: SparkSession) -> TableProfile:
    frame = spark.createDataFrame(rows(2_000), SCHEMA)
    return profile_table(frame, SMALL, name="bronze/test", sentinels=["n/a"])


def column(profile: TableProfile, name: str) -> ColumnProfile:
    return next(c for c in profile.columns if c.name == name)


def test_counts_and_types(profiled: TableProfile) -> None:
    assert profiled.rows == 2_000
    found = {c.name: (c.type, c.filled, c.nulls, c.blanks, c.sentinels) for c in profiled.columns}
    assert found == {
        "id": ("code", 2_000, 0, 0, 0),
        "mail": ("email", 1_800, 0, 0, 200),
        "since": ("date", 2_000, 0, 0, 0),
        "zip": ("code", 2_000, 0, 0, 0),
        "points": ("integer", 2_000, 0, 0, 0),
        "who": ("text", 2_000, 0, 0, 0),
        "active": ("boolean", 2_000, 0, 0, 0),
        "empty": ("empty", 0, 2_000, 0, 0),
        "mobile": ("phone", 2_000, 0, 0, 0),
        "mails": ("array", 1_000, 0, 1_000, 0),
        "mails.value": ("email", 1_000, 0, 0, 0),
        "mails.class": ("text", 1_000, 0, 0, 0),
        "amount": ("decimal", 2_000, 0, 0, 0),
        "day": ("date", 2_000, 0, 0, 0),
    }


def test_columns_of_few_values_are_counted_whole_and_the_others_by_sample(profiled: TableProfile) -> None:
    who, mail = column(profiled, "who"), column(profiled, "mail")
    assert who.whole and who.distinct_exact and who.distinct == 4
    assert not mail.whole and not mail.distinct_exact
    assert abs(mail.distinct - 1_800) < 0.06 * 1_800
    assert 0.3 < profiled.sample_share < 0.7
    formats = {f.label: f.share for f in column(profiled, "since").formats}
    assert formats["dd.MM.yyyy"] > 0.9 and 0 < formats["yyyy-MM-dd"] < 0.1
    assert column(profiled, "zip").patterns[0].label == "99999"
    active = {v.label: v.count for v in column(profiled, "active").values}
    assert active == {"yes": 1_333, "no": 667}


def test_ranges_quantiles_and_years(profiled: TableProfile) -> None:
    amount, day = column(profiled, "amount"), column(profiled, "day")
    assert (amount.minimum, amount.maximum) == ("0", "2998.5")
    assert amount.quantiles[10] == pytest.approx(1_500, rel=0.1)
    assert (day.minimum, day.maximum) == ("2000-01-01", "9999-12-31")
    assert [y.label for y in day.years][-1] == "9999"


def test_keys_are_counted_exactly(profiled: TableProfile, spark: SparkSession) -> None:
    assert set(profiled.unique_keys) == {"id", "amount", "mobile", "points", "zip"}
    pairs = spark.range(60).select((F.col("id") % 6).alias("a"), F.floor(F.col("id") / 6).alias("b"), F.lit(1).alias("c"))
    found = profile_table(pairs, SMALL, pairs=True)
    assert found.unique_keys == ("a + b",)


def test_what_is_personal_is_guessed_and_its_values_are_hidden(profiled: TableProfile) -> None:
    what = {c.name: c.personal.what for c in profiled.columns if c.personal is not None}
    assert {what[n] for n in ("mail", "mails.value")} == {"e-mail"}
    assert (what["mobile"], what["who"], what["zip"]) == ("phone", "person name", "postcode")
    assert "amount" not in what and "active" not in what
    personal = [c for c in profiled.columns if c.personal is not None and c.personal.personal_data == "personal"]
    assert {v.label for c in personal for v in c.values} == {None}
    text = (
        profile_page([profiled])
        + repr(terminal_rows(profiled))
        + repr(kept_rows(profiled, "r", datetime(2026, 1, 1, tzinfo=UTC)))
    )
    assert "Anna" not in text and "@mail.org" not in text and "+49 30" not in text


def test_values_are_shown_when_asked_for(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("Anna", 1), ("Anna", 2)], "given_name string, number int")
    shown = profile_table(frame, SMALL, show_values=True)
    assert column(shown, "given_name").values[0].label == "Anna"
    assert "Anna" in profile_page([shown], shows_values=True)


def test_rows_fit_the_contract(profiled: TableProfile, spark: SparkSession) -> None:
    kept = kept_rows(profiled, "r1", datetime(2026, 1, 1, tzinfo=UTC))
    frame = spark.createDataFrame(kept, PROFILE.schema)
    assert frame.count() == len(profiled.columns)
    assert all(len(line) == len(TERMINAL) for line in terminal_rows(profiled))


def test_an_empty_table_has_a_profile(spark: SparkSession) -> None:
    found = profile_table(spark.createDataFrame([], SCHEMA), SMALL)
    assert (found.rows, len(found.columns), found.unique_keys) == (0, 14, ())
    assert {c.filled_share for c in found.columns} == {0.0}
    profile_page([found])


def test_bad_input_breaks_nothing(spark: SparkSession) -> None:
    """A value of 10 MB, bytes that are no text, 200 columns of nulls, control characters, a key of nothing."""
    frame = spark.range(3).select(
        F.when(F.col("id") == 0, F.repeat(F.lit("x y "), 2_500_000)).otherwise("short").alias("huge"),
        F.expr("cast(x'41ff42' as string)").alias("bytes"),
        F.lit("\u0000\u0001\n").alias("control"),
        F.lit("99999-13-45").alias("no_date"),
        F.expr("map('a', id)").alias("pairs"),
        F.expr("x'00ff'").alias("binary"),
        F.expr("named_struct('x', named_struct('y', array(array(id))))").alias("deep"),
        F.expr("interval 1 day").alias("span"),
        *[F.lit(None).cast("string").alias(f"null_{i}") for i in range(200)],
    )
    found = profile_table(frame, SMALL, pairs=True)
    by_name = {c.name: c for c in found.columns}
    assert len(by_name) == 208
    assert (by_name["huge"].longest, by_name["huge"].filled) == (10_000_000, 3)
    assert by_name["bytes"].invalid == 3
    assert by_name["null_7"].nulls == 3
    assert by_name["deep.x.y"].type == "array"
    profile_page([found], shows_values=True)
