"""What an evaluation says in all: against a truth, and without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onefold.match.evaluate import Evaluation
from onefold.match.judge.curve import Curve
from onefold.match.judge.expected import ASSUMPTIONS, Expected
from onefold.match.judge.labelled import FromLabels
from onefold.match.judge.review_plan import Allocation
from onefold.match.judge.sample_errors import Errors

__all__ = ["Estimate", "Report"]


@dataclass(frozen=True)
class Report:
    """The evaluation against a truth: measures, curves and errors by type."""

    evaluation: Evaluation
    curves: Mapping[str, Curve]
    errors: Errors | None

    def as_dict(self) -> dict[str, Any]:
        """Return everything as one JSON object; overall, person and company come first."""
        found = self.evaluation.as_dict()
        found["curves"] = {kind: curve.as_dict() for kind, curve in self.curves.items()}
        found["errors"] = None if self.errors is None else self.errors.as_dict()
        return found

    def text(self) -> str:
        """Return everything as text."""
        lines = [self.evaluation.text()]
        for kind, curve in self.curves.items():
            chosen, best = curve.chosen, curve.best
            lines.append(
                f"{kind} pairs before clustering: at the threshold {chosen.weight:+.2f} P {chosen.precision:.4f} "
                f"R {chosen.recall:.4f} F1 {chosen.f1:.4f}; "
                f"best F1 {best.f1:.4f} at {best.weight:+.2f}; ceiling of recall {curve.ceiling:.4f}"
            )
        if self.errors is not None:
            lines.append(self.errors.text())
        return "\n".join(lines)


@dataclass(frozen=True)
class Estimate:
    """What can be said without a truth: the model's expectation, estimates from labels, and the plan of a review."""

    expected: Mapping[str, Expected]
    from_labels: Mapping[str, FromLabels]
    plan: Mapping[str, tuple[Allocation, ...]]
    margin: float
    warning: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return everything as one JSON object."""
        return {
            "expected": {kind: e.as_dict() for kind, e in self.expected.items()},
            "from_labels": {kind: e.as_dict() for kind, e in self.from_labels.items()},
            "plan": {kind: [a.as_dict() for a in plan] for kind, plan in self.plan.items()},
            "margin": self.margin,
            "assumptions": ASSUMPTIONS,
            "warning": self.warning,
        }

    def text(self) -> str:
        """Return everything as text."""
        lines = []
        for kind, one in self.expected.items():
            lines.append(
                f"{kind}, expected by the model: P {one.precision:.4f}  R {one.recall:.4f}  F1 {one.f1:.4f}   "
                f"({one.joined_pairs:,} of {one.stored_pairs:,} stored pairs join)"
            )
        for kind, found in self.from_labels.items():
            cells = "  ".join(
                f"{short} {getattr(found, name):.4f} [{found.intervals[name][0]:.3f}, {found.intervals[name][1]:.3f}]"
                for short, name in (("P", "precision"), ("R", "recall"), ("F1", "f1"))
            )
            rest = (
                f"; {found.assumed:.1%} of the matches in strata without an answer, taken from the model" if found.assumed else ""
            )
            lines.append(f"{kind}, from labels:           {cells}   ({found.labels:,} random pairs answered{rest})")
        lines.append(ASSUMPTIONS)
        if self.warning:
            lines.append(f"warning: {self.warning}")
        for kind, plan in self.plan.items():
            lines += _plan_text(kind, plan, self.margin)
        return "\n".join(lines)


def _plan_text(kind: str, plan: tuple[Allocation, ...], margin: float) -> list[str]:
    lines = [f"review plan, {kind}: label {sum(a.labels for a in plan):,} pairs for intervals of ± {margin:.1%} (onefold label)"]
    lines.append(f"  {'weight, bits':<16}{'':<8}{'pairs':>10}{'expected':>10}{'precision':>11}{'recall':>8}{'labels':>8}")
    for a in plan:
        side = "joins" if a.stratum.joins else ""
        share = a.stratum.expected_matches / max(a.stratum.pairs, 1)
        lines.append(
            f"  {a.stratum.name:<16}{side:<8}{a.stratum.pairs:>10,}{share:>10.4f}"
            f"{a.for_precision:>11,}{a.for_recall:>8,}{a.labels:>8,}"
        )
    return lines
