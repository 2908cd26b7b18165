"""Levels on names over Spark columns: similarities, numbers, legal families, a branch's town."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame

from onefold.match.compare import compare, plan_comparisons, with_sides
from onefold.match.settings import ComparisonSettings

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]

COMPARISONS = [
    {"name": "person", "column": "full_name_key", "levels": ["exact", {"person_similarity": 0.9}, {"person_similarity": 0.7}]},
    {
        "name": "company",
        "column": "company_key",
        "levels": ["exact", "numbers_differ", {"extra_words_of": "city_key"}, {"company_similarity": 0.85}],
    },
    {"name": "form", "column": "legal_form", "levels": ["exact", "same_legal_family"]},
]
# left, right, expected levels by comparison
PAIRS: list[tuple[dict[str, Any], dict[str, Any], tuple[int, int, int]]] = [
    ({"full_name_key": "anna koch"}, {"full_name_key": "anna koch"}, (0, -1, -1)),
    ({"full_name_key": "anna maria koch"}, {"full_name_key": "koch anna"}, (2, -1, -1)),
    ({"full_name_key": "youssef haddad"}, {"full_name_key": "yusef haddad"}, (1, -1, -1)),
    ({"full_name_key": "anna koch"}, {"full_name_key": "boris weber"}, (3, -1, -1)),
    ({"company_key": "acme fund ii"}, {"company_key": "acme fund 3"}, (-1, 1, -1)),
    ({"company_key": "acme fund ii"}, {"company_key": "acme fund 2"}, (-1, 3, -1)),
    (
        {"company_key": "acme foods", "city_key": "bonn", "legal_form": "gmbh"},
        {"company_key": "acme foods ulm", "city_key": "ulm", "legal_form": "ltd"},
        (-1, 2, 1),
    ),
    (
        {"company_key": "acme foods", "city_key": "ulm", "legal_form": "ag"},
        {"company_key": "acme fods ulm", "city_key": "ulm", "legal_form": "gmbh"},
        (-1, 4, 2),
    ),
    ({"company_key": "turnstone", "legal_form": "co"}, {"company_key": "turnstome", "legal_form": "kg"}, (-1, 3, 2)),
]


def test_levels_on_names(make_parties: MakeParties) -> None:
    settings = ComparisonSettings.model_validate({"company": COMPARISONS})
    rows = [{"id": f"{side}{n}", **record} for n, pair in enumerate(PAIRS) for side, record in zip("lr", pair, strict=False)]
    parties = make_parties([{"full_name_key": None, **row} for row in rows])
    assert settings.company is not None
    plan = plan_comparisons(settings.company, parties)
    features = plan.features.frame(parties).cache()
    ids = features.select("party_id").collect()
    assert len(ids) == 2 * len(PAIRS)
    pairs = parties.sparkSession.createDataFrame(
        [(2 * n + 1, 2 * n + 2) for n in range(len(PAIRS))], "party_id_l bigint, party_id_r bigint"
    )
    found = compare(with_sides(pairs, features), plan, ("party_id_l",)).orderBy("party_id_l").collect()
    assert [tuple(row[name] for name in plan.level_names) for row in found] == [expected for _, _, expected in PAIRS]
