from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from onefold.contracts.gold import CUSTOMER
from onefold.publish import SurvivorshipSettings
from onefold.publish.units import units

CONF = Path(__file__).resolve().parents[3] / "conf"


@pytest.mark.parametrize("file", ["base/survivorship.yml", "examples/demo/survivorship.yml"])
def test_shipped_files_are_valid_and_name_real_attributes(file: str) -> None:
    settings = SurvivorshipSettings.model_validate(yaml.safe_load((CONF / file).read_text()))

    assert units(settings.person, CUSTOMER.column_names)
    assert units(settings.company, CUSTOMER.column_names)


@pytest.mark.parametrize(
    ("person", "message"),
    [
        ({"default": "newest"}, "most_recent"),
        ({"default": []}, "at least 1"),
        ({"attributes": {"city": "min"}, "groups": {"a": {"attributes": ["city"], "rules": ["oldest"]}}}, "two rules"),
        ({"groups": {"a": {"attributes": ["city"], "anchor": "street", "rules": ["oldest"]}}}, "anchor 'street'"),
        ({"groups": {"a": {"attributes": ["city"], "rules": ["max"]}}}, "min and max"),
    ],
)
def test_wrong_rules_are_refused(person: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        SurvivorshipSettings.model_validate({"person": person})
