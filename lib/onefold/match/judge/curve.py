"""The precision-recall curve of the scored pairs, with the chosen threshold and the ceiling that blocking sets.

Recall counts over all true pairs, so that what blocking missed shows: the curve ends below 1 by that much. The pairs are
judged one by one, before clustering; what clustering makes of them is the pairwise measure of `evaluate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

__all__ = ["Curve", "Point", "curves"]

_STEPS = 4  # points per bit of match weight


@dataclass(frozen=True)
class Point:
    """What joining every pair of at least this weight would give: its pairs, precision and recall."""

    weight: float
    pairs: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Curve:
    """The curve of one entity type, the heaviest pairs first.

    `ceiling` is the recall of all stored pairs: what no threshold can exceed, because the other true pairs were never
    compared, or weigh less than what is stored.
    """

    entity_type: str
    points: tuple[Point, ...]
    chosen: Point
    ceiling: float
    true_pairs: int

    @property
    def best(self) -> Point:
        """The point of highest F1, which only a truth can tell."""
        return max((*self.points, self.chosen), key=lambda point: point.f1)

    def as_dict(self) -> dict[str, Any]:
        """Return the curve as plain numbers for JSON."""
        return {
            "chosen": asdict(self.chosen) | {"f1": self.chosen.f1},
            "best": asdict(self.best) | {"f1": self.best.f1},
            "ceiling": self.ceiling,
            "true_pairs": self.true_pairs,
            "points": [asdict(point) for point in self.points],
        }


def curves(links: DataFrame, thresholds: Mapping[str, float], true_pairs: Mapping[str, int]) -> dict[str, Curve]:
    """Return the curve of every entity type that has scored pairs and true pairs.

    Args:
        links: the judged pairs (`judged_links`).
        thresholds: least weight of a pair that joins, by entity type.
        true_pairs: how many true pairs there are, by entity type.
    """
    step = (F.floor(F.col("match_weight") * _STEPS) / _STEPS).alias("step")
    counted = links.groupBy("entity_type", "joins", step).agg(
        F.count("*").alias("pairs"), F.sum(F.col("is_true").cast("int")).alias("true")
    )
    # bounded: a row for each quarter of a bit
    rows = counted.toPandas().sort_values(["step", "joins"], ascending=False).to_dict("records")
    found = {}
    for kind, least in thresholds.items():
        steps = [
            (float(row["step"]), bool(row["joins"]), int(row["pairs"]), int(row["true"]))
            for row in rows
            if row["entity_type"] == kind
        ]
        if steps and true_pairs.get(kind):
            found[kind] = _curve(kind, least, steps, true_pairs[kind])
    return found


def _curve(kind: str, least: float, steps: list[tuple[float, bool, int, int]], true_pairs: int) -> Curve:
    points: list[Point] = []
    chosen = Point(least, 0, 1.0, 0.0)
    pairs = true = 0
    for weight, joins, more, more_true in steps:
        pairs, true = pairs + more, true + more_true
        point = Point(max(weight, least) if joins else weight, pairs, true / pairs, min(1.0, true / true_pairs))
        points.append(point)
        if joins:
            chosen = Point(least, point.pairs, point.precision, point.recall)
    return Curve(kind, tuple(points), chosen, points[-1].recall, true_pairs)
