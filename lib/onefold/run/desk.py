"""The steward's desk: what a review page reads of the warehouse, and how it records what is answered there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onefold.contracts.gold import RELEASE
from onefold.contracts.matching import ENTITY_MAP, LABEL, MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.contracts.stewardship import DECISION
from onefold.match.explain import Explanation, explain
from onefold.match.judge.asking import Answer
from onefold.match.judge.cluster import Cluster, explain_cluster
from onefold.match.judge.sides import party_values
from onefold.run.context import RunContext
from onefold.run.decide import list_decisions, record_decisions
from onefold.run.judge import thresholds_of
from onefold.run.queue import Item
from onefold.run.review import Review, settled, start_review
from onefold.run.stewardship import decisions_of
from onefold.steward import Request

__all__ = ["EntitySheet", "Given", "Outcome", "PairSheet", "WarehouseDesk"]


@dataclass(frozen=True)
class PairSheet:
    """What is shown of an item: why its pair weighs what it does, and the values of both records."""

    explanation: Explanation
    left: Mapping[str, Any]
    right: Mapping[str, Any]
    least_weight: float | None


@dataclass(frozen=True)
class EntitySheet:
    """What is shown of a customer: its graph, and the values of its records by record id."""

    cluster: Cluster
    values: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Given:
    """An answer: to which item, what, why, and by whom."""

    item: Item
    answer: Answer
    reason: str
    who: str


@dataclass(frozen=True)
class Outcome:
    """What became of an answer: why it was refused (then nothing was recorded), and the items that decisions settle now."""

    problems: tuple[str, ...]
    settled: frozenset[str]


class WarehouseDesk:
    """Reads and writes the warehouse of one context; one call at a time."""

    def __init__(self, context: RunContext) -> None:
        self._context = context

    def stamp(self) -> tuple[int, ...]:
        """Return what changes when something was published, decided or labelled; read from the logs, without a job."""
        return tuple(self._context.warehouse.version(table) for table in (RELEASE, DECISION, LABEL))

    def queue(self) -> tuple[Item, ...]:
        """Return the open items, the best first.

        Raises:
            StageOrderError: when publish has not run yet.
        """
        return start_review(self._context, "").items

    def pair(self, item: Item) -> PairSheet | None:
        """Return what is to be shown of an item; None when a record of it has gone from silver since it was queued."""
        warehouse, ids = self._context.warehouse, (item.question.record_id_l, item.question.record_id_r)
        parties = warehouse.read(PARTY)
        values = party_values(parties, ids)
        if len(values) < 2:
            return None
        blocking = self._context.project.blocking
        why = explain(warehouse.read(PAIR), parties, warehouse.read(MODEL), *ids, blocking=blocking)
        left, right = values[why.record_id_l], values[why.record_id_r]
        return PairSheet(why, left, right, thresholds_of(self._context).get(item.question.entity_type))

    def entity(self, customer_id: str) -> EntitySheet:
        """Return what is to be shown of a customer.

        Raises:
            DataContractError: when there is no such customer any more.
        """
        warehouse = self._context.warehouse
        found = explain_cluster(warehouse.read(ENTITY_MAP), warehouse.read(PAIR), thresholds_of(self._context), customer_id)
        return EntitySheet(found, party_values(warehouse.read(PARTY), found.records))

    def record(self, given: Given, others: Sequence[Item]) -> Outcome:
        """Record an answer as `onefold review` does, with all decisions made by now in view: a decision and a label.

        Args:
            given: the answer.
            others: the items still open, to tell which of them it settles too.
        """
        review = Review(self._context, given.who, (given.item,), list(decisions_of(self._context)))
        problems = review.answer(given.item, given.answer, reason=given.reason)
        if not problems:
            review.keep()
        return Outcome(problems, settled(others, review.decisions))

    def decisions(self) -> tuple[dict[str, object], ...]:
        """Return all decisions with their states, the newest first; values of overrides are masked."""
        columns, rows = list_decisions(self._context)
        return tuple(dict(zip(columns, row, strict=True)) for row in rows)

    def revoke(self, decision_id: str, reason: str, who: str) -> None:
        """Take a decision back.

        Raises:
            DataContractError: when it cannot be taken back, with every reason.
        """
        record_decisions(self._context, [Request("revoke", reason, who, revokes=decision_id, origin="review")])
