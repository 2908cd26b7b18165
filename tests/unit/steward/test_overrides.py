"""The newest override in force holds, unless the sources have changed since it was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pyspark.sql import SparkSession

from onefold.steward import Decision, choose_overrides, seen_hashes

START = datetime(2026, 11, 1, tzinfo=UTC)


def override(name: str, hour: int, record: str = "a", attribute: str = "email", **further: Any) -> Decision:
    at = START + timedelta(hours=hour)
    return Decision(name, "override", "person", record, "why", "ann", at, "command", attribute=attribute, value="v", **further)


def test_the_newest_wins_then_the_smallest_id_whatever_record_it_was_keyed_by() -> None:
    made = [override("D2", 1), override("D1", 2, "b"), override("D3", 2), override("D4", 9, "elsewhere"), override("D5", 1, "x")]
    chosen = choose_overrides(made, {"a": "P1", "b": "P1", "x": "P2"}, {}, ("email",))
    assert [(customer, d.decision_id) for customer, d in chosen.holding] == [("P1", "D1"), ("P2", "D5")]
    assert (chosen.outvoted, chosen.homeless) == (("D2", "D3"), ("D4",))


def test_what_the_sources_say_differently_lapses_and_gives_way_to_the_one_before() -> None:
    bound = override("D2", 2, policy="until_source_changes", seen_hash="then")
    known = {"a": "P1"}
    assert choose_overrides([bound], known, {"D2": "then"}, ("email",)).lapsed == ()
    changed = choose_overrides([override("D1", 1), bound], known, {"D2": "now"}, ("email",))
    assert ([d.decision_id for _, d in changed.holding], changed.lapsed) == (["D1"], ("D2",))
    assert choose_overrides([override("D1", 1, attribute="gone")], known, {}, ("email",)).unknown == ("D1",)


def test_hashes_follow_the_values_of_the_whole_customer(spark: SparkSession) -> None:
    mapped = spark.createDataFrame([("a", "P1"), ("b", "P1"), ("c", "P2")], "record_id string, customer_id string")
    asked = spark.createDataFrame(
        [("D1", "a", "email"), ("D2", "b", "email"), ("D3", "c", "city")],
        "decision_id string, record_id string, attribute string",
    )

    def hashes(*emails: str | None) -> dict[str, str]:
        rows = [(record, email, "Bonn") for record, email in zip("abc", emails, strict=True)]
        parties = spark.createDataFrame(rows, "record_id string, email string, city string")
        return {row.decision_id: row.seen_hash for row in seen_hashes(parties, mapped, asked, ["city", "email"]).collect()}

    first = hashes("a@x", "b@x", None)
    assert set(first) == {"D1", "D2", "D3"}
    assert first["D1"] != first["D2"]  # the same values, hashed with different ids
    assert hashes("b@x", "a@x", "c@x") == first  # who of them says it, and what other customers say, does not matter
    assert hashes("a@x", "new@x", None)["D1"] != first["D1"]
