"""Trains the model: u from random pairs and value frequencies, m by EM in one pass per blocking rule, then the prior.

A pass uses the pairs that one rule makes and leaves out the comparisons which that rule fixes (and those of their group),
so that every field gets to vary. Expected matches are added up over the passes. Random pairs hold true matches, few but
enough to matter for identifying values; they are taken off u once the share of matches is known.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from onefold.match.em import Floats, PassResult, Patterns, Shares, log_ratios, related_ratios, run_pass, solve_shares
from onefold.match.keys import parse_key, root_of
from onefold.match.levels import KINDS
from onefold.match.model import ComparisonModel, LevelModel, Model, Trained
from onefold.match.settings import BlockingRule, Comparison, TrainingSettings
from onefold.match.usual import settle_u, usual_m, with_chance, with_disagreement

__all__ = ["Evidence", "Frequency", "discounted", "fixed_by", "train"]

logger = logging.getLogger(__name__)

_U_STRENGTH = 500.0  # imagined random pairs behind the default u
_SMALLEST_M = 0.001
_SMALLEST_U = 1e-8
_UNMATCHED_SHARE = 0.1  # at least this much of a random agreement is taken to be chance
_FEWEST_MATCHES = 5.0  # a pass that finds fewer is not believed


@dataclass(frozen=True)
class Frequency:
    """How values repeat in one counted column: records that have a value, mean number of others that share it."""

    records: int
    mean_others: float


@dataclass(frozen=True)
class Evidence:
    """What the model is trained on.

    Attributes:
        blocked: patterns of (a sample of) the blocked pairs.
        sampled_share: share of the blocked pairs that the sample holds.
        random: patterns of random pairs.
        all_pairs: how many pairs the records can make.
        frequencies: per (comparison, level) of the counted levels.
    """

    blocked: Patterns
    sampled_share: float
    random: Patterns
    all_pairs: float
    frequencies: dict[tuple[int, int], Frequency]


def fixed_by(rule: BlockingRule, comparisons: tuple[Comparison, ...]) -> frozenset[int]:
    """Return the comparisons that agree because the rule says so, with everything in their groups."""
    roots = frozenset[str]().union(*(root_of(parse_key(text).column) for text in rule.keys))
    direct = {i for i, c in enumerate(comparisons) if roots & _roots(c)}
    groups = {comparisons[i].group for i in direct} - {None}
    return frozenset(direct | {i for i, c in enumerate(comparisons) if c.group in groups})


def _roots(comparison: Comparison) -> frozenset[str]:
    texts = [*comparison.column, *(level.column for level in comparison.levels if level.column)]
    for level in comparison.levels:
        texts += list(level.value) if isinstance(level.value, tuple) else []
    return frozenset[str]().union(*(root_of(parse_key(text).column) for text in texts))


def train(
    entity_type: str,
    comparisons: tuple[Comparison, ...],
    rules: tuple[BlockingRule, ...],
    evidence: Evidence,
    settings: TrainingSettings,
) -> Model:
    """Return the trained model; what could not be trained is named in its warnings and in `trained` of its levels."""
    start = [_default_m(c) for c in comparisons]
    random, finest = zip(*(_u_random(i, c, evidence) for i, c in enumerate(comparisons)), strict=True)
    m, u = start, list(random)
    expected, passes = [np.zeros_like(s) for s in start], {}
    for _ in range(2):  # the second time with the matches taken off u
        passes = _passes(comparisons, rules, evidence.blocked, start, u, settings) if settings.model == "trained" else {}
        if not passes:
            start = [usual_m(c) for c in comparisons]
        expected = _added_up(passes, start)
        m = [_smoothed(e, s, settings.prior_strength) for e, s in zip(expected, start, strict=True)]
        m = [with_disagreement(*each) for each in zip(comparisons, m, strict=True)]
        shares = _shares(m, _neutral(m, u, comparisons), comparisons, evidence, settings)
        u = [_without_matches(*each, shares.match) for each in zip(random, finest, m, strict=True)]
        u = u if passes else settle_u(comparisons, evidence.random, m)
        u = [with_chance(*each) for each in zip(comparisons, u, strict=True)]
    u = _neutral(m, u, comparisons)
    shares = _shares(m, u, comparisons, evidence, settings)
    warnings = _warnings(comparisons, passes, expected)
    for warning in warnings:
        logger.warning("%s model: %s", entity_type, warning)
    return Model(
        entity_type,
        float(np.log2(shares.match / (1.0 - shares.match))),
        tuple(_comparison_model(i, c, m[i], u[i], expected[i], evidence) for i, c in enumerate(comparisons)),
        max((p.iterations for p in passes.values()), default=0),
        bool(passes) and all(p.converged for p in passes.values()),
        settings.group_discount,
        warnings,
        shares.related / (1.0 - shares.match),
    )


def _neutral(m: list[Floats], u: list[Floats], comparisons: tuple[Comparison, ...]) -> list[Floats]:
    """Return u with that of neutral levels set to m, so that their weight is zero."""
    masks = [np.array([*(level.neutral for level in c.levels), False]) for c in comparisons]
    return [np.where(mask, mc, uc) for mask, mc, uc in zip(masks, m, u, strict=True)]


def _default_m(comparison: Comparison) -> Floats:
    declared = np.array([KINDS[level.kind].default_m for level in comparison.levels])
    declared = declared * min(1.0, 0.95 / declared.sum())
    return np.append(declared, 1.0 - declared.sum())


def _default_u(comparison: Comparison) -> Floats:
    declared = np.array([KINDS[level.kind].default_u for level in comparison.levels])
    return np.append(declared, 1.0 - declared.sum())


def _u_random(position: int, comparison: Comparison, evidence: Evidence) -> tuple[Floats, Floats]:
    """Return how often random pairs reach each level, and the least u that so many pairs can tell from none.

    The first level comes from value frequencies where they are counted, which tell far less apart.
    """
    levels = evidence.random.levels[:, position] + 1
    size = len(comparison.levels) + 1
    counted = np.bincount(levels, weights=evidence.random.counts, minlength=size + 1)[1:]
    default = _default_u(comparison)
    u = np.asarray((counted + _U_STRENGTH * default) / (counted.sum() + _U_STRENGTH), dtype=np.float64)
    finest = np.full(size, 1.0 / (counted.sum() + _U_STRENGTH))
    frequency = evidence.frequencies.get((position, 0))
    if frequency is not None and frequency.records > 1:
        pairs = frequency.records * (frequency.records - 1) / 2.0
        agreeing = frequency.mean_others * frequency.records / 2.0
        exact = (agreeing + _U_STRENGTH * default[0]) / (pairs + _U_STRENGTH)
        u[1:] *= (1.0 - exact) / max(u[1:].sum(), _SMALLEST_U)
        u[0], finest[0] = exact, _SMALLEST_U
    return np.maximum(u, _SMALLEST_U), finest


def _passes(
    comparisons: tuple[Comparison, ...],
    rules: tuple[BlockingRule, ...],
    blocked: Patterns,
    start: list[Floats],
    u: list[Floats],
    settings: TrainingSettings,
) -> dict[str, PassResult]:
    """Run a pass for every rule that leaves two comparisons or more to vary and finds some matches."""
    results = {}
    for number, rule in enumerate(rules):
        active = tuple(sorted(set(range(len(comparisons))) - fixed_by(rule, comparisons)))
        chosen = blocked.where((blocked.rules >> number) & 1 == 1)
        if len(active) < 2 or not len(chosen.counts):
            continue
        result = run_pass(
            chosen,
            active,
            start,
            u,
            strength=settings.prior_strength,
            tolerance=settings.tolerance,
            limit=settings.max_iterations,
            shared=tuple(c.shared for c in comparisons),
        )
        if result.matches >= _FEWEST_MATCHES:
            results[rule.name] = result
    return results


def _added_up(passes: dict[str, PassResult], start: list[Floats]) -> list[Floats]:
    expected = [np.zeros_like(s) for s in start]
    for result in passes.values():
        for position, counted in result.expected.items():
            expected[position] = expected[position] + counted
    return expected


def _smoothed(expected: Floats, start: Floats, strength: float) -> Floats:
    total = expected.sum() + strength
    m = (expected + strength * start) / total if total > 0 else start
    m = np.maximum(m, _SMALLEST_M)
    return np.asarray(m / m.sum(), dtype=np.float64)


def _without_matches(random: Floats, finest: Floats, m: Floats, prior: float) -> Floats:
    u = np.maximum(random - prior * m, _UNMATCHED_SHARE * random)
    return np.asarray(np.maximum(u / u.sum(), finest), dtype=np.float64)


def _shares(
    m: list[Floats],
    u: list[Floats],
    comparisons: tuple[Comparison, ...],
    evidence: Evidence,
    settings: TrainingSettings,
) -> Shares:
    blocked = evidence.blocked
    if not len(blocked.counts):
        return Shares(1.0 / (evidence.all_pairs + 1.0))
    each = np.stack([log_ratios(m[c], u[c])[blocked.levels[:, c]] for c in range(len(comparisons))])
    held = np.stack([related_ratios(each[c], comparison.shared) for c, comparison in enumerate(comparisons)])
    groups = tuple(c.group for c in comparisons)
    weights, related = (discounted(w, groups, settings.group_discount) for w in (each, held))
    return solve_shares(weights, related, blocked.counts / evidence.sampled_share, evidence.all_pairs)


def discounted(each: Floats, groups: tuple[str | None, ...], share: float) -> Floats:
    """Return the summed weights (comparisons by rows in, rows out); of a group's weights of one sign the strongest is whole."""
    total = each.sum(axis=0)
    for group in sorted({g for g in groups if g is not None}):
        members = each[[i for i, g in enumerate(groups) if g == group]]
        positive, negative = np.maximum(members, 0.0), np.minimum(members, 0.0)
        further = positive.sum(axis=0) - positive.max(axis=0) + negative.sum(axis=0) - negative.min(axis=0)
        total = total - (1.0 - share) * further
    return np.asarray(total, dtype=np.float64)


def _warnings(comparisons: tuple[Comparison, ...], passes: dict[str, PassResult], expected: list[Floats]) -> tuple[str, ...]:
    found = []
    if not passes:
        found.append("too few matches to train on, or told not to: the usual model, its default m is used throughout")
    stopped = [name for name, result in passes.items() if not result.converged]
    if stopped:
        found.append(f"EM stopped at its iteration limit in the passes of {', '.join(stopped)}; raise max_iterations")
    untrained = [c.name for c, e in zip(comparisons, expected, strict=True) if e.sum() < _FEWEST_MATCHES]
    if passes and untrained:
        found.append(f"every rule fixes {', '.join(untrained)}, or they are missing throughout; their default m is used")
    return tuple(found)


def _comparison_model(
    position: int, comparison: Comparison, m: Floats, u: Floats, expected: Floats, evidence: Evidence
) -> ComparisonModel:
    labels = (*(level.name for level in comparison.levels), "else")
    weights = np.log2(m / u)
    weights[-1] = min(weights[-1], 0.0)  # not to agree at all is never evidence for a match
    levels = tuple(
        LevelModel(i, label, float(m[i]), float(u[i]), float(weights[i]), _how(expected, i, m)) for i, label in enumerate(labels)
    )
    counted = {level: f.mean_others for (at, level), f in evidence.frequencies.items() if at == position}
    shared = comparison.shared
    return ComparisonModel(comparison.name, levels, counted, comparison.fuzzy_term_frequency, comparison.group, shared)


def _how(expected: Floats, level: int, m: Floats) -> Trained:
    if expected.sum() < _FEWEST_MATCHES:
        return "default"
    return "floor" if expected[level] < 0.5 or m[level] <= _SMALLEST_M else "em"
