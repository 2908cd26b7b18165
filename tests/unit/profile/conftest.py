"""Makers of small profiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from onefold.profile.report import ColumnProfile, Counted, TableProfile


def _column(**changes: Any) -> ColumnProfile:
    usual: dict[str, Any] = {
        "position": 0,
        "name": "zip",
        "declared_type": "string",
        "type": "code",
        "type_share": 0.97,
        "rows": 100,
        "filled": 100,
        "nulls": 0,
        "blanks": 0,
        "sentinels": 0,
        "invalid": 0,
        "distinct": 50,
        "distinct_exact": True,
        "unique": None,
        "shortest": 3,
        "longest": 5,
        "mean_length": 4.0,
        "numbers": 90,
        "minimum": None,
        "maximum": None,
        "mean": None,
        "deviation": None,
        "quantiles": tuple(float(i) for i in range(21)),
        "kinds": (Counted("integer", 97, 0.97), Counted("code", 3, 0.03)),
        "formats": (),
        "patterns": (Counted("AAA", 10, 0.1), Counted("999", 90, 0.9)),
        "shapes": (Counted("9+", 90, 0.9), Counted("A+", 10, 0.1)),
        "years": (),
        "values": (Counted("<b>12</b>", 20, 0.2),),
        "whole": True,
        "shows_values": True,
        "personal": None,
    }
    return ColumnProfile(**(usual | changes))


def _table(*columns: ColumnProfile) -> TableProfile:
    return TableProfile("bronze/crm", 3, 100, columns, 1.0, {("id",): True, ("zip",): False})


@pytest.fixture(scope="session")
def column() -> Callable[..., ColumnProfile]:
    """Make a column; what is not named is usual."""
    return _column


@pytest.fixture(scope="session")
def table() -> Callable[..., TableProfile]:
    """Make a table of such columns."""
    return _table
