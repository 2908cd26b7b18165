from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.errors import ConfigurationError
from onefold.match.compare import compare, plan_comparisons, random_pairs, with_sides
from onefold.match.settings import ComparisonSettings

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]

# per comparison: its YAML, then (left values, right values, expected level)
ELSE = 99
CASES: list[tuple[dict[str, Any], list[tuple[dict[str, Any], dict[str, Any], int]]]] = [
    (
        {
            "column": "given_name_key",
            "levels": ["exact", "nickname", {"swapped_with": "family_name_key"}, {"jaro_winkler": 0.9}, "initial"],
        },
        [
            ({"given_name_key": "anna"}, {"given_name_key": "anna"}, 0),
            ({"given_name_key": "william"}, {"given_name_key": "bill"}, 1),
            ({"given_name_key": "bill"}, {"given_name_key": "will"}, 1),
            (
                {"given_name_key": "smith", "family_name_key": "otto"},
                {"given_name_key": "otto", "family_name_key": "smith"},
                2,
            ),
            ({"given_name_key": "johanna"}, {"given_name_key": "johana"}, 3),
            ({"given_name_key": "xaver"}, {"given_name_key": "x"}, 4),
            ({"given_name_key": "anna"}, {"given_name_key": "otto"}, ELSE),
            ({"given_name_key": "anna"}, {"given_name_key": None}, -1),
            ({"given_name_key": ""}, {"given_name_key": ""}, -1),
        ],
    ),
    (
        {"column": "family_name_key", "skip_when_swapped_with": "given_name_key", "levels": ["exact"]},
        [
            (
                {"given_name_key": "smith", "family_name_key": "otto"},
                {"given_name_key": "otto", "family_name_key": "smith"},
                -1,
            ),
            (
                {"given_name_key": "smith", "family_name_key": "otto"},
                {"given_name_key": "otto", "family_name_key": "jones"},
                ELSE,
            ),
        ],
    ),
    (
        {"column": "given_name_key", "levels": ["exact", {"swapped_near": "family_name_key"}]},
        [
            (
                {"given_name_key": "hannah", "family_name_key": "mihal"},
                {"given_name_key": "mihal", "family_name_key": "hannsh"},
                1,
            ),
            (
                {"given_name_key": "hannah", "family_name_key": "mihal"},
                {"given_name_key": "otto", "family_name_key": "hannsh"},
                ELSE,
            ),
            ({"given_name_key": "hannah", "family_name_key": None}, {"given_name_key": "otto", "family_name_key": "hannsh"}, 1),
        ],
    ),
    (
        {"column": "birth_date", "levels": ["exact", "date_typo", "same_year_month", {"days_within": 40}]},
        [
            ({"birth_date": "1980-02-03"}, {"birth_date": "1980-02-03"}, 0),
            ({"birth_date": "1980-02-03"}, {"birth_date": "1980-03-02"}, 1),
            ({"birth_date": "1980-02-03"}, {"birth_date": "1980-02-08"}, 1),
            ({"birth_date": "1980-02-13"}, {"birth_date": "1980-02-31"[:8] + "21"}, 2),
            ({"birth_date": "1980-02-13"}, {"birth_date": "1908-02-13"}, 1),
            ({"birth_date": "1980-02-28"}, {"birth_date": "1980-03-11"}, 3),
            ({"birth_date": "1980-02-28"}, {"birth_date": "1971-07-11"}, ELSE),
            ({"birth_date": None}, {"birth_date": "1971-07-11"}, -1),
        ],
    ),
    (
        {"column": "emails.value", "levels": [{"exact": True, "column": "email"}, "any_equal", "domain_equal_"]},
        [
            ({"email": "a@x.org"}, {"email": "a@x.org"}, 0),
            ({"email": "a@x.org", "emails": [("b@x.org",) * 4, ("a@x.org",) * 4]}, {"email": "b@x.org"}, 1),
            ({"email": "a@x.org"}, {"email": "c@x.org"}, 2),
            ({"email": "a@x.org"}, {"email": "a@y.org"}, ELSE),
            ({"email": "a@x.org"}, {"emails": []}, -1),
            ({"email": "a@x.org"}, {"emails": None}, -1),
        ],
    ),
    (
        {
            "column": "company_key",
            "levels": ["exact", "acronym", "contains", {"jaccard": 0.5}, {"levenshtein": 2}, {"damerau": 4}, {"prefix": 3}],
        },
        [
            ({"company_key": "bayerische motoren werke"}, {"company_key": "bmw"}, 1),
            ({"company_key": "acme tools"}, {"company_key": "tools acme nord"}, 2),
            ({"company_key": "acme tools nord"}, {"company_key": "acme tools sud"}, 3),
            ({"company_key": "siemens"}, {"company_key": "simens"}, 4),
            ({"company_key": "abcdefgh"}, {"company_key": "badcfehg"}, 5),
            ({"company_key": "acme"}, {"company_key": "acmeology international"}, 6),
            ({"company_key": "acme"}, {"company_key": "zenith"}, ELSE),
        ],
    ),
    (
        {
            "column": ["street_key", "postcode"],
            "levels": [
                {"equal": ["street_key", "postcode"]},
                {"equal": ["postcode"]},
                {"numeric_within": 5, "column": "postcode"},
            ],
        },
        [
            ({"street_key": "a", "postcode": "1000"}, {"street_key": "a", "postcode": "1000"}, 0),
            ({"street_key": None, "postcode": "1000"}, {"street_key": "a", "postcode": "1000"}, 1),
            ({"street_key": "a", "postcode": "1000"}, {"street_key": "b", "postcode": "1004"}, 2),
            ({"street_key": "a", "postcode": None}, {"street_key": None, "postcode": "1004"}, -1),
            ({"street_key": "a", "postcode": None}, {"street_key": "b", "postcode": "1004"}, ELSE),
        ],
    ),
]


def test_levels_of_every_kind(make_parties: MakeParties, spark: SparkSession) -> None:
    comparisons = [
        {
            "name": f"c{i}",
            **yaml,
            "levels": [{"domain_equal": True, "column": "email"} if x == "domain_equal_" else x for x in yaml["levels"]],
        }
        for i, (yaml, _) in enumerate(CASES)
    ]
    settings = ComparisonSettings.model_validate({"person": comparisons})
    assert settings.person is not None
    sides = [(i, left, right, level) for i, (_, cases) in enumerate(CASES) for left, right, level in cases]
    parties = make_parties([row for _, left, right, _ in sides for row in (left, right)])
    plan = plan_comparisons(settings.person, parties)
    pairs = spark.createDataFrame([(2 * n + 1, 2 * n + 2) for n in range(len(sides))], "party_id_l bigint, party_id_r bigint")
    levelled = compare(with_sides(pairs, plan.features.frame(parties)), plan, ("party_id_l",))
    rows = {row["party_id_l"]: row for row in levelled.collect()}
    for n, (i, left, right, expected) in enumerate(sides):
        wanted = len(comparisons[i]["levels"]) if expected == ELSE else expected
        assert rows[2 * n + 1][f"g{i}"] == wanted, (i, left, right)


def test_a_similarity_is_computed_once_however_many_levels_use_it(make_parties: MakeParties, spark: SparkSession) -> None:
    levels = ["exact", {"jaro_winkler": 0.95}, {"jaro_winkler": 0.9}, {"jaro_winkler": 0.8}]
    settings = ComparisonSettings.model_validate({"person": [{"name": "n", "column": "family_name_key", "levels": levels}]})
    assert settings.person is not None
    parties = make_parties([{"family_name_key": "a"}, {"family_name_key": "b"}])
    plan = plan_comparisons(settings.person, parties)
    pairs = spark.createDataFrame([(1, 2)], "party_id_l bigint, party_id_r bigint")
    levelled = compare(with_sides(pairs, plan.features.frame(parties)), plan, ("party_id_l",))
    optimised = levelled._jdf.queryExecution().optimizedPlan().toString()
    assert optimised.lower().count("jaro_winkler(") == 1


def test_a_level_for_single_values_on_a_list_is_refused(make_parties: MakeParties) -> None:
    comparison = {"name": "mail", "column": "emails.value", "levels": ["any_equal", {"jaro_winkler": 0.9}]}
    settings = ComparisonSettings.model_validate({"person": [comparison]})
    assert settings.person is not None
    with pytest.raises(ConfigurationError, match=r"comparison mail: level 'jaro_winkler >= 0.9'"):
        plan_comparisons(settings.person, make_parties([{}]))


def test_counts_of_values_and_random_pairs(make_parties: MakeParties) -> None:
    people = [{"family_name_key": "smith" if n % 3 else f"rare{n}", "source": "ab"[n % 2]} for n in range(60)]
    settings = ComparisonSettings.model_validate(
        {"person": [{"name": "n", "column": "family_name_key", "levels": ["exact"], "term_frequency": True}]}
    )
    assert settings.person is not None
    parties = make_parties(people)
    plan = plan_comparisons(settings.person, parties)
    features = plan.features.frame(parties).persist()
    assert {row["n0"] for row in features.select("n0").distinct().collect()} == {1, 40}
    drawn = random_pairs(features, records=60, wanted=10_000, seed=1, across=False).select("party_id_l", "party_id_r")
    rows = [tuple(row) for row in drawn.collect()]
    assert len(rows) == len(set(rows)) == 60 * 59 / 2
    assert random_pairs(features, records=60, wanted=10_000, seed=1, across=True).count() == 900
    levelled = compare(with_sides(drawn, features), plan, ())
    found = {tuple(row) for row in levelled.distinct().collect()}
    assert found == {(0, 40), (1, 40), (1, 1)}
    features.unpersist()
