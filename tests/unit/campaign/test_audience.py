from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.types import StructType

from onefold.campaign import AudienceSettings, select_audience
from onefold.contracts.gold import AUDIENCE, CONSENT, CUSTOMER, CUSTOMER_INTERACTION
from onefold.errors import ConfigurationError

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)  # a Friday

PEOPLE: dict[str, dict[str, Any]] = {
    "ok": {},
    "ok_two_contacts_but_old": {},
    "company": {"entity_type": "company"},
    "abroad": {"country": "FR"},
    "nowhere": {"country": None},
    "young": {"birth_date": date(2010, 11, 21)},
    "just_old_enough": {"birth_date": date(2010, 11, 20)},
    "wrong_source": {"sources": ["web"]},
    "no_mail": {"email": None},
    "no_mail_either": {"email": None},
    "opted_out": {"email": "shared@x.org"},
    "shares_with_opted_out": {"email": "Shared@x.org"},
    "unknown": {},
    "no_statement": {},
    "often": {},
    "twin_1": {"email": "twin@x.org"},
    "twin_2": {"email": "twin@x.org"},
    "twin_0_abroad": {"email": "twin@x.org", "country": "US"},
    "abroad_unknown": {"country": "US"},
    "not_active": {},
}
NO_OPT_IN = {"opted_out": "opt_out", "unknown": "unknown", "abroad_unknown": "unknown", "no_statement": None}

AUDIENCE_YML = {
    "name": "spring",
    "entity_type": "person",
    "channel": "email",
    "filters": [
        {"attribute": "country", "is": ["DE", "AT"]},
        {"name": "grown_up", "attribute": "age", "at_least": 16},
        {"attribute": "sources", "not": ["web"]},
        {"name": "active", "interacted": {"kinds": ["order"], "within_days": 365}},
    ],
    "frequency_cap": {"max_contacts": 2, "days": 7},
}


def _frame(spark: SparkSession, rows: list[dict[str, Any]], schema: StructType) -> DataFrame:
    return spark.createDataFrame([tuple(row.get(n) for n in schema.names) for row in rows], schema)


@pytest.fixture(scope="module")
def people(spark: SparkSession) -> DataFrame:
    plain = {
        "entity_type": "person", "record_count": 1, "source_count": 1, "sources": ["crm"], "country": "DE",
        "birth_date": date(1980, 1, 1), "phone": "+4930", "run_id": "r",
    }  # fmt: skip
    rows = [{"customer_id": n, "email": f"{n}@x.org"} | plain | own for n, own in PEOPLE.items()]
    return _frame(spark, rows, CUSTOMER.schema)


@pytest.fixture(scope="module")
def said(spark: SparkSession) -> DataFrame:
    statements = {n: NO_OPT_IN.get(n, "opt_in") for n in PEOPLE}
    rows = [{"customer_id": n, "channel": "email", "status": s} for n, s in statements.items() if s]
    rows += [{"customer_id": "no_statement", "channel": "phone", "status": "opt_in"}]
    rows += [{"customer_id": "no_statement", "channel": "email", "status": "opt_in", "purpose": "survey"}]
    shared = {"purpose": "marketing", "record_id": "crm:1", "source": "crm", "conflict": False, "run_id": "r"}
    return _frame(spark, [shared | row for row in rows], CONSENT.schema)


@pytest.fixture(scope="module")
def done(spark: SparkSession) -> DataFrame:
    sent = {"channel": "phone", "kind": "sent", "direction": "outbound"}
    order = {"channel": "shop", "kind": "order", "direction": "inbound", "occurred_at": NOW - timedelta(days=30)}
    rows = [order | {"customer_id": n} for n in PEOPLE if n != "not_active"]
    rows += [sent | {"customer_id": "often", "occurred_at": NOW - timedelta(days=d)} for d in (0, 6)]
    rows += [sent | {"customer_id": "ok", "occurred_at": NOW - timedelta(days=d)} for d in (1, 7, -1)]  # one counts
    rows += [sent | {"customer_id": "ok_two_contacts_but_old", "occurred_at": NOW - timedelta(days=d)} for d in (8, 9)]
    rows += [sent | {"customer_id": "twin_1", "direction": d, "occurred_at": NOW} for d in ("inbound", None)]
    rows += [sent | {"customer_id": None, "occurred_at": NOW}]
    plain = {"record_id": "crm:1", "source": "mail", "run_id": "r"}
    numbered = [plain | {"interaction_id": str(i)} | row for i, row in enumerate(rows)]
    return _frame(spark, numbered, CUSTOMER_INTERACTION.schema)


def _select(people: DataFrame, said: DataFrame, done: DataFrame, **changes: Any) -> DataFrame:
    audience = AudienceSettings.model_validate(AUDIENCE_YML | changes)
    return select_audience(people, said, done, audience, now=NOW, run_id="r1")


@pytest.fixture(scope="module")
def found(people: DataFrame, said: DataFrame, done: DataFrame) -> dict[str, Row]:
    selected = _select(people, said, done)
    assert selected.columns == list(AUDIENCE.column_names)
    return {row.customer_id: row for row in selected.collect()}


@pytest.mark.parametrize(
    ("customer", "reasons"),
    [
        ("ok", []),
        ("ok_two_contacts_but_old", []),
        ("just_old_enough", []),
        ("twin_1", []),
        ("company", ["entity_type"]),
        ("abroad", ["filter:country"]),
        ("nowhere", ["filter:country"]),
        ("young", ["filter:grown_up"]),
        ("wrong_source", ["filter:sources"]),
        ("not_active", ["filter:active"]),
        ("no_mail", ["no_contact_point"]),
        ("no_mail_either", ["no_contact_point"]),
        ("opted_out", ["consent_opt_out"]),
        ("shares_with_opted_out", ["contact_point_opt_out"]),
        ("unknown", ["consent_unknown"]),
        ("no_statement", ["consent_unknown"]),
        ("often", ["frequency_cap"]),
        ("twin_2", ["duplicate_contact_point"]),
        ("twin_0_abroad", ["filter:country"]),  # left out before, so it takes nothing from its twins
        ("abroad_unknown", ["filter:country", "consent_unknown"]),
    ],
)
def test_every_customer_has_its_reasons_in_order(found: dict[str, Row], customer: str, reasons: list[str]) -> None:
    row = found[customer]

    assert row.reasons == reasons
    assert row.reason == (reasons[0] if reasons else None)
    assert row.selected == (not reasons)
    assert row.contact_point == (None if reasons else PEOPLE[customer].get("email", f"{customer}@x.org"))


def test_contacts_are_counted_in_the_window_up_to_now(found: dict[str, Row]) -> None:
    assert len(found) == len(PEOPLE)
    assert {n: found[n].contacts_in_window for n in ("ok", "often", "ok_two_contacts_but_old", "twin_1")} == {
        "ok": 1, "often": 2, "ok_two_contacts_but_old": 0, "twin_1": 0,
    }  # fmt: skip
    assert {row.selected_at for row in found.values()} == {NOW.replace(tzinfo=None)}


def test_limit_takes_the_same_ones_each_time(people: DataFrame, said: DataFrame, done: DataFrame) -> None:
    runs = [_select(frame, said, done, limit=2).collect() for frame in (people, people.repartition(4))]
    chosen = [{row.customer_id for row in rows if row.selected} for rows in runs]

    assert len(chosen[0]) == 2
    assert chosen[0] == chosen[1]
    assert sum(row.reasons == ["over_limit"] for row in runs[0]) == 2


def test_calendar_week_begins_on_monday_in_its_zone(spark: SparkSession, people: DataFrame, said: DataFrame) -> None:
    # Monday 00:30 in Berlin is Sunday 23:30 in UTC: inside the running week there.
    moments = [datetime(2026, 11, 15, 23, 30, tzinfo=UTC), datetime(2026, 11, 15, 22, 30, tzinfo=UTC)]
    plain = {"customer_id": "ok", "record_id": "crm:1", "source": "m", "run_id": "r", "channel": "email", "direction": "outbound"}
    rows = [plain | {"interaction_id": str(m), "occurred_at": m} for m in moments]
    done = _frame(spark, rows, CUSTOMER_INTERACTION.schema)
    cap = {"max_contacts": 5, "calendar": "week", "time_zone": "Europe/Berlin", "channels": "same"}

    found = _select(people, said, done, filters=[], frequency_cap=cap)

    assert found.where("customer_id = 'ok'").first().contacts_in_window == 1


def test_post_needs_an_address_and_names_tell_recipients_apart(spark: SparkSession, said: DataFrame, done: DataFrame) -> None:
    home = {"street": "Elm", "house_number": "5", "postcode": "10115", "city": "Berlin", "country": "DE"}
    plain = {"entity_type": "person", "record_count": 1, "source_count": 1, "sources": [], "run_id": "r"}
    rows = [
        {"customer_id": "a", "full_name": "Ann Lee"} | home,
        {"customer_id": "b", "full_name": "Bob Lee"} | home,
        {"customer_id": "c", "full_name": "Ann Lee"} | home,
        {"customer_id": "d", "full_name": "Dan Lee", "street": "Elm"},
    ]
    people = _frame(spark, [plain | row for row in rows], CUSTOMER.schema)

    found = _select(people, said, done, channel="post", filters=[], consent_required=False, frequency_cap=None)

    rows = {row.customer_id: (row.contact_point, row.reason, row.contacts_in_window) for row in found.collect()}
    assert rows == {
        "a": ("Elm 5, 10115 Berlin, DE", None, None),
        "b": ("Elm 5, 10115 Berlin, DE", None, None),
        "c": (None, "duplicate_contact_point", None),
        "d": (None, "no_contact_point", None),
    }


def test_filters_that_do_not_fit_gold_are_refused_all_at_once(people: DataFrame, said: DataFrame, done: DataFrame) -> None:
    filters = [
        {"attribute": "contry", "is": ["DE"]},
        {"attribute": "city", "at_least": 3},
        {"attribute": "birth_date", "at_most": 3},
        {"name": "city", "attribute": "region", "present": True},
        {"name": "norway", "attribute": "country", "is": [False]},  # what YAML makes of NO
    ]

    with pytest.raises(ConfigurationError) as caught:
        _select(people, said, done, filters=filters)

    assert len(caught.value.problems) == 5
    assert "did you mean country" in caught.value.problems[0]
