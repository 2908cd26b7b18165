"""Trains the model: u from random pairs and value frequencies, m by EM in one pass per blocking rule, then the prior.

A pass uses the pairs that one rule makes and leaves out the comparisons which that rule fixes (and those of their group),
so that every field gets to vary. Expected matches are added up over the passes. Random pairs hold true matches, few but
enough to matter for identifying values; they are taken off u once the share of matches is known.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

import numpy as np

from onefold.match.chance import SMALLEST_U, Evidence, Frequency, seen_at_random, u_of_random_pairs, without_matches
from onefold.match.em import Floats, PassResult, Patterns, Shares, log_ratios, related_ratios, run_pass, solve_shares
from onefold.match.keys import parse_key, root_of
from onefold.match.levels import KINDS
from onefold.match.model import ComparisonModel, LevelModel, Model, Trained, TrainingPass
from onefold.match.settings import USUAL, BlockingRule, Comparison, TrainingSettings
from onefold.match.training_notes import FEWEST_MATCHES, labelled_matches, training_warnings, untrained
from onefold.match.usual import settle_u, usual_m, with_chance, with_disagreement

__all__ = ["Evidence", "Frequency", "discounted", "fixed_by", "train"]

logger = logging.getLogger(__name__)

_FEW_AT_RANDOM = 30.0  # random pairs, of which fewer tell a share no better than to a fifth

_SMALLEST_M = 0.001


def fixed_by(rule: BlockingRule, comparisons: tuple[Comparison, ...]) -> frozenset[int]:
    """Return the comparisons that agree because the rule says so, with everything in their groups."""
    roots = frozenset[str]().union(*(root_of(parse_key(text).column) for text in (*rule.keys, *rule.then)))
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
    chance = [u_of_random_pairs(i, c, evidence.random, evidence.frequencies.get((i, 0))) for i, c in enumerate(comparisons)]
    random, finest = zip(*chance, strict=True)
    m, u = start, list(random)
    labelled = labelled_matches(evidence.labelled, start)
    use_em = settings.model != USUAL and (evidence.labelled is None or settings.labels_with_em)
    expected, passes = [np.zeros_like(s) for s in start], dict[str, PassResult]()
    for _ in range(2):  # the second time with the matches taken off u
        passes = _passes(comparisons, rules, evidence.blocked, start, u, settings) if use_em else {}
        usual = untrained(passes, evidence)
        if usual:
            start = [usual_m(c) for c in comparisons]
        expected = [e + given for e, given in zip(_added_up(passes, start), labelled, strict=True)]
        m = [_smoothed(e, s, settings.prior_strength) for e, s in zip(expected, start, strict=True)]
        m = [with_disagreement(*each) for each in zip(comparisons, m, strict=True)]
        shares = _shares(m, _neutral(m, u, comparisons), comparisons, evidence, settings)
        u = [without_matches(*each, shares.match) for each in zip(random, finest, m, strict=True)]
        u = settle_u(comparisons, evidence.random, m) if usual else _of_blocked(u, passes, evidence)
        u = [with_chance(*each) for each in zip(comparisons, u, strict=True)]
    u = _neutral(m, u, comparisons)
    shares = _shares(m, u, comparisons, evidence, settings)
    warnings = training_warnings(comparisons, passes, expected, evidence)
    for warning in warnings:
        logger.warning("%s model: %s", entity_type, warning)
    return Model(
        entity_type,
        float(np.log2(shares.match / (1.0 - shares.match))),
        tuple(_comparison_model(i, c, m[i], u[i], expected[i], evidence) for i, c in enumerate(comparisons)),
        max((p.iterations for p in passes.values()), default=0),
        (bool(passes) or not use_em) and all(p.converged for p in passes.values()),
        settings.group_discount,
        warnings,
        shares.related / (1.0 - shares.match),
        tuple(TrainingPass(rule, p.matches, p.iterations, p.converged, p.changes) for rule, p in passes.items()),
    )


def _neutral(m: list[Floats], u: list[Floats], comparisons: tuple[Comparison, ...]) -> list[Floats]:
    """Return u with that of neutral levels set to m, so that their weight is zero."""
    masks = [np.array([*(level.neutral for level in c.levels), False]) for c in comparisons]
    return [np.where(mask, mc, uc) for mask, mc, uc in zip(masks, m, u, strict=True)]


def _default_m(comparison: Comparison) -> Floats:
    declared = np.array([KINDS[level.kind].default_m for level in comparison.levels])
    declared = declared * min(1.0, 0.95 / declared.sum())
    return np.append(declared, 1.0 - declared.sum())


def _passes(
    comparisons: tuple[Comparison, ...],
    rules: tuple[BlockingRule, ...],
    blocked: Patterns,
    start: list[Floats],
    u: list[Floats],
    settings: TrainingSettings,
) -> dict[str, PassResult]:
    """Run a pass for every rule that leaves two comparisons or more to vary and finds some matches.

    A comparison that every rule fixes, but some only by a part of its value (a prefix, a few characters in a row), then
    gets a pass of its own over the pairs of those rules.
    """
    run = partial(
        run_pass,
        strength=settings.prior_strength,
        tolerance=settings.tolerance,
        limit=settings.max_iterations,
        shared=tuple(c.shared for c in comparisons),
    )
    results = {}
    for number, rule in enumerate(rules):
        active = tuple(sorted(set(range(len(comparisons))) - fixed_by(rule, comparisons)))
        chosen = blocked.where((blocked.rules >> number) & 1 == 1)
        if len(active) < 2 or not len(chosen.counts):
            continue
        result = run(chosen, active, start, u)
        if result.matches >= FEWEST_MATCHES:
            results[rule.name] = result
    for position, total in enumerate(_added_up(results, start)):
        if total.sum() >= FEWEST_MATCHES:
            continue
        mask, active = _partly_fixing(position, comparisons, rules)
        chosen = blocked.where(blocked.rules & mask != 0)
        if len(active) < 2 or not len(chosen.counts):
            continue
        result = run(chosen, active, start, u, free=frozenset({position}))
        if result.matches >= FEWEST_MATCHES:
            own = replace(result, expected={position: result.expected[position]})
            results[f"a part of {comparisons[position].name}"] = own
    return results


def _of_blocked(u: list[Floats], passes: dict[str, PassResult], evidence: Evidence) -> list[Floats]:
    """Return u with the levels that random pairs hardly reach counted among the blocked pairs, where a rule asks for likeness.

    Random pairs tell nothing rarer than one in their number; the pairs of a rule that asks for a part of this value are
    nearly all that come near in it.
    """
    found = list(u)
    for result in passes.values():
        for position, pairs in result.unmatched.items():
            told = np.maximum((pairs / evidence.sampled_share + 0.5) / evidence.all_pairs, SMALLEST_U)
            sampled = seen_at_random(position, len(pairs), evidence.random).sum()
            rare = np.append(u[position][:-1] * sampled < _FEW_AT_RANDOM, False)
            found[position] = np.where(rare, np.minimum(told, u[position]), u[position])
    return found


def _partly_fixing(
    position: int, comparisons: tuple[Comparison, ...], rules: tuple[BlockingRule, ...]
) -> tuple[int, tuple[int, ...]]:
    """Return the rules (as bits) that fix a comparison by parts of its value only, and what varies under them, it included."""
    mask, fixed, roots = 0, set[int](), _roots(comparisons[position])
    for number, rule in enumerate(rules):
        touching = [key for key in map(parse_key, (*rule.keys, *rule.then)) if root_of(key.column) & roots]
        if touching and all(key.steps for key in touching):
            mask |= 1 << number
            fixed |= fixed_by(rule, comparisons)
    return mask, tuple(sorted(set(range(len(comparisons))) - fixed | {position}))


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
    if expected.sum() < FEWEST_MATCHES:
        return "default"
    return "floor" if expected[level] < 0.5 or m[level] <= _SMALLEST_M else "em"
