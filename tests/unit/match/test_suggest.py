from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from pyspark.sql import DataFrame

from onefold.errors import DataContractError
from onefold.match.matching import keep_in_memory
from onefold.match.settings import BlockingSettings
from onefold.match.suggest import suggest_rules
from onefold.match.suggest_keys import candidate_keys, rule_name

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]


def silent(_text: str) -> None:
    """Say nothing."""


def twice(number: int) -> list[dict[str, Any]]:
    """Everyone twice; the e-mail survives for half of them, the name and date for the others."""
    rows = []
    for n in range(number):
        one = {
            "given_name_key": f"given{n % 7}",
            "family_name_key": f"family{n % 11}",
            "birth_date": f"19{50 + n % 40}-0{1 + n % 9}-1{n % 10}",
            "postcode": f"10{n % 5}00",
            "email": f"person{n}@mail.org",
        }
        rows += [one, {**one, "source": "erp", **({"email": f"new{n}@mail.org"} if n % 2 else {"postcode": "99999"})}]
    return rows


def test_rules_within_the_budget_as_yaml_that_loads(make_parties: MakeParties) -> None:
    found = suggest_rules(make_parties(twice(60)), None, None, keep_in_memory, budget=2_000, tell=silent)
    assert found.entity_type == "person"
    assert "60 likely matches (records that agree on two strong keys)" in found.basis
    assert found.covered == pytest.approx(1.0)
    assert 0 < found.pairs <= 2_000
    text = found.yaml()
    settings = BlockingSettings.model_validate(yaml.safe_load(text))
    assert settings.person is not None
    assert [r.name for r in settings.person.rules] == [rule.name for rule, _, _ in found.rules]
    assert "person5" not in text


def test_scored_pairs_of_a_run_are_believed_first(make_parties: MakeParties) -> None:
    parties = make_parties(twice(30))
    pairs = parties.sparkSession.createDataFrame(
        [(2 * n + 1, 2 * n + 2, 0.99) for n in range(30)], "party_id_l bigint, party_id_r bigint, match_probability double"
    )
    found = suggest_rules(parties, pairs, None, keep_in_memory, budget=2_000, tell=silent)
    assert "30 likely matches (scored pairs of the last run)" in found.basis
    assert found.covered == pytest.approx(1.0)


def test_too_few_matches_are_said(make_parties: MakeParties) -> None:
    with pytest.raises(DataContractError, match="too few to learn rules from"):
        suggest_rules(make_parties(twice(3)), None, None, keep_in_memory, budget=2_000, tell=silent)


def test_keys_fit_the_type_and_the_projects_own_attributes(make_parties: MakeParties) -> None:
    schema = make_parties([{}]).selectExpr("*", "'x' loyalty_card", "'y' occupation", "'y' occupation_key").schema
    keys = candidate_keys(schema, "person")
    assert {"loyalty_card", "loyalty_card|prefix(4)", "occupation_key", "birth_date|year"} <= set(keys)
    assert not {"occupation", "duns"} & set(keys)
    assert "company_key|rare_tokens(2)" in candidate_keys(schema, "company")
    assert rule_name(["emails.value", "postcode|prefix(3)"], ["emails_postcode_prefix3"]) == "emails_postcode_prefix3_2"
