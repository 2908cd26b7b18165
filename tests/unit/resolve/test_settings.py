from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from onefold.resolve import ClusteringSettings


@pytest.mark.parametrize(
    ("person", "message"),
    [
        ({"threshold": 0.9, "threshold_weight": 3.0}, "exactly one"),
        ({}, "exactly one"),
        ({"threshold": 1.0}, "between 0 and 1"),
        ({"threshold": "best"}, "threshold"),
        ({"threshold": 0.9, "contradictions": [{"attribute": "duns"}, {"attribute": "duns"}]}, "more than once: duns"),
        ({"threshold": 0.9, "max_per_source": {"crm": 0}}, "greater than or equal"),
    ],
)
def test_what_cannot_be_meant_is_refused(person: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ClusteringSettings.model_validate({"person": person})


def test_clean_sources_are_limits_of_one() -> None:
    person = {"threshold": "auto", "clean_sources": ["erp"], "max_per_source": {"erp": 5, "crm": 20}}
    settings = ClusteringSettings.model_validate({"person": person})

    assert settings.person.source_limits == {"erp": 1, "crm": 20}
    assert (settings.person.automatic, settings.person.least_weight) == (True, 0.0)
    assert settings.company.automatic is False
