"""What a model must say of its own training: what could not be trained, what stopped early, and what stands in for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from onefold.match.chance import Evidence
from onefold.match.em import Floats, PassResult, Patterns
from onefold.match.settings import Comparison

__all__ = ["FEWEST_MATCHES", "labelled_matches", "training_warnings", "untrained"]

FEWEST_MATCHES = 5.0  # a pass that finds fewer is not believed, nor are so few labels


def labelled_matches(labelled: Patterns | None, start: list[Floats]) -> list[Floats]:
    """Return how many labelled matches reach each level, by comparison; zeros where there are no labels."""
    if labelled is None:
        return [np.zeros_like(s) for s in start]
    each = (
        np.bincount(labelled.levels[:, i] + 1, weights=labelled.counts, minlength=len(s) + 1)[1:] for i, s in enumerate(start)
    )
    return [np.asarray(counted, dtype=np.float64) for counted in each]


def untrained(passes: Mapping[str, PassResult], evidence: Evidence) -> bool:
    """Return whether neither EM nor labels found enough matches, so that the usual model stands in."""
    return not passes and _labels(evidence) < FEWEST_MATCHES


def _labels(evidence: Evidence) -> float:
    return 0.0 if evidence.labelled is None else float(evidence.labelled.counts.sum())


def training_warnings(
    comparisons: tuple[Comparison, ...], passes: Mapping[str, PassResult], expected: list[Floats], evidence: Evidence
) -> tuple[str, ...]:
    """Return a line for everything that is not as trained as it looks, with what is used instead."""
    found = []
    labels = _labels(evidence)
    if untrained(passes, evidence):
        found.append("too few matches to train on, or told not to: the usual model, its default m is used throughout")
    if evidence.labelled is not None and labels < FEWEST_MATCHES:
        found.append(f"only {labels:.0f} labelled matches; they hardly move m from its default")
    stopped = [f"{name} (last change {result.changes[-1]:.1g})" for name, result in passes.items() if not result.converged]
    if stopped:
        found.append(f"EM stopped at its iteration limit in the passes of {', '.join(stopped)}; raise max_iterations")
    empty = {i for i in range(len(comparisons)) if _absent(i, evidence)}
    if empty:
        names = ", ".join(comparisons[i].name for i in sorted(empty))
        found.append(f"no pair has a value on both sides of {names}; map the attribute or take the comparison out")
    default = [c.name for i, (c, e) in enumerate(zip(comparisons, expected, strict=True)) if _few(e) and i not in empty]
    if (passes or labels >= FEWEST_MATCHES) and default:
        found.append(f"every rule fixes {', '.join(default)}, or they are missing throughout; their default m is used")
    return tuple(found)


def _few(expected: Floats) -> bool:
    return bool(expected.sum() < FEWEST_MATCHES)


def _absent(position: int, evidence: Evidence) -> bool:
    """Return whether no pair at all, random or blocked, has this comparison's value on both sides."""
    sampled = (evidence.random, evidence.blocked)
    return any(len(p.counts) for p in sampled) and all((p.levels[:, position] < 0).all() for p in sampled)
