"""One frame of parties through the whole walk: every kind of value, every doubt, every fate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row

from onefold.cleanse import CleanseSource, StandardiseSettings, attribute_types, cleanse_party, map_party
from onefold.cleanse.settings import PartyMapping
from onefold.contracts.silver import PARTY, SILVER_QUARANTINE
from onefold.errors import ConfigurationError

MAPPING: dict[str, Any] = {
    "full_name": "name",
    "company_name": "name",
    "gender": "sex",
    "birth_date": "born",
    "country": "land",
    "emails": ["mail"],
    "phones": ["tel"],
    "addresses": [{"line": "street", "city": "city", "postcode": "zip", "country": "land"}, {"full": "full"}],
    "identifiers": [{"scheme": "vat", "column": "vat"}, {"scheme": "duns", "column": "duns"}],
    "consents": [{"channel": "email", "column": "opt", "values": {"Y": "opt_in", "N": "opt_out"}}],
    "attributes": {"revenue": {"column": "rev", "type": "number"}, "job": {"column": "user.job"}},
    "updated_at": "changed",
    "middle_name": "not there",
}
ROWS: list[dict[str, Any]] = [
    {
        "id": "1", "type": "P", "name": "Dr. JÖRG VON DER MÜLLER, Jr.", "sex": "m", "born": "1980-02-03", "land": "Deutschland",
        "mail": "Bob <BOB@Gmail.com>", "tel": "(030) 901820", "street": "Hauptstr. 5a", "city": "KÖLN", "zip": "D-50667",
        "full": "12 High St, Apt 4, Springfield, IL 62704, USA", "vat": "136695976", "duns": "15-048-3782", "opt": "y",
        "rev": "1.234,5", "user": '{"job": "Größter Chef"}', "changed": "2024-01-02",
    },
    {"id": "1", "type": "P", "name": "Old Name", "changed": "2023-01-02"},
    {
        "id": "2", "type": "c", "name": "The Intl Foods & Sons Mfg. Co., S.A. de C.V.", "mail": "noemail@noemail.com",
        "tel": "0000000000", "land": "U.K.", "vat": "GB123", "duns": "000000000", "opt": "?", "born": "9999-12-31",
    },
    {"id": "3", "type": "P", "name": "О'БРАЙЕН, ИВАН", "born": "x", "mail": "иван@почта.рф; b@acme.com", "land": "Atlantis",
     "zip": "1"},
    {"id": "4", "type": "X", "name": "Nobody Knows"},
    {"id": " ", "type": "P", "name": "No Key"},
    {"id": None, "type": "P", "name": "No Key"},
    {"id": "5", "type": "P", "name": "N/A", "mail": "a..b@x.com", "tel": "n/a"},
    {"id": "6", "type": "P", "name": "田中 太郎 😀", "mail": "x@mailinator.com"},
    {"id": "7", "type": "C", "name": "a" * 10_000_000},
    {"id": "8", "type": "P", "name": "Test Test", "mail": "info@acme.com", "born": "1970-01-01"},
    {"id": "9", "type": "P"},
]  # fmt: skip


@pytest.fixture()
def cleansed(bronze: Callable[..., DataFrame], source: Callable[..., Any]) -> Any:
    mixed = {"column": "type", "values": {"P": "person", "C": "company"}}
    crm = source(entity_type=mixed, default_country="DE", party=MAPPING)
    return cleanse_party(bronze(ROWS), crm, StandardiseSettings())


def picked(row: Row, *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_parties(cleansed: Any) -> None:
    assert [f.name for f in cleansed.accepted.schema][: len(PARTY.columns)] == list(PARTY.column_names)
    assert cleansed.accepted.columns[len(PARTY.columns) :] == ["job", "revenue", "job_key"]
    rows = {row["source_key"]: row for row in cleansed.accepted.collect()}
    assert sorted(rows) == ["1", "2", "3", "5", "6", "7", "8", "9"]
    assert len({row["party_id"] for row in rows.values()}) == len(rows)
    _person(rows["1"])
    _company(rows["2"])
    _other_script(rows["3"])
    _doubtful(rows)


def _person(row: Row) -> None:
    assert picked(row, "record_id", "entity_type", "name_title", "name_suffix") == ("crm:1", "person", "dr", "jr")
    assert picked(row, "given_name", "middle_name", "family_name") == ("Jörg", None, "Von Der Müller")
    assert picked(row, "given_name_key", "family_name_key", "full_name_key") == ("jorg", "von der muller", "jorg von der muller")
    assert picked(row, "gender", "birth_date", "company_name") == ("male", date(1980, 2, 3), None)
    assert picked(row, "email", "phone") == ("bob@gmail.com", "+4930901820")
    assert picked(row, "house_number", "street", "city", "postcode", "country") == ("5a", "Hauptstr.", "Köln", "50667", "DE")
    assert picked(row, "street_key", "city_key") == ("hauptst", "koln")
    assert picked(row, "vat", "duns", "revenue", "job", "job_key") == (
        "DE136695976", "150483782", 1234.5, "Größter Chef", "grosster chef",
    )  # fmt: skip
    second = row["addresses"][1]
    assert picked(second, "house_number", "street", "city", "region", "postcode", "country", "street_key") == (
        "12", "High St", "Springfield", "IL", "62704", "US", "high st",
    )  # fmt: skip
    assert picked(row["emails"][0], "value", "domain", "class", "raw") == (
        "bob@gmail.com",
        "gmail.com",
        "free",
        "Bob <BOB@Gmail.com>",
    )
    assert picked(row["consents"][0], "channel", "purpose", "status") == ("email", "marketing", "opt_in")
    assert row["source_updated_at"] == datetime(2024, 1, 2)
    assert row["raw"]["full_name"] == "Dr. JÖRG VON DER MÜLLER, Jr."
    assert "company_name" not in row["raw"]
    assert row["reasons"] == []


def _company(row: Row) -> None:
    assert picked(row, "entity_type", "legal_form", "full_name") == ("company", "sa de cv", None)
    assert row["company_key"] == "international foods and sons manufacturing"
    assert picked(row, "country", "vat", "duns", "email", "phone", "birth_date") == ("GB", None, None, None, None, None)
    assert [picked(i, "value", "valid") for i in row["identifiers"]] == [("GB123", False), ("000000000", False)]
    assert row["reasons"] == [
        "birth_date:placeholder", "consent:email", "duns:invalid", "email:placeholder", "phone:placeholder", "vat:invalid",
    ]  # fmt: skip


def _other_script(row: Row) -> None:
    assert picked(row, "full_name", "full_name_key") == ("Иван О'Брайен", "ivan obrayen")
    assert [picked(e, "value", "class") for e in row["emails"]] == [("иван@почта.рф", "personal"), ("b@acme.com", "personal")]
    assert picked(row, "country", "postcode") == ("DE", "1")
    assert row["reasons"] == ["address:country", "birth_date:syntax", "country:unreadable", "postcode:format"]


def _doubtful(rows: dict[str, Row]) -> None:
    assert picked(rows["5"], "full_name", "email") == (None, None)
    assert rows["5"]["reasons"] == ["email:syntax", "full_name:sentinel", "phone:sentinel"]
    assert picked(rows["6"], "given_name", "family_name", "full_name_key") == ("太郎", "田中", "tailang tianzhong")
    assert rows["6"]["emails"][0]["class"] == "disposable"
    assert picked(rows["7"], "company_name", "reasons") == (None, ["company_name:too_long"])
    assert len(rows["7"]["raw"]["company_name"]) == 10_000_000
    assert picked(rows["8"], "full_name", "birth_date", "email") == (None, None, "info@acme.com")
    assert rows["8"]["reasons"] == ["birth_date:default", "name:placeholder"]
    assert rows["8"]["emails"][0]["class"] == "role"
    assert picked(rows["9"], "full_name", "emails", "addresses", "raw", "reasons") == (None, [], [], {}, [])


def test_rows_set_aside_add_up(cleansed: Any) -> None:
    found = {(r["row_number"], r["reason"]): r["detail"] for r in cleansed.quarantined.collect()}
    assert cleansed.quarantined.columns == list(SILVER_QUARANTINE.column_names)
    assert found == {
        (2, "superseded"): "key: id",
        (5, "entity_type_unknown"): None,
        (6, "key_missing"): "key: id",
        (7, "key_missing"): "key: id",
    }
    assert len(ROWS) == len(found) + 8


def test_absent_columns_are_told(bronze: Callable[..., DataFrame], source: Callable[..., Any]) -> None:
    crm = source(party={"full_name": "name", "emails": ["user.mail", "nope"], "gender": "also.nope"})
    mapped = map_party(bronze([{"id": "1", "name": "A", "user": "{}"}]), crm, StandardiseSettings())
    assert mapped.absent == ("also.nope", "nope")


def test_an_attribute_has_one_type_and_a_name_of_its_own() -> None:
    number = PartyMapping.model_validate({"attributes": {"size": {"column": "a", "type": "number"}}})
    text = PartyMapping.model_validate({"attributes": {"size": {"column": "a"}}})
    assert attribute_types([number, number]) == {"size": "number"}
    with pytest.raises(ConfigurationError, match="attribute size is declared as number and text"):
        attribute_types([number, text])
    with pytest.raises(ValueError, match="already there: email, given_name"):
        PartyMapping.model_validate({"attributes": {"email": "a", "given_name": {"column": "a"}} | {"email": {"column": "a"}}})


def test_date_patterns_are_checked() -> None:
    with pytest.raises(ValueError, match="letters without meaning: Y"):
        CleanseSource.model_validate({"entity_type": "person", "party": {"birth_date": {"column": "b", "format": "dd.MM.YYYY"}}})
