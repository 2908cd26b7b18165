"""Two profiles of one table: what changed is told, and nothing when nothing did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from onefold.contracts.profile import PROFILE
from onefold.profile.compare import compare_profiles, psi, quantile_psi
from onefold.profile.page import comparison_page
from onefold.profile.report import Counted
from onefold.profile.rows import kept_rows


@pytest.fixture()
def kept(column: Any, table: Any) -> Callable[..., list[dict[str, Any]]]:
    def made(**changes: Any) -> list[dict[str, Any]]:
        rows = kept_rows(table(column(**changes)), "r", datetime(2026, 1, 1, tzinfo=UTC))
        found = [dict(zip(PROFILE.column_names, row, strict=True)) for row in rows]
        for row in found:
            for name in ("kinds", "formats", "patterns", "shapes", "years", "top_values"):
                row[name] = [dict(zip(("label", "count", "share"), item, strict=True)) for item in row[name]]
        return found

    return made


def test_the_same_profile_has_no_changes(kept: Any) -> None:
    assert compare_profiles(kept(), kept()) == []


def test_nulls_types_patterns_and_numbers_are_told(kept: Any) -> None:
    after = kept(
        nulls=60,
        filled=40,
        type="mixed",
        distinct=10,
        patterns=(Counted("AAA", 90, 0.9), Counted("999", 10, 0.1)),
        quantiles=tuple(float(i + 12) for i in range(21)),
    )
    found = {c.what: (c.before, c.after, c.large) for c in compare_profiles(kept(), after)}
    assert found["inferred type"] == ("code", "mixed", True)
    assert found["nulls"] == ("0.0%", "60.0%", True)
    assert found["distinct values"] == ("50", "10", True)
    assert found["patterns (PSI)"][2] and found["numbers (PSI)"][2]
    assert "mixed" in comparison_page(compare_profiles(kept(), after), ("a", "b"), ["bronze/crm"])


def test_columns_come_and_go(kept: Any) -> None:
    found = compare_profiles(kept(name="old"), kept(name="new"))
    assert {(c.column, c.what) for c in found} == {("old", "column is gone"), ("new", "new column")}


def test_the_index_of_numbers_is_that_of_their_bins() -> None:
    even = [float(i) for i in range(21)]
    assert quantile_psi(even, even) == pytest.approx(0, abs=1e-9)
    assert quantile_psi(even, [q + 10 for q in even]) > 1
    assert quantile_psi([1.0] * 21, [1.0] * 21) == pytest.approx(0)
    assert psi({"a": 1.0}, {"b": 1.0}) > 10
