"""Strata of the scored pairs by match weight: what sampling and estimates stand on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.match.judge.links import joining

__all__ = ["BOUNDS", "Answered", "Key", "Stratum", "strata_of", "stratum_name", "stratum_number"]

BOUNDS = (-2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 11.0, 15.0, 20.0)
"""Upper bounds in bits of all strata but the last: narrow where pairs are unsure, the same on every run so that labels last."""


Key = tuple[str, int, bool]
"""Entity type, number of the stratum, and whether its pairs join."""


@dataclass(frozen=True)
class Stratum:
    """The scored pairs of one entity type within bounds of weight, on one side of the threshold."""

    entity_type: str
    number: int
    joins: bool
    pairs: int
    expected_matches: float

    @property
    def key(self) -> Key:
        """What tells it from the others."""
        return self.entity_type, self.number, self.joins

    @property
    def name(self) -> str:
        """The bounds in words."""
        return stratum_name(self.number)

    @property
    def careful_share(self) -> float:
        """The share of matches to plan with, before anything was answered: half the log odds, because models are too sure.

        Comparisons that depend on each other count evidence twice, and a plan that believed them would spend no labels
        where the model is wrong. Never nearer to 0 or 1 than one in a hundred.
        """
        share = min(max(self.expected_matches / max(self.pairs, 1), 1e-9), 1.0 - 1e-9)
        odds = math.sqrt(share / (1.0 - share))
        return min(max(odds / (1.0 + odds), 0.01), 0.99)


@dataclass(frozen=True)
class Answered:
    """The answers to random pairs of one stratum and side of the threshold."""

    labels: int
    matches: int


def stratum_name(number: int) -> str:
    """Return the bounds of a stratum in words.

    >>> stratum_name(0), stratum_name(2), stratum_name(9)
    ('under -2', '0 to 2', '20 and more')
    """
    if number == 0:
        return f"under {BOUNDS[0]:g}"
    if number == len(BOUNDS):
        return f"{BOUNDS[-1]:g} and more"
    return f"{BOUNDS[number - 1]:g} to {BOUNDS[number]:g}"


def stratum_number() -> Column:
    """Return the number of the stratum of column `match_weight`."""
    reached = [(F.col("match_weight") >= bound).cast("int") for bound in BOUNDS]
    return reduce(lambda a, b: a + b, reached)


def strata_of(pairs: DataFrame, thresholds: Mapping[str, float]) -> tuple[Stratum, ...]:
    """Return the strata that hold pairs, lightest first; the one around the threshold appears once for each side.

    Args:
        pairs: match/pair.
        thresholds: least weight of a pair that joins, by entity type.
    """
    counted = pairs.groupBy("entity_type", stratum_number().alias("number"), joining(thresholds).alias("joins")).agg(
        F.count("*").alias("pairs"), F.sum("match_probability").alias("matches")
    )
    # bounded: a row for each stratum
    rows = counted.toPandas().sort_values(["entity_type", "number", "joins"]).to_dict("records")
    return tuple(
        Stratum(str(r["entity_type"]), int(r["number"]), bool(r["joins"]), int(r["pairs"]), float(r["matches"])) for r in rows
    )
