"""Strata of the scored pairs by match weight: what sampling and estimates stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.match.judge.links import joining

__all__ = ["BOUNDS", "Stratum", "strata_of", "stratum_name", "stratum_number"]

BOUNDS = (-2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 11.0, 15.0, 20.0)
"""Upper bounds in bits of all strata but the last: narrow where pairs are unsure, the same on every run so that labels last."""


@dataclass(frozen=True)
class Stratum:
    """The scored pairs of one entity type within bounds of weight, on one side of the threshold."""

    entity_type: str
    number: int
    joins: bool
    pairs: int
    expected_matches: float

    @property
    def name(self) -> str:
        """The bounds in words."""
        return stratum_name(self.number)

    @property
    def share(self) -> float:
        """The expected share of matches, never quite 0 or 1: the model may be surer than it should be."""
        share = self.expected_matches / max(self.pairs, 1)
        return min(max(share, 0.01), 0.99)


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
