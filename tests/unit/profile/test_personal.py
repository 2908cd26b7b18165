"""Guesses of personal data: by name, by values, by the contract; and what is left alone."""

from __future__ import annotations

import pytest

from onefold.profile.personal import Evidence, guess_personal

TEXT = Evidence({"words": 1.0}, distinct=50, distinct_share=0.001)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("email_2", "e-mail"),
        ("E-Mail", "e-mail"),
        ("customerPhone", "phone"),
        ("Geburtsdatum", "date of birth"),
        ("birth_date", "date of birth"),
        ("nachname", "person name"),
        ("last_name", "person name"),
        ("zip", "postcode"),
        ("street_2", "address"),
        ("iban", "bank account"),
        ("SSN", "national id"),
        ("notes", "free text"),
        ("created_by", "staff member"),
        ("user.email", "e-mail"),
    ],
)
def test_names_say_what_a_column_is(name: str, what: str) -> None:
    found = guess_personal(name, None, TEXT)
    assert found is not None
    assert (found.what, found.personal_data) == (what, "personal")
    assert found.confidence >= 0.3


@pytest.mark.parametrize("name", ["industry", "amount", "status", "source", "legal_form", "capital", "territory", "sexton_code"])
def test_other_names_are_left_alone(name: str) -> None:
    assert guess_personal(name, None, TEXT) is None


def test_values_say_it_where_the_name_does_not() -> None:
    assert guess_personal("x1", None, Evidence({"email": 0.9}, type="email")).what == "e-mail"  # type: ignore[union-attr]
    assert guess_personal("x2", None, Evidence({"word": 1.0}, given_names=0.6)).what == "person name"  # type: ignore[union-attr]
    assert guess_personal("x3", None, Evidence({"text": 1.0}, holds_contact=0.2)).what == "free text"  # type: ignore[union-attr]
    company = Evidence({"words": 1.0}, given_names=0.3, legal_forms=0.6, distinct=900, distinct_share=0.9)
    assert guess_personal("x4", None, company) is None


def test_name_and_values_together_are_surer() -> None:
    alone = guess_personal("email", None, TEXT)
    both = guess_personal("email", None, Evidence({"email": 1.0}, type="email"))
    assert alone and both and both.confidence > alone.confidence


def test_what_the_contract_declares_is_certain() -> None:
    declared = guess_personal("x", "personal", TEXT)
    assert declared is not None and declared.confidence == 1.0
    assert guess_personal("email_class", "none", TEXT) is None


def test_many_different_words_may_be_names() -> None:
    found = guess_personal("x", None, Evidence({"word": 1.0}, distinct=5_000, distinct_share=0.3))
    assert found is not None and found.confidence == 0.3
