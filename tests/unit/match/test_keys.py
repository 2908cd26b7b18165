from __future__ import annotations

import pytest

from onefold.match.keys import parse_key, root_of


def test_a_key_is_column_field_and_transforms() -> None:
    key = parse_key("emails.value|domain|prefix(3)")
    assert (key.column, key.field, key.steps) == ("emails", "value", (("domain", None), ("prefix", 3)))
    assert key.many
    assert not parse_key("postcode").many
    assert parse_key("company_key|tokens").many


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("post code", "not a column"),
        ("postcode|prefix", "a number from 1"),
        ("postcode|prefix(0)", "a number from 1"),
        ("postcode|soundex(2)", "no argument"),
        ("postcode|sondex", "did you mean soundex"),
        ("postcode|Prefix(3", "not a transform"),
        ("", "not a column"),
    ],
)
def test_a_wrong_key_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_key(text)


def test_the_rarest_values_come_last_and_have_short_names() -> None:
    key = parse_key("company_key|rare_qgrams(2)")
    assert (key.steps, key.rarest, key.many) == ((("qgrams", 3), ("rarest", 2)), 2, True)
    assert parse_key("company_key|tokens|soundex|rarest(1)").rarest == 1
    assert parse_key("company_key|tokens").rarest is None
    for wrong in ("company_key|rarest(2)", "company_key|rare_tokens(2)|prefix(3)"):
        with pytest.raises(ValueError, match="rarest comes last"):
            parse_key(wrong)


def test_roots_join_columns_that_speak_of_one_attribute() -> None:
    assert root_of("email") == root_of("emails") == {"email"}
    assert root_of("full_name_key") == {"given_name", "family_name"}
    assert root_of("company_key") == root_of("company_name")
