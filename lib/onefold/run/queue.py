"""Makes the review queue of a run, and gives out what is still open in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import CLUSTER, ENTITY_MAP, LABEL, PAIR
from onefold.contracts.stewardship import REVIEW_QUEUE
from onefold.match.judge.choose import Question
from onefold.run.context import RunContext
from onefold.run.judge import thresholds_of
from onefold.run.stewardship import decisions_of
from onefold.steward import Answered, Decision, Matched, answers_of, in_force, review_queue, unanswered
from onefold.store.small import texts

__all__ = ["Item", "open_items", "queue"]


@dataclass(frozen=True)
class Item:
    """One open question of the queue."""

    item_id: str
    kind: str
    question: Question
    customer_ids: tuple[str, ...]
    why: str
    value: float


def queue(context: RunContext) -> DataFrame:
    """Return the review queue of the run: from its pairs, its map and its clusters, without what has been answered."""
    warehouse = context.warehouse
    matched = Matched(warehouse.read(PAIR), warehouse.read(ENTITY_MAP), warehouse.read_or_empty(CLUSTER), thresholds_of(context))
    answered = _answered(context, in_force(decisions_of(context), context.started_at))
    return review_queue(matched, answered, context.project.review, run_id=context.run_id)


def _answered(context: RunContext, decisions: Iterable[Decision]) -> Answered:
    groups, apart = answers_of(decisions)
    return Answered(
        texts(context.spark, ("record_id", "group"), groups),
        texts(context.spark, ("group_l", "group_r"), apart),
        context.warehouse.read_or_empty(LABEL).select("party_id_l", "party_id_r"),
    )


def open_items(context: RunContext, decisions: Iterable[Decision]) -> tuple[Item, ...]:
    """Return the items of the queue that no decision in force and no label has answered since it was made, the best first.

    Raises:
        StageOrderError: when publish has not run yet.
    """
    items = context.warehouse.read(REVIEW_QUEUE)
    ends = {f"record_id_{side}": F.col("record_ids")[place] for place, side in enumerate("lr")}
    left = unanswered(items.withColumns(ends), _answered(context, in_force(decisions, datetime.now(UTC))))
    # bounded: by max_items of review.yml
    return tuple(_item(row.asDict()) for row in left.orderBy(F.col("value").desc(), "item_id").toLocalIterator())


def _item(row: dict[str, Any]) -> Item:
    known = ("entity_type", "party_id_l", "party_id_r", "record_id_l", "record_id_r", "match_weight", "match_probability")
    question = Question(**{name: row[name] for name in known}, stratum=None, stratum_pairs=None, sampling_probability=None)
    return Item(row["item_id"], row["kind"], question, tuple(row["customer_ids"]), row["why"], row["value"])
