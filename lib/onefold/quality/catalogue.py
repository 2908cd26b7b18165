"""The catalogue of checks: each with its level, its parameters, what a null value does, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from onefold.contracts.settings import Settings
from onefold.quality import parameters as p

__all__ = ["CHECKS", "Check", "Level"]

Level = Literal["row", "set", "aggregate"]
"""Judged on a record alone; on a record among others; on the records of a source together."""


@dataclass(frozen=True)
class Check:
    """One check of the catalogue."""

    name: str
    level: Level
    params: type[Settings]
    about: str
    null: Literal["passes", "fails", "-"] = "passes"
    """What a missing value does; `-` where the check is not about one value."""


def _row(name: str, params: type[Settings], about: str, null: Literal["passes", "fails", "-"] = "passes") -> Check:
    return Check(name, "row", params, about, null)


_CATALOGUE = (
    # presence
    _row("not_null", p.Nothing, "The value is there.", "fails"),
    _row("not_blank", p.Nothing, "The value is there, and is not an empty text, list or map.", "fails"),
    _row("not_sentinel", p.Sentinels, "The value is not one that means nothing (n/a, unknown, 000000...)."),
    _row("any_of", p.Columns, "At least one of the columns has a value.", "-"),
    _row("exactly_one_of", p.Columns, "One of the columns has a value, and only one.", "-"),
    _row("all_or_none", p.Columns, "All of the columns have a value, or none has.", "-"),
    _row("required_if", p.RequiredIf, "Where a condition holds, the value is there and not empty.", "fails"),
    _row("raw_kept", p.RawKept, "Where the source gave a text, cleansing could make a value of it.", "fails"),
    # texts
    _row("pattern", p.Pattern, "The whole value matches a regular expression."),
    _row("length", p.Span, "The text has so many characters, or the list so many elements."),
    _row("charset", p.Charset, "The text has only allowed characters."),
    _row("mojibake", p.Nothing, "The text does not look decoded by a wrong encoding (MÃ¼ller)."),
    _row("repeated_characters", p.Repeated, "No letter or digit stands many times in a row (aaaa)."),
    _row("keyboard_mash", p.Nothing, "The text is not a run along the keyboard (asdf, qwertz, 12345)."),
    _row("placeholder_name", p.Words, "The text is not a stand-in for a name (test, dummy, john doe)."),
    # values
    _row("range", p.Bounds, "The number or date lies between bounds."),
    _row("in_set", p.ValueSet, "The value is one of a list."),
    _row("in_reference", p.Reference, "The value is in a named set of reference data."),
    _row("differs_from", p.Other, "The value is not the same as another one."),
    # dates
    _row("date_valid", p.DateValid, "The value is a date of the calendar, in a year that can be."),
    _row("not_future", p.NotFuture, "The date is not after the run."),
    _row("date_order", p.DateOrder, "The date is not before or after another one."),
    _row("max_age", p.MaxAge, "The date is not older than so many days."),
    # contact and identity
    _row("email_syntax", p.Nothing, "The text is an e-mail address in form."),
    _row("email_class", p.EmailClass, "The e-mail is not of a refused class (disposable, role...)."),
    _row("phone_valid", p.Phone, "The phone is an E.164 number, and of an allowed kind."),
    _row("postcode_for_country", p.Postcode, "The postcode has the form that its country uses; other countries pass."),
    _row("check_digit", p.CheckDigit, "No identifier of the scheme was refused by its check.", "-"),
    _row("no_doubt", p.NoDoubt, "Cleansing noted no such doubt about the attribute.", "-"),
    # expressions
    _row("cross_field", p.Expression, "Several columns agree, by an SQL condition.", "-"),
    _row("sql", p.Expression, "An SQL condition over the row holds.", "-"),
    # among other records
    Check("unique", "set", p.Unique, "No other record has the value."),
    Check("unique_together", "set", p.Together, "No other record has these values together; a missing one passes.", "-"),
    Check("exists_in", "set", p.ExistsIn, "The value is found in a column of a table."),
    Check(
        "cross_source_agreement", "set", p.Agrees,
        "Of records of several sources with one key, the value is the most frequent one; in a tie all fail.",
    ),
    # a figure for each source
    Check("aggregate", "aggregate", p.Aggregate, "An SQL aggregate lies between bounds.", "-"),
    Check("ratio", "aggregate", p.Ratio, "The share of records that meet a condition lies between bounds.", "-"),
    Check("volume", "aggregate", p.Volume, "The number of records lies between bounds, and near that of the last run.", "-"),
    Check("freshness", "aggregate", p.Freshness, "The newest time is not older than so many days.", "-"),
    Check("distribution_drift", "aggregate", p.Drift, "The distribution of the value is near that of the last run.", "-"),
)  # fmt: skip
CHECKS: dict[str, Check] = {check.name: check for check in _CATALOGUE}
