"""The key grammar of the configuration: `column|transform|transform(arg)`, read without Spark.

A key names one value per record (`family_name_key|soundex`) or several (`emails.value`, `company_key|tokens`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["TRANSFORMS", "Key", "parse_key", "root_of"]

# name -> (needs an argument, makes several values of one, what it does)
TRANSFORMS: dict[str, tuple[bool, bool, str]] = {
    "prefix": (True, False, "the first n characters, when there are that many"),
    "suffix": (True, False, "the last n characters, when there are that many"),
    "initial": (False, False, "the first character"),
    "soundex": (False, False, "the Soundex code"),
    "metaphone": (False, False, "the Double Metaphone code"),
    "year": (False, False, "the year of a date"),
    "month": (False, False, "the month of a date"),
    "day": (False, False, "the day of the month of a date"),
    "digits": (False, False, "the digits only"),
    "letters": (False, False, "the letters only"),
    "compact": (False, False, "the text without spaces"),
    "sorted_tokens": (False, False, "the words in alphabetical order"),
    "first_token": (False, False, "the first word"),
    "last_token": (False, False, "the last word"),
    "acronym": (False, False, "the first letters of the words"),
    "username": (False, False, "the part of an e-mail before the @"),
    "domain": (False, False, "the part of an e-mail after the @"),
    "sorted_initials": (False, False, "the first letters of the words, in alphabetical order"),
    "tokens": (False, True, "every word of two letters or more"),
    "qgrams": (True, True, "every run of n characters"),
    "rarest": (
        True,
        False,
        "of several values the n that the fewest records have, two at least; last, in blocking only",
    ),
    "rare_tokens": (True, True, "the n rarest words: tokens|rarest(n)"),
    "rare_qgrams": (True, True, "the n rarest runs of three characters: qgrams(3)|rarest(n)"),
}
_SHORT = {"rare_tokens": ("tokens", None), "rare_qgrams": ("qgrams", 3)}

_COLUMN = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$")
_STEP = re.compile(r"^([a-z_]+)(?:\((\d+)\))?$")


@dataclass(frozen=True)
class Key:
    """A parsed key: the party column (and field of its array), and the transforms in order."""

    text: str
    column: str
    field: str | None
    steps: tuple[tuple[str, int | None], ...]

    @property
    def many(self) -> bool:
        """Whether a record can have several values of this key."""
        return self.field is not None or any(TRANSFORMS[name][1] for name, _ in self.steps)

    @property
    def rarest(self) -> int | None:
        """How many of the values are kept, the rarest; None when all are."""
        return self.steps[-1][1] if self.steps and self.steps[-1][0] == "rarest" else None


def parse_key(text: str) -> Key:
    """Return the parsed key.

    >>> parse_key("postcode|prefix(3)").steps
    (('prefix', 3),)
    >>> parse_key("company_key|rare_tokens(2)").steps
    (('tokens', None), ('rarest', 2))

    Raises:
        ValueError: when the text does not follow the grammar, saying what is allowed.
    """
    column, *steps = (part.strip() for part in text.split("|"))
    if not _COLUMN.match(column):
        raise ValueError(
            f"key {text!r}: {column!r} is not a column or array field; write column|transform, e.g. postcode|prefix(3)"
        )
    name, _, field = column.partition(".")
    parsed = tuple(part for step in steps for part in _parse_step(text, step))
    key = Key(text, name, field or None, parsed)
    if any(step == "rarest" for step, _ in parsed[:-1]) or (key.rarest is not None and not key.many):
        raise ValueError(f"key {text!r}: rarest comes last, after several values, e.g. company_key|tokens|rarest(2)")
    return key


def _parse_step(text: str, step: str) -> tuple[tuple[str, int | None], ...]:
    found = _STEP.match(step)
    if not found:
        raise ValueError(f"key {text!r}: {step!r} is not a transform; write name or name(number)")
    name, argument = found.group(1), found.group(2)
    if name not in TRANSFORMS:
        near = get_close_matches(name, TRANSFORMS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(TRANSFORMS)}"
        raise ValueError(f"key {text!r}: unknown transform {name!r}; {hint}")
    wants = TRANSFORMS[name][0]
    if wants != (argument is not None) or argument == "0":
        raise ValueError(f"key {text!r}: {name} takes {'a number from 1, e.g. ' + name + '(3)' if wants else 'no argument'}")
    number = int(argument) if argument else None
    return (_SHORT[name], ("rarest", number)) if name in _SHORT else ((name, number),)


def root_of(column: str) -> frozenset[str]:
    """Return the attributes that a party column speaks of, so that `email` and `emails` are known to be one.

    >>> sorted(root_of("full_name_key"))
    ['family_name', 'given_name']
    """
    base = column.removesuffix("_key")
    base = {"emails": "email", "phones": "phone", "company_name": "company"}.get(base, base)
    return frozenset({"given_name", "family_name"}) if base == "full_name" else frozenset({base})
