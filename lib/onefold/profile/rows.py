"""Profiles as rows of quality/profile and as lines of a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from onefold.profile.report import ColumnProfile, Counted, TableProfile

__all__ = ["TERMINAL", "kept_rows", "shown_value", "terminal_rows"]

TERMINAL = ("column", "type", "filled", "distinct", "key", "length", "range", "most frequent", "pattern", "personal")
_Listed = list[tuple[str | None, int, float]]


def kept_rows(profile: TableProfile, run_id: str, at: datetime) -> list[tuple[Any, ...]]:
    """Return the rows of quality/profile, in the order of its contract."""
    return [_row(profile, column, run_id, at) for column in profile.columns]


def _row(profile: TableProfile, c: ColumnProfile, run_id: str, at: datetime) -> tuple[Any, ...]:
    personal = c.personal
    guessed = (
        (None, None, None, None)
        if personal is None
        else (personal.what, personal.personal_data, personal.confidence, personal.reason)
    )
    return (
        *(run_id, at, profile.table, profile.version, c.name, c.position, c.declared_type, c.type, c.type_share),
        *(c.rows, c.filled, c.nulls, c.blanks, c.sentinels, c.invalid, c.filled_share, c.distinct, c.distinct_exact, c.unique),
        *(c.shortest, c.longest, c.mean_length, c.numbers, c.minimum, c.maximum, c.mean, c.deviation),
        [float(q) for q in c.quantiles] or None,
        *(_listed(items) for items in (c.kinds, c.formats, c.patterns, c.shapes, c.years, c.values)),
        *(c.whole, c.shows_values),
        *guessed,
    )


def _listed(items: Sequence[Counted]) -> _Listed:
    return [(item.label, item.count, item.share) for item in items]


def terminal_rows(profile: TableProfile) -> list[tuple[object, ...]]:
    """Return a line for each column, for `TERMINAL`."""
    return [
        (
            c.name,
            c.written_type() if c.type == c.declared_type or c.declared_type != "string" else f"{c.written_type()}*",
            f"{c.filled_share:.1%}",
            f"{'' if c.distinct_exact else '~'}{c.distinct:,}",
            "key" if c.unique else "",
            "" if c.shortest is None else f"{c.shortest}" if c.shortest == c.longest else f"{c.shortest}–{c.longest}",
            f"{c.minimum} … {c.maximum}" if c.minimum is not None else _years(c),
            _most_frequent(c),
            ", ".join(f"{p.label} {p.share:.0%}" for p in c.drawn[:2] if len(p.label or "") <= 24),
            "" if c.personal is None else f"{c.personal.what} {c.personal.confidence:.2f}",
        )
        for c in profile.columns
    ]


def shown_value(label: str | None, longest: int = 40) -> str:
    """Return a value as one short line.

    >>> shown_value("a" * 50, 10), shown_value(None)
    ('aaaaaaaaa…', '(not shown)')
    """
    if label is None:
        return "(not shown)"
    line = " ".join(label.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _years(c: ColumnProfile) -> str:
    known = [y.label for y in c.years]
    return f"{known[0]} … {known[-1]}" if known else ""


def _most_frequent(c: ColumnProfile) -> str:
    top = c.values[0] if c.values else None
    if top is None or (top.share < 0.001 and not c.unique) or top.count <= 1:
        return ""
    return f"{shown_value(top.label, 20)} {top.share:.1%}"
