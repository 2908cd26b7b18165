"""What a match weight is really worth, read from the pairs themselves: how often stronger pairs confirm one of that weight.

A model's weights are too sure where comparisons depend on each other, and too modest where one damaged record spoils several.
Records that share a sure pair form sure groups. Of the weaker pairs between two records that both are in such groups, those
inside one group are confirmed by stronger pairs and those across are not; the share confirmed is the probability of a match
at that weight. It needs no labels. It is made monotone, and drawn to the model's own probability where there are few pairs.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["UNCHANGED", "Bin", "Calibration", "absent_weight", "fit"]

_PRIOR = 4.0
_CERTAIN = 1e-4
_ABSENT_ACROSS = 0.5
_SHARE_COUNTED = 0.5


@dataclass(frozen=True)
class Bin:
    """Scored pairs of about one weight.

    `matches` is the sum of their probabilities; of the `tested` pairs, whose ends both are in sure groups, `confirmed` have them
    in one.
    """

    weight: float
    pairs: int
    matches: float
    tested: int = 0
    confirmed: int = 0


@dataclass(frozen=True)
class Calibration:
    """A piecewise linear, rising map of match weights to calibrated ones; outside of its knots it runs on with slope 1."""

    knots: tuple[tuple[float, float], ...] = ((0.0, 0.0),)

    def of(self, weight: float) -> float:
        """Return the calibrated weight.

        >>> Calibration(((0.0, -2.0), (2.0, 2.0))).of(1.5)
        1.0
        """
        at = bisect_left([x for x, _ in self.knots], weight)
        if at in (0, len(self.knots)):
            x, y = self.knots[min(at, len(self.knots) - 1)]
            return y + weight - x
        (x, y), (x_next, y_next) = self.knots[at - 1], self.knots[at]
        return y + (y_next - y) / (x_next - x) * (weight - x)

    def column(self, weight: Column) -> Column:
        """Return the calibrated weight of a column of weights."""
        x, y = self.knots[-1]
        mapped = weight - x + y
        for (x, y), (x_next, y_next) in reversed(list(zip(self.knots, self.knots[1:], strict=False))):
            mapped = F.when(weight <= x_next, F.lit(y) + (y_next - y) / (x_next - x) * (weight - x)).otherwise(mapped)
        x, y = self.knots[0]
        return F.when(weight < x, weight - x + y).otherwise(mapped)


UNCHANGED = Calibration()


def fit(bins: Sequence[Bin], sure_weight: float) -> Calibration:
    """Return the calibration of the weights under `sure_weight`, a knot to a bit.

    Args:
        bins: in any order and of any width under a bit.
        sure_weight: the weight from which pairs made the sure groups; from there on the model is believed.
    """
    if not any(one.tested for one in bins):
        return UNCHANGED
    lowest = math.floor(min(one.weight for one in bins))
    shares: list[float] = []
    counts: list[float] = []
    for low in range(lowest, math.floor(sure_weight) + 1):
        inside = [one for one in bins if low <= one.weight < min(low + 1, sure_weight)]
        tested, confirmed = sum(one.tested for one in inside), sum(one.confirmed for one in inside)
        expected = 1 / (1 + math.exp2(-(low + 0.5)))
        shares.append((confirmed + _PRIOR * expected) / (tested + _PRIOR))
        counts.append(tested + _PRIOR)
    rising = _monotone(shares, counts)
    return Calibration(tuple((lowest + i + 0.5, _log_odds(share)) for i, share in enumerate(rising)))


def absent_weight(present: int, possible: float) -> float:
    """Return what a pair counts that is not among the scored ones, from the share of such pairs within sure groups.

    It is the log2 of that share over a half, which is about the share across groups of different entities that some pair joins;
    half of it counts, because a pair is absent for the reason that makes its neighbours light: one damaged record.

    >>> round(absent_weight(present=98, possible=100.0), 2)
    -2.32
    """
    if possible <= 0:
        return _SHARE_COUNTED * math.log2(0.05 / _ABSENT_ACROSS)
    absent = min(max(1 - present / possible, 1e-3), _ABSENT_ACROSS)
    return _SHARE_COUNTED * math.log2(absent / _ABSENT_ACROSS)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _CERTAIN), 1 - _CERTAIN)
    return math.log2(bounded / (1 - bounded))


def _monotone(shares: Sequence[float], counts: Sequence[float]) -> list[float]:
    """Return the rising sequence nearest to the shares (pool adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []
    for share, count in zip(shares, counts, strict=True):
        blocks.append((share, count, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (one, weight, length), (other, weight_other, length_other) = blocks[-2:]
            both = weight + weight_other
            blocks[-2:] = [((one * weight + other * weight_other) / both, both, length + length_other)]
    return [share for share, _, length in blocks for _ in range(length)]
