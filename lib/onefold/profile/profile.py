"""Profiles a table: two scans whatever its width, one more of the columns that may be keys."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence

from pyspark.sql import DataFrame, Row

from onefold.profile.assemble import Found, Known, column_profile, found_of
from onefold.profile.columns import Target, targets_of
from onefold.profile.known_words import countries, given_names, one_word_legal_forms
from onefold.profile.looks import Plan, counted_values, first_look, repeated_keys
from onefold.profile.report import TableProfile
from onefold.profile.settings import ProfileSettings
from onefold.profile.summary import described, listings, numbers

__all__ = ["profile_table"]

_MOST_PAIRS = 200


def profile_table(
    frame: DataFrame,
    settings: ProfileSettings,
    *,
    name: str = "",
    version: int | None = None,
    sentinels: Iterable[str] = (),
    pairs: bool = False,
    show_values: bool = False,
) -> TableProfile:
    """Return the profile of a table.

    Args:
        frame: its rows; read twice, and the columns that may be keys once more.
        settings: how much is looked at.
        name: what to call it.
        version: its Delta version, where it has one.
        sentinels: values that mean nothing, beside those of the settings.
        pairs: whether pairs of columns are tried as keys where no single column is one.
        show_values: whether values of personal columns are kept too.
    """
    began = time.perf_counter()
    targets = targets_of(frame.schema)
    nothing = {text.strip().lower() for text in (*settings.sentinels, *sentinels) if text.strip()}
    # bounded: a row for each column of the table
    looks = {row["c"]: row for row in first_look(frame, targets, nothing).collect()} if targets else {}
    rows = max((looks[t.position]["rows"] for t in targets if not t.listed and t.position in looks), default=0)
    plan = _plan(targets, looks, rows, settings)
    found = _look_closer(frame, targets, plan, nothing, settings) if plan.whole | plan.sampled else None
    keys = _keys(frame, targets, looks, rows, settings, pairs=pairs)
    known = Known(plan, found, keys, settings, show_values)
    columns = tuple(column_profile(target, looks.get(target.position), known) for target in targets)
    return TableProfile(name, version, rows, columns, plan.share, keys, time.perf_counter() - began)


def _look_closer(frame: DataFrame, targets: Sequence[Target], plan: Plan, nothing: set[str], settings: ProfileSettings) -> Found:
    """Return what the second scan says of each column: a few rows for each."""
    values = described(counted_values(frame, targets, plan), nothing).persist()
    try:
        # bounded: the most frequent of each column
        listed = listings(values, settings.listed).collect()
        # bounded: a row for each column
        counted = numbers(values, given_names(), one_word_legal_forms(), countries()).collect()
    finally:
        values.unpersist()
    return found_of(counted, listed)


def _plan(targets: Sequence[Target], looks: Mapping[int, Row], rows: int, settings: ProfileSettings) -> Plan:
    filled = [t for t in targets if t.position in looks and looks[t.position]["filled"] and not t.is_nested]
    share = min(1.0, settings.sample_rows / rows) if rows else 1.0
    few = [t for t in filled if share == 1.0 or looks[t.position]["distinct"] <= settings.exact_distinct]
    by = sorted((t for t in filled if not t.listed), key=lambda t: -looks[t.position]["distinct"])[:4]
    whole = frozenset(t.position for t in few)
    return Plan(whole, frozenset(t.position for t in filled) - whole, share, tuple(t.position for t in by))


def _keys(
    frame: DataFrame,
    targets: Sequence[Target],
    looks: Mapping[int, Row],
    rows: int,
    settings: ProfileSettings,
    *,
    pairs: bool,
) -> dict[tuple[str, ...], bool]:
    """Return the keys that were counted exactly, and whether each holds in every row."""
    usable = [t for t in targets if not t.listed and not t.is_nested and rows and t.position in looks]
    full = [t for t in usable if looks[t.position]["filled"] == rows]
    single = [(t,) for t in full if looks[t.position]["distinct"] >= settings.unique_share * rows]
    found = _counted(frame, single, rows)
    if pairs and not any(found.values()):
        found |= _counted(frame, _likely_pairs(full, looks, rows, settings), rows)
    return found


def _likely_pairs(
    full: Sequence[Target], looks: Mapping[int, Row], rows: int, settings: ProfileSettings
) -> list[tuple[Target, ...]]:
    """Return the pairs of filled columns that could tell as many rows apart as there are, the likeliest first."""
    pairs: list[tuple[Target, ...]] = [
        (one, other)
        for i, one in enumerate(full)
        for other in full[i + 1 :]
        if looks[one.position]["distinct"] * looks[other.position]["distinct"] >= settings.unique_share * rows
    ]
    return sorted(pairs, key=lambda pair: -sum(math.log(looks[t.position]["distinct"] or 1) for t in pair))[:_MOST_PAIRS]


def _counted(frame: DataFrame, keys: Sequence[tuple[Target, ...]], rows: int) -> dict[tuple[str, ...], bool]:
    if not keys:
        return {}
    # bounded: a row for each key that was tried
    counted = {row["c"]: row for row in repeated_keys(frame, dict(enumerate(keys))).collect()}
    return {
        tuple(t.name for t in key): i in counted and counted[i]["rows"] == rows == counted[i]["distinct"]
        for i, key in enumerate(keys)
    }
