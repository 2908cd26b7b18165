"""Reads gender from codes and words in the common languages; it is never inferred from a name or a title."""

from __future__ import annotations

from pyspark.sql import Column

from onefold.cleanse.lookup import lookup
from onefold.cleanse.text import fold

__all__ = ["GENDERS", "read_gender"]

_WORDS = {
    "female": "f female w woman weiblich frau femme feminin feminine femenino femenina mujer femmina vrouw kvinna kvinde kobieta "
    "zena ж жен женский",
    "male": "m male man mann maennlich mannlich homme masculin masculine masculino hombre maschio mezczyzna muz м муж мужской",
    "other": "x other d divers diverse nonbinary nb autre otro altro",
}
GENDERS = {word: gender for gender, words in _WORDS.items() for word in words.split()} | {"non binary": "other"}


def read_gender(text: Column) -> Column:
    """Return female, male or other; null for any other code (and for none)."""
    return lookup(GENDERS, fold(text))
