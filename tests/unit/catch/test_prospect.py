"""What a prospect may say, and what is said when it says something else."""

from __future__ import annotations

from typing import Any

import pytest

from onefold.catch import ProspectError
from onefold.catch.prospect import read_prospect


def read(**prospect: Any) -> dict[str, Any]:
    return read_prospect(prospect, ["segment"], "DE")


def test_a_prospect_becomes_a_raw_row() -> None:
    row = read(
        full_name="Anna Bauer",
        email="a@b.de",
        emails=["c@d.de", " "],
        phone=301,
        street="Weg 1",
        postcode=10115,
        addresses=[{"full": "Ring 2, 1010 Wien"}],
        duns="150483782",
        segment="gold",
    )
    assert row["emails"] == ["a@b.de", "c@d.de"]
    assert [phone["raw"] for phone in row["phones"]] == ["301"]
    assert [(a["street"], a["postcode"], a["full"]) for a in row["addresses"]] == [
        ("Weg 1", "10115", None),
        (None, None, "Ring 2, 1010 Wien"),
    ]
    assert row["identifiers"] == [{"scheme": "duns", "raw": "150483782", "country": None}]
    assert (row["attribute_segment"], row["default_country"], row["entity_type"]) == ("gold", "DE", "person")
    assert row["raw"] == {"full_name": "Anna Bauer", "segment": "gold"}


def test_what_it_is_follows_from_its_attributes() -> None:
    assert read(company_name="Acme")["entity_type"] == "company"
    assert read(company_name="Acme", family_name="Bauer")["entity_type"] == "person"
    assert read(email="a@b.de")["entity_type"] == "person"
    assert read(email="a@b.de", entity_type="company")["entity_type"] == "company"


@pytest.mark.parametrize(
    ("prospect", "says"),
    [
        ({}, "empty"),
        ({"full_name": " ", "country": "DE", "emails": []}, "empty"),
        ({"fullname": "secret"}, "did you mean full_name"),
        ({"email": {"value": "secret"}}, "neither a text nor a list"),
        ({"given_name": ["secret"]}, "not a single text"),
        ({"entity_type": "secret", "email": "a@b.de"}, "neither person nor company"),
        ({"addresses": "secret", "email": "a@b.de"}, "not a list of objects"),
        ({"addresses": [{"stret": "secret"}]}, "did you mean street"),
        (["secret"], "JSON object"),
    ],
)
def test_what_is_wrong_is_named_without_the_values(prospect: Any, says: str) -> None:
    with pytest.raises(ProspectError) as caught:
        read_prospect(prospect, [], None)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)
