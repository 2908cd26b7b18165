from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.contracts.matching import MODEL, PAIR
from onefold.errors import DataContractError
from onefold.match.explain import explain, explain_pair
from onefold.match.settings import BlockingSettings

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]

PART: dict[str, Any] = {
    "entity_type": "person",
    "party_id_l": 1,
    "party_id_r": 2,
    "record_id_l": "crm:1",
    "record_id_r": "crm:2",
    "rule": "email",
    "rules": 1,
    "match_weight": 4.5,
    "match_probability": 0.957,
    "comparisons": [
        {"name": "email", "level": "exact", "weight": 12.0, "tf_weight": -2.0},
        {"name": "street", "level": "else", "weight": -1.0, "tf_weight": 0.0},
    ],
}
PRIOR: dict[str, Any] = {"entity_type": "person", "comparison": "(prior)", "weight": -5.0}
BLOCKING = BlockingSettings.model_validate(
    {"person": {"rules": [{"name": "email", "keys": ["emails.value"]}, {"name": "family", "keys": ["family_name_key"]}]}}
)


def test_the_waterfall_runs_from_the_prior_to_the_total() -> None:
    explanation = explain_pair(PART, [PRIOR])
    assert [(s.name, s.weight, s.total) for s in explanation.steps] == [
        ("prior", -5.0, -5.0),
        ("email", 12.0, 7.0),
        ("email", -2.0, 5.0),
        ("street", -1.0, 4.0),
        ("dependence", 0.5, 4.5),
    ]
    text = explanation.text()
    assert "email: exact" in text
    assert "█" in text
    assert "+4.50" in text
    with pytest.raises(DataContractError, match="no model for company"):
        explain_pair({**PART, "entity_type": "company"}, [PRIOR])


def test_stored_pairs_either_way_round_and_pairs_that_are_not_stored(make_parties: MakeParties, spark: SparkSession) -> None:
    parties = make_parties(
        [
            {"id": 1, "email": "a@x.org", "family_name_key": "smith"},
            {"id": 2, "email": "a@x.org"},
            {"id": 3, "family_name_key": "smith"},
            {"id": 4, "entity_type": "company"},
        ]
    )
    pairs = spark.createDataFrame([tuple(PART[c.name] for c in PAIR.columns)], PAIR.schema)
    prior = ("person", "(prior)", 0, "prior", None, None, -5.0, "em", 1, True, 1, None)
    model = spark.createDataFrame([prior], MODEL.schema).coalesce(1)

    def why(left: str, right: str) -> Any:
        return explain(pairs, parties, model, left, right, blocking=BLOCKING)

    assert why("crm:2", "crm:1").match_weight == 4.5
    assert why("crm:1", "crm:3").rules == ("family",)
    apart = why("crm:2", "crm:3")
    assert apart.rules == ()
    assert "no blocking rule joins them, and no key of any rule agrees" in apart.text()
    assert "crm:4 a company" in why("crm:1", "crm:4").text()
    with pytest.raises(DataContractError, match="no record crm:9"):
        why("crm:1", "crm:9")
    with pytest.raises(DataContractError, match="are one"):
        why("crm:1", "crm:1")
