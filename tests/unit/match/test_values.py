from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.errors import ConfigurationError
from onefold.match.keys import parse_key
from onefold.match.values import key_value, require_keys, with_keys, words

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]

CASES = {
    "postcode|prefix(3)": "802",
    "postcode|suffix(2)": "31",
    "postcode|prefix(9)": None,
    "birth_date": "1980-02-03",
    "birth_date|year": "1980",
    "birth_date|month": "2",
    "birth_date|day": "3",
    "family_name_key|soundex": "M460",
    "family_name_key|metaphone": "MLR",
    "family_name_key|initial": "m",
    "full_name_key|sorted_tokens": "anna mueller",
    "full_name_key|first_token": "anna",
    "full_name_key|last_token": "mueller",
    "full_name_key|tokens": ["anna", "mueller"],
    "full_name_key|tokens|prefix(2)": ["an", "mu"],
    "full_name_key|compact": "annamueller",
    "full_name_key|tokens|soundex": ["A500", "M460"],
    "full_name_key|acronym": "am",
    "full_name_key|sorted_initials": "am",
    "family_name_key|year": None,
    "emails.value": ["anna@firm.de"],
    "emails.value|domain": ["firm.de"],
    "email|username": "anna",
    "phone|digits": "4989123456",
    "house_number|letters": "b",
    "given_name_key|qgrams(3)": ["ann", "nna"],
    "city_key": None,
    "company_key": None,
    "gender": None,
    "phones.value": [],
}


def test_every_transform_and_no_junk(make_parties: MakeParties) -> None:
    parties = make_parties(
        [
            {
                "given_name_key": "anna",
                "family_name_key": "mueller",
                "full_name_key": "anna mueller",
                "birth_date": "1980-02-03",
                "postcode": "80231",
                "house_number": "12 b",
                "email": "anna@firm.de",
                "phone": "+4989123456",
                "phones": [("0000000000", "DE", "mobile", None, "0")],
                "city_key": "  ",
                "company_key": "N/A",
            }
        ]
    )
    columns = [key_value(parse_key(text), parties.schema).alias(f"c{i}") for i, text in enumerate(CASES)]
    row = parties.select(*columns).first()
    assert row is not None
    assert dict(zip(CASES, row, strict=True)) == CASES


def test_a_key_starts_from_values_without_junk_but_may_be_cut_to_anything(make_parties: MakeParties) -> None:
    parties = make_parties(
        [
            {"given_name_key": "nancy", "full_name_key": "test nancy", "birth_date": "1900-01-01", "city_key": "Ort unbekannt"},
            {"given_name_key": "unknown", "email": "test@test.com", "postcode": "12345", "city_key": "x"},
        ]
    )
    keys = ("given_name_key|prefix(2)", "full_name_key|tokens|prefix(2)", "birth_date|year", "emails.value|username", "city_key")
    named = {f"k{i}": parse_key(text) for i, text in enumerate(keys)}
    rows = with_keys(parties, named, ("party_id",), ("ort unbekannt",)).orderBy("party_id").collect()
    assert [tuple(row)[1:] for row in rows] == [("na", ["na"], None, [], None), (None, None, None, [], "x")]


def test_a_key_that_the_parties_do_not_have_is_refused_with_near_misses(make_parties: MakeParties) -> None:
    keys = [("rule a", parse_key(k)) for k in ("post_code", "emails", "emails.valu", "postcode.x", "postcode")]
    with pytest.raises(ConfigurationError) as caught:
        require_keys(keys, make_parties([{}]), "blocking.yml")
    assert len(caught.value.problems) == 4
    assert "did you mean postcode" in caught.value.problems[0]
    assert "emails.value" in caught.value.problems[1]
    assert "no field 'valu'" in caught.value.problems[2]
    assert caught.value.exit_code == 2


def test_words_are_parted_at_white_space_of_every_kind(spark: SparkSession) -> None:
    texts = ["anna", "anna mueller", "anna  b", "\tanna\nb", "a\rb c", "", " ", "a\x0bb\fc", "a\u00a0b", "ends ", "a \t b"]
    frame = spark.createDataFrame([(text,) for text in texts], "text string").withColumn("words", words(F.col("text")))
    assert frame.where(F.col("words") != F.split("text", r"\s+")).count() == 0
    assert frame.where(F.col("words").isNull()).count() == 0


def test_long_lists_are_treated_as_short_ones(make_parties: MakeParties) -> None:
    name = "zoe test ab zoe b yves xavier n/a walter ulla tom sam"
    emails = [(f"user{n}@firm.de", "firm.de", "firm", "") for n in (1, 2, 1, 3, 4, 5, 6, 7, 1)]
    parties = make_parties([{"full_name_key": name, "emails": emails}, {"full_name_key": None, "emails": None}])
    texts = (
        "full_name_key|tokens",
        "full_name_key|tokens|prefix(3)",
        "emails.value|username",
        "full_name_key|tokens|suffix(2)|prefix(1)",
    )
    named = {f"k{i}": parse_key(text) for i, text in enumerate(texts)}
    rows = with_keys(parties, named, ("party_id",)).orderBy("party_id").collect()
    assert [tuple(row)[1:] for row in rows] == [
        (
            ["zoe", "ab", "yves", "xavier", "walter", "ulla", "tom", "sam"],
            ["zoe", "yve", "xav", "wal", "ull", "tom", "sam"],
            [f"user{n}" for n in range(1, 8)],
            ["o", "a", "e", "l"],
        ),
        (None, None, None, None),
    ]
    alone = parties.select(*(key_value(key, parties.schema).alias(name) for name, key in named.items()))
    assert [tuple(row) for row in alone.collect()] == [tuple(row)[1:] for row in rows]
