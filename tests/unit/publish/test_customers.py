from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row
from pyspark.sql.types import DateType, DoubleType, StringType, StructField

from onefold.contracts.gold import CUSTOMER
from onefold.publish import SurvivorshipSettings, customers

Frames = Callable[..., DataFrame]


def party(record_id: str, **values: Any) -> dict[str, Any]:
    return {"record_id": record_id, **values}


SETTINGS = SurvivorshipSettings.model_validate(
    {
        "source_priority": ["erp", "crm"],
        "person": {
            "default": ["source_priority", "most_recent"],
            "attributes": {
                "given_name": "most_recent",
                "family_name": "oldest",
                "gender": ["most_frequent", "most_recent"],
                "middle_name": "longest",
                "name_suffix": "shortest",
                "name_title": "most_complete_record",
                "email": ["validated_first", "most_recent"],
                "birth_date": "min",
                "phone": "max",
                "duns": {"rules": ["source_priority"], "source_priority": ["web"]},
                "score": "max",
                "licence_until": "max",
            },
            "groups": {
                "address": {
                    "attributes": ["house_number", "street", "city", "region", "postcode", "country"],
                    "anchor": "street",
                    "rules": ["most_recent"],
                }
            },
        },
    }
)
FURTHER = (
    StructField("score", DoubleType()),
    StructField("licence_until", DateType()),
    StructField("hobby", StringType()),
    StructField("hobby_key", StringType()),
)


def _email(value: str | None, raw: str) -> tuple[Any, ...]:
    return (value, None, None, raw)


ROWS = [
    party(
        "crm:1",
        source_updated_at=datetime(2024, 1, 1),
        source_created_at=datetime(2019, 5, 1),
        given_name="Ann",
        family_name="Lee",
        gender="female",
        middle_name="Jo",
        name_suffix="jr",
        name_title="dr",
        email="a@x.org",
        birth_date=date(1980, 2, 1),
        phone="+41",
        vat="DE1",
        duns="111111111",
        score=9.0,
        licence_until=date(2026, 1, 1),
        street="Elm",
        house_number="5",
        city="Ulm",
        emails=[_email("a@x.org", "A@x.org"), _email(None, "junk")],
    ),
    party(
        "erp:1",
        source_updated_at=datetime(2025, 1, 1),
        given_name="Anna",
        family_name="Leigh",
        gender="female",
        middle_name="Josephine",
        name_suffix="phd",
        email="b@x.org",
        phone="+411",
        vat="DE2",
        duns="222222222",
        score=10.0,
        hobby="Chess",
        hobby_key="chess",
        street="Oak",
        emails=[_email("b@x.org", "b@x.org"), _email("a@x.org", "a@x.org")],
    ),
    party(
        "web:1",
        source_updated_at=datetime(2026, 1, 1),
        given_name="A.",
        gender="other",
        email="c@x.org",
        reasons=["email:role"],
        birth_date=date(1970, 2, 1),
        duns="333333333",
        licence_until=date(2027, 1, 1),
        country="DE",
    ),
    # the same in everything that a rule looks at: the smallest record id decides
    party("crm:8", given_name="Tie-b", source_updated_at=datetime(2025, 1, 1)),
    party("crm:7", given_name="Tie-a", source_updated_at=datetime(2025, 1, 1)),
    # a record without a change date is as old as its creation, not as new as its file
    party("crm:5", given_name="Old", source_created_at=datetime(2001, 1, 1)),
    party("crm:6", given_name="New", source_updated_at=datetime(2002, 1, 1)),
    party("erp:9", entity_type="company", company_name="Acme", given_name=None),
]
MEMBERS = {
    "crm:1": "P1", "erp:1": "P1", "web:1": "P1", "crm:8": "P2", "crm:7": "P2", "crm:5": "P3", "crm:6": "P3", "erp:9": "C1",
}  # fmt: skip


@pytest.fixture(scope="module")
def golden(parties: Frames, entities: Frames) -> DataFrame:
    return customers(parties(ROWS, *FURTHER), entities(MEMBERS), SETTINGS, run_id="r1")


@pytest.fixture(scope="module")
def found(golden: DataFrame) -> dict[str, Row]:
    return {row.customer_id: row for row in golden.collect()}


@pytest.mark.parametrize(
    ("attribute", "value", "record"),
    [
        ("given_name", "A.", "web:1"),  # most_recent
        ("family_name", "Lee", "crm:1"),  # oldest
        ("gender", "female", "erp:1"),  # most_frequent, then most_recent
        ("middle_name", "Josephine", "erp:1"),  # longest
        ("name_suffix", "jr", "crm:1"),  # shortest
        ("name_title", "dr", "crm:1"),  # nulls never win
        ("email", "b@x.org", "erp:1"),  # validated_first: the newest one is doubted
        ("birth_date", date(1970, 2, 1), "web:1"),  # min
        ("phone", "+411", "erp:1"),  # max of text: the longer of two with one beginning
        ("vat", "DE2", "erp:1"),  # default: source_priority
        ("duns", "333333333", "web:1"),  # an attribute's own source priority
        ("score", 10.0, "erp:1"),  # max of numbers is not the order of their texts
        ("licence_until", date(2027, 1, 1), "web:1"),  # max of dates
        ("hobby", "Chess", "erp:1"),  # an added attribute follows the default
        ("street", "Oak", "erp:1"),  # the group's newest record that has the anchor
    ],
)
def test_rule_chooses_value_and_keeps_its_record(found: dict[str, Row], attribute: str, value: Any, record: str) -> None:
    row = found["P1"]

    assert row[attribute] == value
    assert row["provenance"][attribute]["record_id"] == record
    assert row["provenance"][attribute]["source"] == record.partition(":")[0]


def test_group_survives_together_nulls_included(found: dict[str, Row]) -> None:
    row = found["P1"]

    assert (row.street, row.house_number, row.city, row.country) == ("Oak", None, None, None)
    assert row.provenance["street"].rule == "group address: most_recent"
    assert "city" not in row.provenance


def test_summary_of_all_records(found: dict[str, Row]) -> None:
    row = found["P1"]

    assert (row.record_count, row.source_count, row.sources) == (3, 3, ["crm", "erp", "web"])
    assert (row.all_emails, row.all_phones) == (["a@x.org", "b@x.org"], [])
    assert (row.first_seen_at, row.last_updated_at) == (datetime(2019, 5, 1), datetime(2026, 1, 1))
    assert row.run_id == "r1"


def test_ties_go_to_the_smallest_record_and_age_to_the_sources_own_dates(found: dict[str, Row]) -> None:
    assert found["P2"].given_name == "Tie-a"
    assert found["P3"].given_name == "New"
    assert (found["C1"].entity_type, found["C1"].company_name, found["C1"].given_name) == ("company", "Acme", None)


def test_schema_is_the_contract_then_added_attributes_with_their_types(golden: DataFrame) -> None:
    assert golden.columns == [*CUSTOMER.column_names, "score", "licence_until", "hobby"]
    assert isinstance(golden.schema["licence_until"].dataType, DateType)


def test_order_of_rows_changes_nothing(parties: Frames, entities: Frames, found: dict[str, Row]) -> None:
    shuffled = random.Random(3).sample(ROWS, len(ROWS))
    again = customers(parties(shuffled, *FURTHER).repartition(5), entities(MEMBERS), SETTINGS, run_id="r1")

    assert {row.customer_id: row for row in again.collect()} == found


def test_one_shuffle_by_customer_for_each_entity_type(golden: DataFrame) -> None:
    plan = golden.select("*")._jdf.queryExecution().executedPlan().toString()

    by_customer = [line for line in plan.splitlines() if "Exchange hashpartitioning(customer_id" in line]
    assert len(by_customer) == 2
    assert "Window" not in plan
