"""Puts together what the scans brought to the driver: one column's profile from a few rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pyspark.sql import Row

from onefold.profile.columns import Target
from onefold.profile.infer import infer_type
from onefold.profile.looks import CUT, Plan
from onefold.profile.personal import Evidence, guess_personal
from onefold.profile.report import ColumnProfile, Counted
from onefold.profile.settings import ProfileSettings

__all__ = ["Found", "Known", "column_profile", "found_of"]

_INTS = ("tinyint", "smallint", "int", "bigint")


@dataclass(frozen=True)
class Found:
    """What the second scan found: a row of numbers for each column, and its listings, the most frequent first."""

    numbers: Mapping[int, Row]
    listed: Mapping[tuple[int, str], list[Row]]


@dataclass(frozen=True)
class Known:
    """What every column of the table is put together with."""

    plan: Plan
    found: Found | None
    keys: Mapping[tuple[str, ...], bool]
    settings: ProfileSettings
    show_values: bool


def found_of(counted: Iterable[Row], listed: Iterable[Row]) -> Found:
    """Return the rows of `numbers` and `listings` by column."""
    by_column: dict[tuple[int, str], list[Row]] = {}
    for row in sorted(listed, key=lambda row: row["rank"]):
        by_column.setdefault((row["c"], row["what"]), []).append(row)
    return Found({row["c"]: row for row in counted}, by_column)


def column_profile(target: Target, look: Row | None, known: Known) -> ColumnProfile:
    """Return the profile of one column from its counts of the first scan and what the second one found."""
    seen: dict[str, Any] = look.asDict() if look is not None else dict.fromkeys(_COUNTS, 0)
    found, settings = known.found, known.settings
    summary = found.numbers.get(target.position) if found else None
    whole = target.position in known.plan.whole or not seen["filled"]
    counted = summary["n"] if summary else 0
    listed = {what: _counts(found, target.position, what, counted, seen["filled"]) for what in _WHATS}
    kinds = {str(item.label): item.share for item in listed["kind"]}
    type_, share = _type(target, kinds, listed, settings)
    exact = whole and summary is not None and (seen["longest"] or 0) <= CUT
    distinct = summary["different"] if exact and summary else min(seen["distinct"], seen["filled"])
    unique = known.keys.get((target.name,))
    personal = guess_personal(target.name, target.declared, _evidence(target, kinds, type_, summary, distinct, seen))
    shows = known.show_values or personal is None or personal.confidence < settings.hide_from
    least, most = _range(target, type_, seen) if shows else (None, None)
    quantiles = tuple(summary["quantiles"] or ()) if summary and shows else ()
    return ColumnProfile(
        position=target.position,
        name=target.name,
        declared_type=target.type.simpleString(),
        type=type_,
        type_share=share,
        **{name: int(seen[name]) for name in ("rows", "filled", "nulls", "blanks", "sentinels", "invalid", "numbers")},
        distinct=seen["filled"] if unique else distinct,
        distinct_exact=bool(exact or unique),
        unique=unique,
        shortest=seen.get("shortest"),
        longest=seen.get("longest"),
        mean_length=seen.get("mean_length"),
        minimum=least,
        maximum=most,
        mean=_finite(seen.get("mean")) if shows and _is_number(type_) else None,
        deviation=_finite(seen.get("deviation")) if shows and _is_number(type_) else None,
        quantiles=quantiles,
        kinds=listed["kind"],
        formats=listed["format"],
        patterns=listed["pattern"],
        shapes=listed["shape"],
        years=tuple(sorted(listed["year"], key=lambda item: int(item.label or 0))),
        values=listed["value"] if shows else tuple(Counted(None, v.count, v.share) for v in listed["value"]),
        whole=whole,
        shows_values=shows,
        personal=personal,
        listed=target.listed,
    )


_COUNTS = ("rows", "filled", "nulls", "blanks", "sentinels", "invalid", "distinct", "numbers", "longest")
_WHATS = ("kind", "format", "year", "pattern", "shape", "value")


def _counts(found: Found | None, position: int, what: str, counted: int, filled: int) -> tuple[Counted, ...]:
    rows = found.listed.get((position, what), []) if found else []
    return tuple(Counted(r["label"], round(r["n"] * filled / counted), r["n"] / counted) for r in rows if counted)


def _type(
    target: Target, kinds: Mapping[str, float], listed: Mapping[str, tuple[Counted, ...]], settings: ProfileSettings
) -> tuple[str, float | None]:
    declared = target.type.simpleString()
    if target.is_nested:
        return declared.partition("<")[0], None
    if not target.is_text:
        plain = "integer" if declared in _INTS else "decimal" if declared.startswith(("decimal", "double", "float")) else declared
        return plain.removesuffix("_ntz"), None
    formats = {str(item.label): item.share for item in listed["format"]}
    values = {item.label: item.share for item in listed["value"]}
    return infer_type(target.name, kinds, formats, values, settings.type_share)


def _evidence(
    target: Target, kinds: Mapping[str, float], type_: str, summary: Row | None, distinct: int, seen: Mapping[str, Any]
) -> Evidence:
    shares = (
        {
            key: float(summary[f"in_{key}"] if f"in_{key}" in summary else summary[key])
            for key in ("given_names", "legal_forms", "countries", "holds_contact")
        }
        if summary and target.is_text
        else {}
    )
    filled = seen["filled"]
    return Evidence(
        kinds if target.is_text else {},
        **shares,
        distinct_share=distinct / filled if filled else 0.0,
        distinct=distinct,
        type=type_,
        nested=target.is_nested,
    )


def _range(target: Target, type_: str, seen: Mapping[str, Any]) -> tuple[str | None, str | None]:
    least, most = seen.get("least"), seen.get("most")
    if least is None or most is None or not (_is_number(type_) or type_ in ("date", "timestamp")):
        return None, None
    if type_ in ("date", "timestamp"):
        return (None, None) if target.is_text else (_moment(least, type_), _moment(most, type_))
    return f"{least:.10g}", f"{most:.10g}"


def _moment(seconds: float, type_: str) -> str | None:
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return f"{moment:%Y-%m-%d}" if type_ == "date" else f"{moment:%Y-%m-%d %H:%M:%S}"


def _is_number(type_: str) -> bool:
    return type_ in ("integer", "decimal")


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
