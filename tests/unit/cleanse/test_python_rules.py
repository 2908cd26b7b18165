"""The rules that run in Python, value by value, and their Arrow wrapping."""

from __future__ import annotations

import pyarrow as pa
import pytest

from onefold.cleanse.arrays import over_distinct, over_elements
from onefold.cleanse.countries import country_names
from onefold.cleanse.emails import normal_email
from onefold.cleanse.identifiers import check_identifier
from onefold.cleanse.phones import parse_phone
from onefold.cleanse.reference import disposable_domains, legal_forms
from onefold.cleanse.text import fold_text
from onefold.cleanse.transliterate import ascii_text


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("(030) 901820", "DE", ("+4930901820", "DE", "fixed", None, None)),
        ("0049 151 23456789", None, ("+4915123456789", "DE", "mobile", None, None)),
        ("+49 (0) 30 901820", "US", ("+4930901820", "DE", "fixed", None, None)),
        ("(212) 736-5000", "US", ("+12127365000", "US", "other", None, None)),
        ("(212) 736-5000 ext. 44", "US", ("+12127365000", "US", "other", "44", None)),
        ("011 44 20 7946 0018", "US", ("+442079460018", "GB", "fixed", None, None)),
        ("4930901820.0", "DE", ("+4930901820", "DE", "fixed", None, None)),
        ("030 901820", None, (None, None, None, None, "no_country")),
        ("41446681800", None, ("+41446681800", "CH", "fixed", None, "assumed_country_code")),
        ("020 7946 0018", "DE|GB", ("+442079460018", "GB", "fixed", None, "other_region")),
        ("0699 12345678", "DE|AT", ("+4969912345678", "DE", "fixed", None, "ambiguous_region")),
        ("+49 30 901820", "DE|AT", ("+4930901820", "DE", "fixed", None, None)),
        ("0000000000", "US", (None, None, None, None, "placeholder")),
        ("1234567890", "US", (None, None, None, None, "placeholder")),
        ("12", "DE", (None, None, None, None, "invalid")),
        ("call me", "DE", (None, None, None, None, "invalid")),
        ("9" * 100, "DE", (None, None, None, None, "invalid")),
    ],
)
def test_phones(raw: str, region: str | None, expected: tuple[str | None, ...]) -> None:
    assert parse_phone(raw, region) == expected


def test_the_mapping_tells_mobile_from_fixed_where_the_plan_cannot() -> None:
    assert parse_phone("(212) 736-5000", "US", "mobile")[2] == "mobile"
    assert parse_phone("(030) 901820", "DE", "mobile")[2] == "fixed"


@pytest.mark.parametrize(
    ("scheme", "raw", "country", "expected"),
    [
        ("duns", "15-048-3782", None, ("150483782", True)),
        ("duns", "000000000", None, ("000000000", False)),
        ("duns", "1504837", None, ("1504837", False)),
        ("vat", "DE 136 695 976", None, ("DE136695976", True)),
        ("vat", "136695976", "DE", ("DE136695976", True)),
        ("vat", "DE136695975", "DE", ("DE136695975", False)),
        ("vat", "12345", None, ("12345", None)),
        ("vat", "CHE-107.787.577 IVA", None, ("CHE107787577IVA", True)),
        ("lei", "213800KUD8LAJWSQ9D15", None, ("213800KUD8LAJWSQ9D15", True)),
        ("lei", "213800KUD8LAJWSQ9D16", None, ("213800KUD8LAJWSQ9D16", False)),
        ("iban", "GR16 0110 1050 0000 1054 7023 795", None, ("GR1601101050000010547023795", True)),
        ("registration", "HRB 1234", "DE", ("HRB1234", None)),
        ("registration", "0000000", "DE", ("0000000", False)),
        ("loyalty", " a  b ", None, ("a b", None)),
        ("vat", "--", None, (None, None)),
    ],
)
def test_identifiers(scheme: str, raw: str, country: str | None, expected: tuple[str | None, bool | None]) -> None:
    assert check_identifier(scheme, raw, country) == expected


def test_unusual_emails() -> None:
    assert normal_email("иван@почта.рф") == "иван@почта.рф"
    assert normal_email("a@b") is None
    assert normal_email(None) is None


def test_folding_and_transliteration() -> None:
    assert fold_text("Łódź, Straße d'Été") == "lodz strasse dete"
    assert ascii_text("андрей") == "andrey"
    assert ascii_text("") is None


def test_reference_lists() -> None:
    forms = {(f.term, f.place): f.form for f in legal_forms()}
    assert forms["gmbh", "after"] == "gmbh"
    assert forms["ооо", "before"] == "ooo"
    assert forms["株式会社", "either"] == "kk"
    assert len(disposable_domains()) > 5000
    assert country_names()["deutschland"] == "DE"


def test_lists_keep_their_shape() -> None:
    lists = pa.array([["a", "b"], None, [], ["a"]])
    seen: list[list[str]] = []

    def upper(flat: pa.Array) -> pa.Array:
        seen.append(flat.to_pylist())
        return pa.array(over_distinct(flat.to_pylist(), str.upper))

    assert over_elements(lists, upper).to_pylist() == [["A", "B"], None, [], ["A"]]
    assert over_elements(lists.slice(2), upper).to_pylist() == [[], ["A"]]
    assert seen == [["a", "b", "a"], ["a"]]
