"""The vocabulary of comparison levels: what each kind tests, what value it takes, how it reads in YAML."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, get_args

from onefold.match.keys import parse_key

__all__ = ["KINDS", "LevelKind", "check_level", "level_label", "read_level"]

LevelKind = Literal[
    "exact",
    "equal",
    "jaro_winkler",
    "levenshtein",
    "damerau",
    "jaccard",
    "nickname",
    "swapped_with",
    "swapped_near",
    "initial",
    "within",
    "prefix",
    "same_year_month",
    "days_within",
    "date_typo",
    "any_equal",
    "domain_equal",
    "numeric_within",
    "relative_within",
    "contains",
    "acronym",
    "person_similarity",
    "company_similarity",
    "numbers_differ",
    "same_legal_family",
    "extra_words_of",
    "qgram_overlap",
]

Wants = Literal["nothing", "share", "count", "number", "key", "keys"]


@dataclass(frozen=True)
class Kind:
    """What a kind of level takes, what it says in words, and the usual m and u before any training."""

    wants: Wants
    says: str
    default_m: float
    default_u: float


KINDS: dict[str, Kind] = {
    "exact": Kind("nothing", "the values are the same", 0.80, 0.002),
    "equal": Kind("keys", "all of these keys are the same on both sides", 0.50, 0.002),
    "jaro_winkler": Kind("share", "Jaro-Winkler similarity at least this", 0.06, 0.004),
    "levenshtein": Kind("count", "at most this many letters inserted, deleted or replaced", 0.06, 0.004),
    "damerau": Kind("count", "as levenshtein, neighbours exchanged counting once", 0.06, 0.004),
    "jaccard": Kind("share", "share of words in common at least this", 0.06, 0.004),
    "nickname": Kind("nothing", "one is a known short form of the other", 0.03, 0.002),
    "swapped_with": Kind("key", "the value stands in this other column of the other record", 0.01, 0.0005),
    "swapped_near": Kind("key", "the value stands in this other column of the other record, with slips", 0.005, 0.0005),
    "initial": Kind("nothing", "one is only the initial of the other", 0.02, 0.01),
    "within": Kind("count", "the shorter, of at least this many letters, is a part of the longer", 0.02, 0.002),
    "prefix": Kind("count", "the first characters, this many, are the same", 0.03, 0.01),
    "same_year_month": Kind("nothing", "same year and month", 0.02, 0.002),
    "days_within": Kind("number", "at most this many days apart", 0.02, 0.01),
    "date_typo": Kind("nothing", "one digit differs, two neighbours are exchanged, or day and month are", 0.04, 0.002),
    "any_equal": Kind("nothing", "the two lists have a value in common", 0.10, 0.0005),
    "domain_equal": Kind("nothing", "the e-mail domains are the same", 0.10, 0.05),
    "numeric_within": Kind("number", "the numbers differ by at most this", 0.05, 0.01),
    "relative_within": Kind("share", "the numbers differ by at most this share of the greater", 0.05, 0.01),
    "contains": Kind("nothing", "every word of the shorter is in the longer", 0.05, 0.004),
    "acronym": Kind("nothing", "one is made of the first letters of the other's words", 0.02, 0.0005),
    "person_similarity": Kind(
        "share",
        "whole names of people, their words paired in any order, at least this alike: slips, short forms, initials, spellings "
        "of other scripts and left-out middle names are near, a name on each side without counterpart is far",
        0.10,
        0.0002,
    ),
    "company_similarity": Kind(
        "share",
        "names of companies, their words paired in any order, at least this alike, rare words counting for more (soft TF-IDF)",
        0.10,
        0.0002,
    ),
    "numbers_differ": Kind("nothing", "both hold numbers, and not the same ones (Fund II and III): speaks against", 0.01, 0.05),
    "qgram_overlap": Kind(
        "share",
        "runs of three letters or digits in common, of those of the shorter text, spaces left out: for addresses in one field, "
        "whatever their order and however run together",
        0.30,
        0.002,
    ),
    "extra_words_of": Kind(
        "key",
        "the names are the same but for words of one that stand in this other column of its record (a branch's town) and not in "
        "the other record's",
        0.01,
        0.0005,
    ),
    "same_legal_family": Kind("nothing", "legal forms of one family, e.g. GmbH and Ltd", 0.08, 0.05),
}

if set(KINDS) != set(get_args(LevelKind)):  # pragma: no cover - a slip of ours, found at import
    raise AssertionError("KINDS and LevelKind must name the same kinds")


def read_level(value: object) -> object:
    """Turn the short forms of YAML into the fields of a level; anything else is passed on to be refused.

    >>> read_level({"jaro_winkler": 0.92})
    {'kind': 'jaro_winkler', 'value': 0.92}
    """
    if isinstance(value, str):
        return {"kind": _known(value)}
    if not isinstance(value, dict) or "kind" in value:
        return value
    rest: dict[str, Any] = {str(k): v for k, v in value.items()}
    named = [name for name in rest if name not in ("column", "label", "neutral")]
    if len(named) != 1:
        raise ValueError(f"a level names one test, found {', '.join(named) or 'none'}; e.g. jaro_winkler: 0.92")
    given = rest.pop(named[0])
    return {"kind": _known(named[0]), "value": tuple(given) if isinstance(given, list) else given, **rest}


def _known(name: str) -> str:
    if name in KINDS:
        return name
    near = get_close_matches(name, KINDS, n=1)
    raise ValueError(f"unknown level {name!r}; {f'did you mean {near[0]}?' if near else 'known: ' + ', '.join(KINDS)}")


def check_level(kind: str, value: object) -> None:
    """Refuse a value that the kind cannot take.

    Raises:
        ValueError: naming what the kind takes and what was found.
    """
    wants = KINDS[kind].wants
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "nothing": value is None or value is True,
        "share": number and 0 < float(value) <= 1,  # type: ignore[arg-type]
        "count": number and float(value) >= 1 and float(value).is_integer(),  # type: ignore[arg-type]
        "number": number and float(value) >= 0,  # type: ignore[arg-type]
        "key": isinstance(value, str),
        "keys": isinstance(value, tuple) and bool(value),
    }[wants]
    if not fits:
        says = {"nothing": "no value (or true)", "share": "a number above 0 up to 1", "count": "a whole number from 1"}
        more = {"number": "a number from 0", "key": "a key, e.g. family_name_key", "keys": "a list of keys"}
        raise ValueError(f"level {kind} takes {(says | more)[wants]}, found {value!r}")
    for key in (value,) if wants == "key" else value if wants == "keys" else ():  # type: ignore[attr-defined]
        parse_key(str(key))


def level_label(kind: str, value: object, column: str | None) -> str:
    """Return the label of a level that was given none.

    >>> level_label("jaro_winkler", 0.92, None)
    'jaro_winkler >= 0.92'
    """
    wants = KINDS[kind].wants
    shown = f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else value
    text = {
        "nothing": kind,
        "share": f"{kind} {'<=' if kind == 'relative_within' else '>='} {shown}",
        "count": f"{kind} {'<=' if kind in ('levenshtein', 'damerau') else '='} {shown}",
        "number": f"{kind} {shown}",
        "key": f"{kind} {value}",
        "keys": f"equal {' + '.join(value) if isinstance(value, tuple) else value}",
    }[wants]
    return text if column is None else f"{text} of {column}"
