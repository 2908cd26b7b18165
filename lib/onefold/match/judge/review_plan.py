"""How many pairs of each stratum people should label, for an interval of a given width on precision and on recall.

Neyman allocation: a stratum gets labels in proportion to its pairs times the spread of its answers, because that makes
the variance of the estimate least for the labels spent. The spread is at first what the match probabilities expect, taken
with care (`Stratum.careful_share`), and then what the answers so far say: the plan sharpens as it is worked off. Precision
needs the joining strata only. Recall is a ratio of matches that join to all matches; its variance is that of the
linearised ratio.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onefold.match.judge.intervals import Z
from onefold.match.judge.strata import Answered, Key, Stratum

__all__ = ["Allocation", "allocate", "review_plan"]

_LEAST = 5  # labels of a stratum at least, as far as it has pairs: fewer say nothing of their spread


@dataclass(frozen=True)
class Allocation:
    """How many pairs of a stratum to label."""

    stratum: Stratum
    for_precision: int
    for_recall: int

    @property
    def labels(self) -> int:
        """The larger of the two, as the same labels serve both."""
        return max(self.for_precision, self.for_recall)

    def as_dict(self) -> dict[str, Any]:
        """Return the allocation as plain values for JSON."""
        return {
            "stratum": self.stratum.name,
            "joins": self.stratum.joins,
            "pairs": self.stratum.pairs,
            "expected_share": self.stratum.expected_matches / max(self.stratum.pairs, 1),
            "for_precision": self.for_precision,
            "for_recall": self.for_recall,
            "labels": self.labels,
        }


def review_plan(
    strata: tuple[Stratum, ...], margin: float, answered: Mapping[Key, Answered] | None = None
) -> dict[str, tuple[Allocation, ...]]:
    """Return how many pairs of each stratum to label, by entity type, for 95 % intervals of ± `margin`.

    Args:
        strata: the strata of the scored pairs.
        margin: half the width of the intervals.
        answered: the answers to random pairs so far.
    """
    plan = {}
    for kind in sorted({s.entity_type for s in strata}):
        own = [s for s in strata if s.entity_type == kind]
        shares = [_share(s, (answered or {}).get(s.key)) for s in own]
        sizes = [s.pairs for s in own]
        precision = allocate(_precision_spread(own, shares), sizes, margin)
        recall = allocate(_recall_spread(own, shares), sizes, margin)
        plan[kind] = tuple(Allocation(s, p, r) for s, p, r in zip(own, precision, recall, strict=True))
    return plan


def _share(stratum: Stratum, answers: Answered | None) -> float:
    """Return the share of matches to plan with: the model's stands for five answers beside those that there are."""
    if answers is None:
        return stratum.careful_share
    return (answers.matches + _LEAST * stratum.careful_share) / (answers.labels + _LEAST)


def _precision_spread(strata: list[Stratum], shares: list[float]) -> list[float]:
    joined = sum(s.pairs for s in strata if s.joins)
    return [s.pairs * math.sqrt(p * (1.0 - p)) / joined if s.joins else 0.0 for s, p in zip(strata, shares, strict=True)]


def _recall_spread(strata: list[Stratum], shares: list[float]) -> list[float]:
    matches = sum(s.pairs * p for s, p in zip(strata, shares, strict=True))
    if not matches:
        return [0.0 for _ in strata]
    recall = sum(s.pairs * p for s, p in zip(strata, shares, strict=True) if s.joins) / matches
    return [
        s.pairs * math.sqrt(p * (1.0 - p)) * ((1.0 - recall) if s.joins else recall) / matches
        for s, p in zip(strata, shares, strict=True)
    ]


def allocate(spreads: list[float], pairs: list[int], margin: float) -> list[int]:
    """Return the labels of each stratum, Neyman's, for a total with standard error margin / 1.96.

    Args:
        spreads: each stratum's pairs times the standard deviation within it, in units of the estimate.
        pairs: how many pairs each stratum has.
        margin: half the width of the interval.
    """
    total = sum(spreads)
    if total <= 0.0:
        return [0 for _ in spreads]
    finite = sum(s**2 / n for s, n in zip(spreads, pairs, strict=True) if n)
    needed = total**2 / ((margin / Z) ** 2 + finite)
    return [
        min(n, max(min(_LEAST, n), math.ceil(needed * s / total))) if s > 0.0 else 0 for s, n in zip(spreads, pairs, strict=True)
    ]
