"""The as-is map joins configuration, fullness, golden origin and conflicts; overlaps and conflicts are counted right."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.cleanse.settings import CleanseSource
from onefold.contracts.silver import PARTY
from onefold.ingest.settings import IngestSource
from onefold.profile.as_is import Conflict, Counts, Measured, as_is, fullness
from onefold.profile.as_is_page import as_is_page
from onefold.profile.conflicts import conflicts
from onefold.profile.overlap import held_together, overlaps, party_values_held

AT = datetime(2026, 1, 11, tzinfo=UTC)


def party(record: str, **values: Any) -> tuple[Any, ...]:
    source = record.partition(":")[0]
    usual = {
        "record_id": record,
        "party_id": hash(record) % 10**9,
        "source": source,
        "source_key": record.partition(":")[2],
        "entity_type": "person",
        "batch": "b",
        "file": "f",
        "file_hash": "h",
        "row_number": 1,
        "as_of": datetime(2026, 1, 1, tzinfo=UTC),
        "emails": [],
        "phones": [],
        "identifiers": [],
        "consents": [],
    }
    if mail := values.pop("mail", None):
        usual["emails"] = [(mail, "m.org", "free", mail)]
    return tuple((usual | values).get(name) for name in PARTY.column_names)


@pytest.fixture(scope="module")
def parties(spark: SparkSession) -> DataFrame:
    rows = [
        party("crm:1", mail="a@m.org", postcode="1", family_name_key="lee", birth_date=date(1980, 1, 1), consents=None),
        party("erp:1", mail="a@m.org", postcode="2", family_name_key="lee"),
        party("web:1", mail="z@m.org", postcode="2"),
        party("crm:2", mail="b@m.org", postcode="7"),
        party("erp:2", postcode="7"),
        party("crm:3", mail="c@m.org"),
    ]
    return spark.createDataFrame(rows, PARTY.schema)


def test_fullness_counts_records_with_a_value(parties: DataFrame) -> None:
    found = {row["source"]: row for row in fullness(parties, [], AT).collect()}
    assert found["crm"]["records"] == 3
    filled = found["crm"]["filled"]
    assert (filled["email"], filled["postcode"], filled["birth_date"], filled["phone"], filled["consent email"]) == (
        3,
        2,
        1,
        0,
        0,
    )
    assert found["erp"]["median_age_days"] == pytest.approx(10)


def test_conflicts_are_customers_where_no_value_agrees(spark: SparkSession, parties: DataFrame) -> None:
    who = {"crm:1": "P1", "erp:1": "P1", "web:1": "P1", "crm:2": "P2", "erp:2": "P2", "crm:3": "P3"}
    crosswalk = spark.createDataFrame(
        [(r, r.partition(":")[0], c) for r, c in who.items()], "record_id string, source string, customer_id string"
    )
    rows = conflicts(parties, crosswalk).collect()
    found = {(r["attribute"], r["source"], r["other"]): (r["compared"], r["conflicting"]) for r in rows}
    assert found["postcode", "crm", "erp"] == (2, 1)
    assert found["postcode", "crm", None] == (2, 1)
    assert found["postcode", "web", None] == (1, 0)  # agrees with erp
    assert found["email", "web", None] == (1, 1)
    assert found["family_name", "crm", "erp"] == (1, 0)
    assert ("birth_date", "crm", None) not in found


def test_overlaps_are_shares_of_distinct_values(parties: DataFrame) -> None:
    counted = held_together(party_values_held(parties), ["crm", "erp", "web"]).collect()
    found = {
        (o.attribute, o.source, o.other): (o.distinct, o.shared)
        for o in overlaps({(r[0], r[1]): r[2] for r in counted}, ["crm", "erp", "web"])
    }
    assert found["email", "crm", "erp"] == (3, 1)
    assert found["email", "erp", "crm"] == (1, 1)
    assert found["email", "web", "(any other)"] == (1, 0)


def test_the_map_and_its_page() -> None:
    party_part = {"emails": ["mail"], "family_name": "name"}
    ingest = {"source": "crm", "description": "CRM <1>", "owner": {"team": "sales"}, "path": "x", "format": "csv", "key": ["id"]}
    source = IngestSource.model_validate(ingest | {"ignore": ["notes"]})
    mapping = CleanseSource.model_validate({"entity_type": "person", "party": party_part})
    measured = Measured(
        {"crm": Counts(4, {"email": 2, "country": 4}, AT, None, 3.0)},
        {("email", "crm"): 1, ("email", "erp"): 3},
        {("email", "crm"): Conflict(2, 1, "erp")},
        {"crm": ["fax"]},
    )
    rows = as_is([(source, mapping)], {"email": ("blocking person email",)}, ["erp", "crm"], measured)
    assert [r.attribute for r in rows] == ["country", "email", "family_name", "raw.fax", "raw.notes"]
    email = rows[1]
    assert (email.filled_share, email.golden_share, email.trust_rank, email.uses) == (0.5, 0.25, 2, ("blocking person email",))
    assert rows[0].raw_columns == () and rows[2].filled is None
    text = as_is_page(rows)
    assert "CRM &lt;1&gt;" in text and "50% differ" in text and "most with erp" in text and "fax" in text
    assert "<script" not in text
