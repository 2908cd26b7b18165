"""Brings silver parties, and what a run left behind, to the questions about blocking: what the rules do, and which to use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError, OnefoldError
from onefold.match.blocking_report import BlockingFigures, measure_blocking
from onefold.match.capture import RecallEstimate
from onefold.match.recall import TrueRecall, count_recall, estimated_recall
from onefold.match.settings import EntityBlocking
from onefold.match.suggest import Suggestion, suggest_rules
from onefold.run.context import RunContext
from onefold.run.match import scratch_cuts

__all__ = ["BlockingAnswer", "run_blocking", "run_suggest_blocking"]

_TYPES = ("person", "company")


@dataclass(frozen=True)
class BlockingAnswer:
    """What is known of the blocking of one entity type; `why_no_estimate` says what the recall estimate lacks."""

    figures: BlockingFigures
    estimate: RecallEstimate | None
    why_no_estimate: str | None
    truth: TrueRecall | None


def run_blocking(context: RunContext, kind: str | None, truth: DataFrame | None, *, budget: int) -> list[BlockingAnswer]:
    """Return what the configured rules do, for one entity type or for all that are there.

    Args:
        context: the run.
        kind: person or company; None for both.
        truth: a truth to count the real recall by.
        budget: pairs that may be made to tell which rules make the same ones.

    Raises:
        ConfigurationError: when the type has no rules, or a rule names a column that the parties do not have.
        StageOrderError: when cleanse has not run yet.
    """
    answers = []
    with scratch_cuts(context) as cut_for:
        for type_, settings, parties in _wanted(context, kind):
            context.progress(f"blocking: {type_}")
            measured = measure_blocking(parties, type_, settings, cut_for(f"{type_}_blocking"), budget=budget)
            context.progress(f"blocking: {type_}, recall")
            estimate, why = _estimate(context, type_, settings)
            counted = None if truth is None else count_recall(parties, measured.keyed, truth, settings)
            answers.append(BlockingAnswer(measured.figures, estimate, why, counted))
    return answers


def run_suggest_blocking(context: RunContext, kind: str, budget: int) -> Suggestion:
    """Return rules for one entity type that find the most likely matches within a budget of pairs.

    Raises:
        ConfigurationError: when there are no parties of the type.
        StageOrderError: when cleanse has not run yet.
    """
    parties = context.warehouse.read(PARTY).where(F.col("entity_type") == kind)
    pairs = context.warehouse.read(PAIR).where(F.col("entity_type") == kind) if context.warehouse.exists(PAIR) else None
    settings: EntityBlocking | None = getattr(context.project.blocking, kind)
    with scratch_cuts(context) as cut_for:
        return suggest_rules(parties, pairs, settings, cut_for(f"{kind}_suggest"), budget=budget, tell=context.progress)


def _wanted(context: RunContext, kind: str | None) -> Iterator[tuple[str, EntityBlocking, DataFrame]]:
    parties = context.warehouse.read(PARTY)
    for type_ in _TYPES if kind is None else (kind,):
        settings: EntityBlocking | None = getattr(context.project.blocking, type_)
        chosen = parties.where(F.col("entity_type") == type_)
        if settings is not None and not chosen.isEmpty():
            yield type_, settings, chosen
        elif kind is not None:
            missing = "rules in blocking.yml" if settings is None else "parties in silver/party"
            raise ConfigurationError(f"there are no {type_} {missing}", hint="choose the other --type")


def _estimate(context: RunContext, kind: str, settings: EntityBlocking) -> tuple[RecallEstimate | None, str | None]:
    """Return the estimate from the last run's pairs, or why there is none."""
    warehouse = context.warehouse
    if not warehouse.exists(PAIR) or "rules" not in warehouse.read(PAIR).columns:
        return None, "the estimate needs scored pairs: run match first"
    pairs = warehouse.read(PAIR).where(F.col("entity_type") == kind)
    entities = warehouse.read(ENTITY_MAP).where(F.col("entity_type") == kind) if warehouse.exists(ENTITY_MAP) else None
    try:
        found = estimated_recall(pairs, entities, settings)
    except OnefoldError as error:
        return None, f"no estimate: {error.message}; {error.hint}"
    return found, None if found is not None else "the estimate needs at least 30 likely matches and rules of different attributes"
