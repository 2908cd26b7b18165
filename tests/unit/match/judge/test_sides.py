from __future__ import annotations

from datetime import date
from typing import Any

from onefold.match.judge.sides import segments, side_by_side, title_of

LEFT: dict[str, Any] = {
    "record_id": "crm:1",
    "source": "crm",
    "entity_type": "person",
    "full_name": "Ada Lovelace",
    "birth_date": date(1985, 12, 10),
    "gender": "female",
    "emails": [{"value": "ada@mail.org", "raw": "ADA@mail.org"}, {"value": None, "raw": "ada-at-mail"}],
    "phones": [],
    "addresses": [{"street": "High Street", "house_number": "5", "postcode": "E1", "city": "London", "country": "GB"}],
    "identifiers": [{"scheme": "tax", "value": "12"}],
    "tier": "GOLD",
}
RIGHT: dict[str, Any] = {
    **LEFT,
    "record_id": "erp:2",
    "full_name": "Ada Lovelase",
    "birth_date": date(1990, 1, 1),
    "gender": None,
    "emails": [{"value": "ada@mail.org", "raw": "ada@mail.org"}],
}


def test_every_attribute_that_one_side_has_is_compared() -> None:
    lines = {line.attribute: line for line in side_by_side(LEFT, RIGHT)}
    assert {name: line.mark for name, line in lines.items()} == {
        "name": "close",
        "gender": "one side",
        "born": "differs",
        "e-mail": "close",
        "address": "same",
        "identifiers": "same",
        "tier": "same",
    }
    assert lines["e-mail"].left == "ada@mail.org\nada-at-mail"
    assert lines["address"].left == "High Street 5, E1 London, GB"
    assert lines["born"].right == "1990-01-01"
    assert lines["gender"].right == ""
    assert title_of(LEFT) == "Ada Lovelace"
    assert title_of({"entity_type": "company", "company_name": "Acme", "full_name": "x"}) == "Acme"


def test_segments_put_together_are_the_texts() -> None:
    left, right = segments("Müller-Lüdenscheidt", "Mueller Ludenscheid")
    assert "".join(text for text, _ in left) == "Müller-Lüdenscheidt"
    assert "".join(text for text, _ in right) == "Mueller Ludenscheid"
    assert segments("", "new") == ([], [("new", True)])
