from __future__ import annotations

import pytest
from pyspark.sql.types import StringType, StructField, StructType

from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError
from onefold.publish.settings import EntitySurvivorship
from onefold.publish.units import golden_attributes, units


def _schema(*added: str) -> StructType:
    return StructType([*PARTY.schema, *(StructField(name, StringType()) for name in added)])


def test_added_attributes_survive_without_their_folded_keys() -> None:
    found = golden_attributes(_schema("hobby", "hobby_key", "loyalty_key"))

    assert found[0] == "full_name"
    assert found[-2:] == ("hobby", "loyalty_key")
    assert not {"record_id", "entity_type", "emails", "given_name_key"} & set(found)


def test_added_attribute_with_a_name_of_gold_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="record_count"):
        golden_attributes(_schema("record_count"))


def test_every_attribute_has_one_unit() -> None:
    rules = EntitySurvivorship.model_validate(
        {"default": "oldest", "attributes": {"a": "longest"}, "groups": {"g": {"attributes": ["b", "c"], "rules": ["oldest"]}}}
    )

    found = units(rules, ("a", "b", "c", "d"))

    assert [(u.name, u.attributes, u.label) for u in found] == [
        ("g", ("b", "c"), "group g: oldest"),
        ("a", ("a",), "longest"),
        ("d", ("d",), "oldest"),
    ]


def test_rule_for_an_unknown_attribute_names_near_misses() -> None:
    rules = EntitySurvivorship.model_validate({"attributes": {"emial": "longest"}})

    with pytest.raises(ConfigurationError, match="emial: did you mean email"):
        units(rules, ("email", "phone"))
