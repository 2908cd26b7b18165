"""The Fellegi-Sunter model: m, u and weight of every level, the prior, and how each value came about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from onefold.errors import DataContractError

__all__ = ["PRIOR", "RELATED", "ComparisonModel", "LevelModel", "Model", "Trained", "TrainingPass"]

PRIOR = "(prior)"
RELATED = "(related)"
_SHOWN = 6  # levels named in a note
Trained = Literal["em", "random_sampling", "floor", "default", "configured"]


@dataclass(frozen=True)
class LevelModel:
    """One level: its number (0 the best), label, m = P(level | match), u = P(level | no match), weight = log2(m / u)."""

    number: int
    label: str
    m: float
    u: float
    weight: float
    trained: Trained


@dataclass(frozen=True)
class ComparisonModel:
    """One comparison: its levels from best to `else`, and the mean frequency behind each level that term frequency adjusts.

    `mean_others[level]` is the mean number of other records that share a record's value, over the records that have one.
    """

    name: str
    levels: tuple[LevelModel, ...]
    mean_others: Mapping[int, float]
    fuzzy_share: float = 0.0
    group: str | None = None
    shared: float = 0.0


@dataclass(frozen=True)
class TrainingPass:
    """One EM pass: the rule whose pairs it used, the matches it found, and the largest change at each iteration."""

    rule: str
    matches: float
    iterations: int
    converged: bool
    changes: tuple[float, ...]


@dataclass(frozen=True)
class Model:
    """The trained model of one entity type."""

    entity_type: str
    prior_weight: float
    comparisons: tuple[ComparisonModel, ...]
    iterations: int
    converged: bool
    group_discount: float = 1.0
    warnings: tuple[str, ...] = ()
    related_share: float = 0.0
    """Share of all pairs that are related but no match; shared evidence is worth less where these are many."""
    passes: tuple[TrainingPass, ...] = ()

    def training_note(self) -> str:
        """Return how training went, in a line for the run's report: passes, iterations, changes, levels without matches."""
        told = []
        if self.passes:
            counts = sorted(p.iterations for p in self.passes)
            first, last = (max((p.changes[at] for p in self.passes if p.changes), default=0.0) for at in (0, -1))
            told.append(
                f"EM in {len(counts)} passes of {counts[0]} to {counts[-1]} iterations, "
                f"largest change {first:.1g} in the first and {last:.1g} in the last"
            )
        floors = [
            f"{c.name} {level.label}" for c in self.comparisons for level in c.levels if level.trained in ("floor", "default")
        ]
        if floors:
            shown = ", ".join(floors[:_SHOWN]) + (f" and {len(floors) - _SHOWN} more" if len(floors) > _SHOWN else "")
            told.append(f"levels that no match reached keep their least or default m: {shown}")
        return "; ".join(told)

    def rows(self, party_version: int | None) -> list[tuple[Any, ...]]:
        """Return the rows of table match/model, in the order of its declared columns."""
        tail = (self.iterations, self.converged, party_version)
        rows: list[tuple[Any, ...]] = [(self.entity_type, PRIOR, 0, "prior", None, None, self.prior_weight, "em", *tail, None)]
        if self.related_share > 0.0:
            weight = math.log2(self.related_share / (1.0 - self.related_share))
            rows.append((self.entity_type, RELATED, 0, "related, no match", self.related_share, None, weight, "em", *tail, None))
        for comparison in self.comparisons:
            rows.append((self.entity_type, comparison.name, -1, "missing", None, None, 0.0, "configured", *tail, None))
            rows += [
                (
                    *(self.entity_type, comparison.name, v.number, v.label, v.m, v.u, v.weight, v.trained),
                    *(*tail, comparison.mean_others.get(v.number)),
                )
                for v in comparison.levels
            ]
        return rows


def prior_of(rows: Iterable[Mapping[str, Any]], entity_type: str) -> float:
    """Return the prior weight of an entity type from rows of match/model.

    Raises:
        DataContractError: when there is no model of that entity type.
    """
    for row in rows:
        if row["entity_type"] == entity_type and row["comparison"] == PRIOR:
            return float(row["weight"])
    raise DataContractError(f"match/model holds no model for {entity_type}", hint="run the match stage again")
