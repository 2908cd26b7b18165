from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from onefold.match.settings import BlockingSettings, ComparisonSettings

CONF = Path(__file__).resolve().parents[3] / "conf"


@pytest.mark.parametrize("folder", ["base", "examples/febrl4"])
def test_the_configurations_that_we_ship_are_valid(folder: str) -> None:
    blocking = BlockingSettings.model_validate(yaml.safe_load((CONF / folder / "blocking.yml").read_text()))
    compared = ComparisonSettings.model_validate(yaml.safe_load((CONF / folder / "comparisons.yml").read_text()))
    assert blocking.person is not None
    assert blocking.person.rules
    assert compared.of("person")


def test_every_problem_is_reported_with_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        BlockingSettings.model_validate(
            {"person": {"rules": [{"name": "a", "keys": ["x|sondex"]}, {"name": "b", "keys": []}], "max_pair": 3}}
        )
    places = {e["loc"] for e in caught.value.errors()}
    assert ("person", "rules", 0, "keys", 0) in places
    assert ("person", "rules", 1, "keys") in places
    assert ("person", "max_pair") in places


def test_names_are_used_once() -> None:
    rule = {"name": "a", "keys": ["x"]}
    with pytest.raises(ValidationError, match="used more than once: a"):
        BlockingSettings.model_validate({"person": {"rules": [rule, rule]}})
    comparison = {"name": "a", "column": "x", "levels": ["exact"]}
    with pytest.raises(ValidationError, match="used more than once: a"):
        ComparisonSettings.model_validate({"person": [comparison, comparison]})
    with pytest.raises(ValidationError, match="levels must differ"):
        ComparisonSettings.model_validate({"person": [{**comparison, "levels": ["exact", "exact"]}]})


def test_a_rule_may_have_its_own_bound() -> None:
    rules = [{"name": "a", "keys": ["x"], "max_block_size": 7}, {"name": "b", "keys": ["y"]}]
    settings = BlockingSettings.model_validate({"person": {"rules": rules, "max_block_size": 9}}).person
    assert settings is not None
    assert [settings.cap_of(rule) for rule in settings.rules] == [7, 9]
