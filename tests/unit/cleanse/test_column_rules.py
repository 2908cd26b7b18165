"""Column rules case by case, many cases in one frame for each rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from onefold.cleanse.attributes import read_code, read_number
from onefold.cleanse.countries import country_code
from onefold.cleanse.dates import ambiguous_reason, birth_date_reason, either_way, read_dates, read_timestamp
from onefold.cleanse.emails import judged_emails, read_emails
from onefold.cleanse.genders import read_gender
from onefold.cleanse.lookup import is_listed, replace_tokens
from onefold.cleanse.streets import city_words, house_and_street, split_unit, street_words
from onefold.cleanse.text import LONGEST, MARK, at, fold, proper_case, squeeze, together, unless_sentinel

Cases = dict[str | None, object]


def check(spark: SparkSession, rule: Callable[[Column], Column], cases: Cases) -> None:
    frame = spark.createDataFrame([(text,) for text in cases], "text string").coalesce(1)
    found = {row["text"]: row["made"] for row in frame.select("text", rule(F.col("text")).alias("made")).collect()}
    assert found == cases


def test_squeeze(spark: SparkSession) -> None:
    cases: Cases = {
        "  a \t b\u00a0c ": "a b c",
        "Mu\u0308ller": "Müller",
        "a\u200bb\ufeff": "ab",
        "\u202eevil": "evil",
        "x\u0000y": "x y",
        "👩‍👧 ok": "👩‍👧 ok",
        "سلام": "سلام",
        "": "",
        None: None,
    }
    check(spark, squeeze, cases)


def test_fold(spark: SparkSession) -> None:
    cases: Cases = {
        "O'Brien": "obrien",
        "Anne-Marie": "anne marie",
        "MÜLLER-Straße": "muller strasse",
        "Łódź Æsir Øre": "lodz aesir ore",
        "İstanbul": "istanbul",
        "Nguyễn": "nguyen",
        "がん": "がん",
        "Андрей": "андрей",
        "㈱トヨタ": "株 トヨタ",
        "!!": "",
        "😀": "",
        None: None,
    }
    check(spark, fold, cases)


def test_texts_are_worked_on_together(spark: SparkSession) -> None:
    def each(text: Column) -> Column:
        joined = together([text, F.lit("  N/A"), F.lit(None).cast("string"), F.lit("z" * (LONGEST + 1)), F.lit(" É "), text])
        tidied = unless_sentinel(squeeze(joined), ["n/a", "?"])
        return F.array(F.concat_ws("|", F.split(tidied, MARK)), at(F.split(fold(tidied), MARK), 4), at(F.split(tidied, MARK), 1))

    cases: Cases = {" a\u0001b ": ["a b||||É|a b", "e", None], "?": ["||||É|", "e", None], None: ["||||É|", "e", None]}
    check(spark, each, cases)


def test_sentinels_and_case(spark: SparkSession) -> None:
    check(spark, lambda c: unless_sentinel(c, ["N/A", "?"]), {"n/a": "", "?": "", "": "", "a?": "a?", None: None})
    cases: Cases = {
        "O'BRIEN-SMITH": "O'Brien-Smith",
        "anna": "Anna",
        "McDonald": "McDonald",
        "ИВАН": "Иван",
        "D'ARCY": "D'Arcy",
        "田中": "田中",
        None: None,
    }
    check(spark, proper_case, cases)


def test_countries(spark: SparkSession) -> None:
    cases: Cases = {
        "DE": "DE", "d": "DE", "DEU": "DE", "Deutschland": "DE", "germany": "DE", "U.K.": "GB", "United Kingdom": "GB",
        "USA": "US", "U.S.A.": "US", "Österreich": "AT", "España": "ES", "日本": "JP", "Россия": "RU", "Côte d'Ivoire": "CI",
        "Atlantis": None, "": None, None: None,
    }  # fmt: skip
    check(spark, country_code, cases)


def test_numbers_codes_and_gender(spark: SparkSession) -> None:
    numbers: Cases = {
        "12": 12.0, "1.234,5": 1234.5, "1,234.5": 1234.5, "12,5": 12.5, "1,234": 1234.0, "€ 1 200,50": 1200.5, "-3e2": -300.0,
        "1.234.567": 1234567.0, "x": None, "": None, "1-2": None, "e": None, None: None,
    }  # fmt: skip
    check(spark, read_number, numbers)
    check(spark, read_code, {"a-1 b": "A1B", "--": None, None: None})
    check(spark, read_gender, {"F": "female", "männlich": "male", "Non-Binary": "other", "?": None, "unknown": None, None: None})


def test_dates(spark: SparkSession) -> None:
    cases: Cases = {
        "1980-02-30": [],
        "1980-2-3": [date(1980, 2, 3)],
        "3.4.1970": [date(1970, 4, 3)],
        "1999-12-31T23:00:00Z": [date(1999, 12, 31)],
        "01/02/2003": [date(2003, 2, 1), date(2003, 1, 2)],
        "05/05/2005": [date(2005, 5, 5)],
        "banana": [],
    }
    check(spark, lambda c: read_dates(c, ("d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy")), cases)


def test_day_and_month_that_may_be_swapped_are_told(spark: SparkSession) -> None:
    formats = either_way(("yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy"))
    cases: Cases = {
        "03/04/1980": "birth_date:ambiguous_day_month", "31/12/1980": None, "12/31/1980": None, "05/05/1980": None,
        "03.04.1980": None, "1980-03-04": None, "x": None,
    }  # fmt: skip
    check(spark, lambda c: ambiguous_reason(read_dates(c, formats)), cases)
    check(spark, lambda c: F.size(read_dates(c, formats)), {"12/31/1980": 1, "31/12/1980": 1, "03/04/1980": 2})


def test_classes_of_emails(spark: SparkSession) -> None:
    def judged(text: Column) -> Column:
        items = read_emails(F.array(text), ("n/a",), ("test@test.com",))
        email = F.get(judged_emails(items, F.transform(items, lambda _: F.lit(None).cast("string"))), F.lit(0))
        return F.array(email["value"], email["class"], email["reason"])

    cases: Cases = {
        "Ann <ANN@Acme.com>": ["ann@acme.com", "personal", None],
        "ann@gmail.com": ["ann@gmail.com", "free", None],
        "info@acme.com": ["info@acme.com", "role", None],
        "x@mailinator.com": ["x@mailinator.com", "disposable", None],
        "a..b@acme.com": [None, "syntax", "syntax"],
        "test@test.com": [None, None, "placeholder"],
        "ann@gmial.com": ["ann@gmial.com", "disposable", None],  # a real domain, taken by those who wait for such slips
        "ann@gmal.com": ["ann@gmal.com", "personal", "domain_typo"],
        "ann@hotmail.con": ["ann@hotmail.con", "personal", "domain_typo"],
        "ann@mail.com": ["ann@mail.com", "free", None],
    }
    check(spark, judged, cases)


def test_birth_dates_are_judged_against_the_file(spark: SparkSession) -> None:
    reason = lambda c: birth_date_reason(read_dates(c, ()), F.lit(datetime(2024, 5, 1)), 1900)  # noqa: E731
    cases: Cases = {
        "2024-05-01": None, "2024-06-01": "future", "9999-12-31": "placeholder", "1970-01-01": "default", "x": "syntax",
        "1850-01-02": "too_early",
    }  # fmt: skip
    check(spark, reason, cases)


def test_timestamps(spark: SparkSession) -> None:
    cases: Cases = {
        "2024-01-02T03:04:05Z": datetime(2024, 1, 2, 3, 4, 5),
        "2024-01-02 03:04": datetime(2024, 1, 2, 3, 4),
        "1704164645": datetime(2024, 1, 2, 3, 4, 5),
        "1704164645000": datetime(2024, 1, 2, 3, 4, 5),
        "02.01.2024": datetime(2024, 1, 2),
        "12:30": None,
        "2024": None,
        None: None,
    }

    as_text = {text: made and f"{made:%Y-%m-%d %H:%M:%S}" for text, made in cases.items()}
    check(spark, lambda c: F.date_format(read_timestamp(c, ("dd.MM.yyyy",)), "yyyy-MM-dd HH:mm:ss"), as_text)


@pytest.mark.parametrize(
    ("country", "cases"),
    [
        (
            "DE",
            {
                "Hauptstr. 5a": ["5a", "Hauptstr."],
                "Straße des 17. Juni 12": ["12", "Straße des 17. Juni"],
                "Am Markt": ["", "Am Markt"],
            },
        ),
        ("US", {"12 High St": ["12", "High St"], "Highway 66": ["", "Highway 66"], "PO Box 12": ["", "PO Box 12"]}),
        ("FR", {"12 bis rue de la Paix": ["12 bis", "rue de la Paix"], "12-14, quai Nord": ["12-14", "quai Nord"]}),
        (None, {"Kerkstraat 12": ["12", "Kerkstraat"], "5th Avenue": ["", "5th Avenue"], "No. 7 Elm Road": ["7", "Elm Road"]}),
    ],
)
def test_house_and_street(spark: SparkSession, country: str | None, cases: Cases) -> None:
    check(spark, lambda c: house_and_street(c, F.lit(country).cast("string")), cases)


def test_streets_units_and_cities(spark: SparkSession) -> None:
    same = {"Hauptstraße": "hauptst", "Hauptstr.": "hauptst", "HAUPTSTRASSE": "hauptst"}
    check(
        spark,
        lambda c: street_words(fold(c)),
        {**same, "North Elm Avenue": "n elm ave", "Saint John's Street": "st johns st", None: None},
    )
    check(spark, lambda c: city_words(fold(c)), {"Saint-Étienne": "st etienne", "Sankt Gallen": "st gallen", None: None})
    units = {
        "12 High St, Apt 4B": ["apt 4b", "12 High St"],
        "Flat 3, 12 High St": ["flat 3", "12 High St"],
        "Flatbush 7": [None, "Flatbush 7"],
    }
    check(spark, lambda c: F.array(*split_unit(c)), dict(units))


def test_lookups(spark: SparkSession) -> None:
    check(spark, lambda c: is_listed([f"v{i}" for i in range(50)], c), {"v7": True, "v77": False, "": False, None: False})
    check(spark, lambda c: replace_tokens({"intl": "international"}, c), {"acme intl co": "acme international co", None: None})
