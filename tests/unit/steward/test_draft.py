"""What becomes a decision, what is refused, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyspark.sql.types import DateType, StringType

from onefold.steward import Decision, Known, Record, Request, draft

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MEMBERS = {"P1": ["a", "b", "c"], "P2": ["x", "y"], "C1": ["firm"], "P3": ["alone"]}
RECORDS = {
    record: Record(record, hash(record), "company" if customer == "C1" else "person", customer)
    for customer, records in MEMBERS.items()
    for record in records
}
KNOWN = Known(RECORDS, MEMBERS, {"email": StringType(), "birth_date": DateType()})


def ask(kind: Any, record: str | None = None, other: str | None = None, **further: Any) -> Request:
    return Request(kind, further.pop("reason", "seen the papers"), "ann", record, other, **further)


def one(request: Request, *earlier: Decision) -> Decision:
    drafted = draft([request], KNOWN, earlier, NOW)
    assert drafted.problems == ()
    return drafted.new[0]


def refused(request: Request, *earlier: Decision) -> str:
    drafted = draft([request], KNOWN, earlier, NOW)
    assert drafted.new == () or drafted.problems
    return "\n".join(drafted.problems)


def test_customers_stand_for_their_first_records() -> None:
    made = one(ask("must_link", "P2", "P1"))
    assert (made.record_id, made.other_record_id, made.entity_type, made.decided_by) == ("x", "a", "person", "ann")
    assert made.decision_id.startswith("D20261101T000000-")


def test_unmerge_keeps_the_record_apart_from_those_who_stay() -> None:
    made = one(ask("unmerge", "b", with_records=("c",)))
    assert (made.record_id, made.with_records, made.apart_from) == ("b", ("c",), ("a",))


def test_reassign_leaves_the_fellows_and_joins_the_other_customer() -> None:
    made = one(ask("reassign", "b", "P2"))
    assert (made.record_id, made.other_record_id, made.apart_from) == ("b", "x", ("a", "c"))


def test_override_keeps_the_value_in_the_form_of_its_type() -> None:
    made = one(ask("override", "P1", attribute="birth_date", value=" 1970-03-05 ", policy="if_null"))
    assert (made.record_id, made.value, made.policy) == ("a", "1970-03-05", "if_null")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (ask("must_link", "a", "nobody"), "nobody is no record of silver/party and no customer"),
        (ask("must_link", "a", "firm"), "a is a person and firm a company"),
        (ask("must_link", "a", "a"), "a named twice"),
        (ask("must_link", "a"), "a record or customer is missing"),
        (ask("must_link", "a", "x", reason=" "), "no reason given"),
        (ask("must_link", "a", "x", expires_at=NOW), "expired already"),
        (ask("unmerge", "alone"), "nobody would stay behind"),
        (ask("unmerge", "a", with_records=("b", "c")), "nobody would stay behind"),
        (ask("unmerge", "P1"), "P1 is a customer; name the record that is to leave it"),
        (ask("unmerge", "a", with_records=("x",)), "x not of the customer of a"),
        (ask("reassign", "a", "b"), "a is of that customer already"),
        (ask("reassign", "P1", "x"), "P1 is a customer; reassign takes one record"),
        (ask("override", "a", attribute="emial", value="v"), "emial is no golden attribute; there are email"),
        (ask("override", "a", attribute="birth_date", value="5.3.70"), "not a date, or empty; write 2027-01-31"),
        (ask("override", "a", attribute="email", value=" "), "not a string, or empty"),
        (ask("revoke", revokes="D1"), "no decision D1; `onefold decide list` shows them"),
    ],
)
def test_refusals_say_what_to_do_and_never_the_value(request_: Request, words: str) -> None:
    said = refused(request_)
    assert words in said
    assert request_.value is None or request_.value.strip() == "" or request_.value not in said


def test_a_contradiction_names_the_decisions_in_force() -> None:
    first, second = one(ask("must_link", "a", "x")), one(ask("must_link", "x", "y"))
    chain = f"{second.decision_id}, {first.decision_id} makes one customer; revoke one of them"
    said = refused(ask("cannot_link", "y", "a"), first, second)
    assert said == f"this decision (cannot_link) keeps apart what {chain}"
    revoke = replace(one(ask("revoke", revokes=first.decision_id), first), decided_at=NOW + timedelta(hours=1))
    later = draft([ask("cannot_link", "y", "a")], KNOWN, (first, second, revoke), NOW + timedelta(hours=2))
    assert later.problems == ()


def test_conflicts_of_before_can_be_put_right_one_by_one() -> None:
    pairs = (("a", "x"), ("b", "y"))
    both = [one(ask(kind, *pair)) for pair in pairs for kind in ("must_link", "cannot_link")]
    drafted = draft([ask("revoke", revokes=both[0].decision_id)], KNOWN, both, NOW + timedelta(hours=1))
    assert (len(drafted.new), drafted.problems) == (1, ())
    again = replace(drafted.new[0], decided_at=NOW + timedelta(hours=1))
    third = draft([ask("revoke", revokes=again.decision_id)], KNOWN, [*both, again], NOW + timedelta(hours=2))
    assert [problem.partition(" ")[0] for problem in third.problems] == [both[1].decision_id]


def test_the_requests_of_one_file_are_checked_together_and_all_told() -> None:
    asked = [
        replace(ask("must_link", "a", "x"), place="line 2"),
        replace(ask("cannot_link", "x", "a"), place="line 3"),
        replace(ask("must_link", "a", "nobody"), place="line 4"),
    ]
    drafted = draft(asked, KNOWN, (), NOW)
    assert len(drafted.problems) == 2
    assert drafted.problems[0].startswith("line 4: nobody")
    assert drafted.problems[1].startswith("this decision (cannot_link) keeps apart what this decision (must_link) makes")


def test_what_is_in_force_already_is_not_recorded_again() -> None:
    first = one(ask("must_link", "a", "x"))
    again = draft([ask("must_link", "x", "a"), ask("must_link", "a", "x")], KNOWN, (first,), NOW + timedelta(hours=1))
    assert (again.new, again.standing, again.problems) == ((), (first, first), ())


def test_a_revoked_decision_is_not_revoked_again() -> None:
    first = one(ask("must_link", "a", "x"))
    revoke = replace(one(ask("revoke", revokes=first.decision_id), first), decided_at=NOW + timedelta(hours=1))
    drafted = draft([ask("revoke", revokes=first.decision_id)], KNOWN, (first, revoke), NOW + timedelta(hours=2))
    assert drafted.problems == (f"{first.decision_id} is revoked already",)
