"""What the match probabilities say of precision and recall, without any label."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from onefold.match.judge.strata import Stratum

__all__ = ["ASSUMPTIONS", "Expected", "expected"]

ASSUMPTIONS = (
    "Expected from the pairs' own match probabilities: true only as far as these are calibrated. Comparisons that depend on each "
    "other make them surer than they should be. Pairs that blocking never made, or that weigh less than is stored, count as no "
    "matches, so that recall is recall among the stored pairs. Pairs joined only through other records are not in it."
)


@dataclass(frozen=True)
class Expected:
    """The expected precision, recall and F1 of the pairs that join, and how many pairs and matches stand behind them."""

    precision: float
    recall: float
    joined_pairs: int
    stored_pairs: int
    expected_matches: float

    @property
    def f1(self) -> float:
        """The ratio of what is expected to be right to the mean of what joins and what should."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain numbers for JSON."""
        return asdict(self) | {"f1": self.f1}


def expected(strata: tuple[Stratum, ...]) -> dict[str, Expected]:
    """Return what the probabilities of the strata say, by entity type."""
    found = {}
    for kind in sorted({s.entity_type for s in strata}):
        own = [s for s in strata if s.entity_type == kind]
        joined = [s for s in own if s.joins]
        pairs, right = sum(s.pairs for s in joined), sum(s.expected_matches for s in joined)
        matches = sum(s.expected_matches for s in own)
        found[kind] = Expected(
            precision=right / pairs if pairs else 1.0,
            recall=right / matches if matches else 1.0,
            joined_pairs=pairs,
            stored_pairs=sum(s.pairs for s in own),
            expected_matches=matches,
        )
    return found
