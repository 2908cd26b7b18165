"""Which decisions are in force, and the pairs that they speak of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from onefold.contracts.stewardship import DECISION
from onefold.steward import Decision, in_force, links, states, tabled

START = datetime(2026, 11, 1, tzinfo=UTC)


def decision(number: int, kind: Any = "must_link", *records: str, **further: Any) -> Decision:
    one, other = (*records, None, None)[:2]
    at = START + timedelta(hours=number)
    return Decision(f"D{number}", kind, "person", one, "why", "ann", at, "command", other_record_id=other, **further)


def test_a_decision_is_in_force_from_its_moment_until_it_expires() -> None:
    made = decision(2, "must_link", "a", "b", expires_at=START + timedelta(hours=4))
    hours = {hour: in_force([made], START + timedelta(hours=hour)) for hour in (1, 2, 3, 4)}
    assert {hour: bool(found) for hour, found in hours.items()} == {1: False, 2: True, 3: True, 4: False}


def test_a_revoke_takes_back_and_can_be_taken_back_itself() -> None:
    made = [decision(1, "must_link", "a", "b"), decision(2, "revoke", revokes="D1"), decision(3, "revoke", revokes="D2")]
    at = START + timedelta(days=1)
    assert states(made[:1], at) == {"D1": "in force"}
    assert states(made[:2], at) == {"D1": "revoked", "D2": "in force"}
    assert states(made, at) == {"D1": "in force", "D2": "revoked", "D3": "in force"}
    assert in_force(made[:2], at) == ()
    assert [d.decision_id for d in in_force(made, at)] == ["D1"]


def test_a_revoke_that_expires_gives_the_decision_back() -> None:
    made = [decision(1, "must_link", "a", "b"), decision(2, "revoke", revokes="D1", expires_at=START + timedelta(hours=5))]
    assert [bool(in_force(made, START + timedelta(hours=hour))) for hour in (3, 6)] == [False, True]


def test_what_leaves_together_stays_together_and_apart_from_each_that_stays() -> None:
    made = decision(1, "unmerge", "a", with_records=("b",), apart_from=("c", "d"))
    found = {(link.one, link.other, link.together) for link in links([made])}
    assert found == {
        ("a", "b", True), ("a", "c", False), ("a", "d", False), ("b", "c", False), ("b", "d", False),
    }  # fmt: skip


def test_a_reassigned_record_leaves_its_fellows_and_joins_the_other() -> None:
    made = decision(1, "reassign", "a", "x", apart_from=("b",))
    assert {(link.one, link.other, link.together) for link in links([made])} == {("a", "x", True), ("a", "b", False)}


def test_rows_follow_the_contract() -> None:
    row = tabled([decision(1, "unmerge", "a", apart_from=("b",))])[0]
    assert dict(zip(DECISION.column_names, row, strict=True))["apart_from"] == ["b"]
