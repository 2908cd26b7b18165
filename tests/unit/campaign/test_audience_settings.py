from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from onefold.campaign import AudienceSettings
from onefold.campaign.filters import check_filters
from onefold.contracts.gold import CUSTOMER

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "conf" / "examples" / "demo" / "audiences").glob("*.yml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda p: p.stem)
def test_shipped_audiences_are_valid(file: Path) -> None:
    audience = AudienceSettings.model_validate(yaml.safe_load(file.read_text()))

    check_filters(audience, CUSTOMER.schema)
    assert audience.name == file.stem
    assert audience.consent_required


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "a'; drop"}, "pattern"),
        ({"filters": [{"attribute": "city"}]}, "needs a test"),
        ({"filters": [{"is": ["x"]}]}, "either attribute or interacted"),
        ({"filters": [{"interacted": {"within_days": 3}, "present": True}]}, "belong to an attribute"),
        ({"frequency_cap": {"max_contacts": 1}}, "either days"),
        ({"frequency_cap": {"max_contacts": 1, "days": 3, "calendar": "week"}}, "either days"),
        ({"frequency_cap": {"max_contacts": 1, "calendar": "week", "time_zone": "Berlin"}}, "time zone"),
        ({"consent": False}, "Extra inputs"),
    ],
)
def test_wrong_audiences_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        AudienceSettings.model_validate({"name": "a", "channel": "email"} | change)
