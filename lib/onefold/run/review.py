"""Works through the review queue: what a person answers becomes decisions and labels, whoever does the asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from onefold.contracts.matching import LABEL
from onefold.contracts.silver import PARTY
from onefold.contracts.stewardship import DECISION, REVIEW_QUEUE
from onefold.match.judge.asking import Answer, Sheet
from onefold.match.judge.sides import party_values, side_by_side
from onefold.run.context import RunContext
from onefold.run.decide import append_decisions
from onefold.run.queue import Item, open_items
from onefold.run.stewardship import decisions_of
from onefold.steward import Decision, Known, Record, Request, answers_of, draft, in_force
from onefold.store.small import small

__all__ = ["AskItem", "Review", "Reviewed", "run_review", "settled", "start_review"]

_KEPT_EVERY = 10
_KINDS: dict[Answer, Any] = {"match": "must_link", "no_match": "cannot_link"}
_ANSWERS: dict[str, Answer] = {"must_link": "match", "cannot_link": "no_match"}
_GIVEN = pa.schema(
    [
        *(("decision_id", pa.string()), ("party_id_l", pa.int64()), ("party_id_r", pa.int64())),
        *(("labelled_by", pa.string()), ("labelled_at", pa.timestamp("us", tz="UTC"))),
    ]
)

AskItem = Callable[[Item, Sheet], Answer | None]
"""Puts one item before a person and returns the answer; None ends the session."""


@dataclass
class Review:
    """One person's session: the open items, the best first, and the answers that are not kept yet."""

    context: RunContext
    who: str
    items: tuple[Item, ...]
    decisions: list[Decision]
    answers: Counter[str] = field(default_factory=Counter)
    _new: list[Decision] = field(default_factory=list)
    _labels: list[tuple[Any, ...]] = field(default_factory=list)

    def is_settled(self, item: Item) -> bool:
        """Tell whether the answers of this session say already whether the item's records are one customer."""
        return item.item_id in settled([item], [*self.decisions, *self._new])

    def answer(self, item: Item, answer: Answer, *, reason: str = "") -> tuple[str, ...]:
        """Take an answer, with a reason if one is given; return why it is refused, nothing when it is not.

        It is kept once ten have been given, or by `keep`.
        """
        now, question = datetime.now(UTC), item.question
        if answer in _KINDS:
            left, right = question.record_id_l, question.record_id_r
            ends = ((left, question.party_id_l), (right, question.party_id_r))
            known = Known({record: Record(record, party, question.entity_type, None) for record, party in ends})
            why = f"{reason.strip()} (review of {item.item_id})" if reason.strip() else f"review of {item.item_id}"
            request = Request(_KINDS[answer], why, self.who, left, right, origin="review")
            drafted = draft([request], known, [*self.decisions, *self._new], now)
            if drafted.problems:
                return drafted.problems
            self._new += drafted.new
        given = vars(question) | {"answer": answer, "labelled_by": self.who.strip(), "labelled_at": now}
        self._labels.append(tuple(given[name] for name in LABEL.column_names))
        self.answers[answer] += 1
        if len(self._labels) == _KEPT_EVERY:
            self.keep()
        return ()

    def keep(self) -> None:
        """Write the answers given so far: decisions first, so that a label lost to a crash can be made again from them."""
        append_decisions(self.context, self._new)
        _append_labels(self.context, self._labels)
        self.decisions += self._new
        self._new, self._labels = [], []


@dataclass(frozen=True)
class Reviewed:
    """What a session brought: answers by kind, answers refused with the reason, and how many items are still open."""

    answers: dict[str, int]
    refused: tuple[str, ...]
    remaining: int

    def text(self) -> str:
        """Return the session in some lines."""
        total = sum(self.answers.values())
        said = ", ".join(f"{count} {answer.replace('_', ' ')}" for answer, count in sorted(self.answers.items()))
        first = f"{total} answer{'s'[: total != 1]} kept in {DECISION.name} and {LABEL.name}{f': {said}' if said else ''}"
        return "\n".join(
            [first, *(f"refused: {why}" for why in self.refused), f"{self.remaining} left to look at in {REVIEW_QUEUE.name}"]
        )


def settled(items: Iterable[Item], decisions: Iterable[Decision]) -> frozenset[str]:
    """Return the ids of the items whose two records decisions in force make one customer, or keep apart, chains included."""
    groups, apart = answers_of(in_force(decisions, datetime.now(UTC)))
    group, kept_apart = dict(groups), set(apart)
    found = set()
    for item in items:
        ends = item.question.record_id_l, item.question.record_id_r
        low, high = sorted(group.get(record, record) for record in ends)
        if low == high or (low, high) in kept_apart:
            found.add(item.item_id)
    return frozenset(found)


def start_review(context: RunContext, who: str) -> Review:
    """Open a session on what is left of the queue.

    Raises:
        StageOrderError: when publish has not run yet.
    """
    context.progress("reading the review queue")
    decisions = decisions_of(context)
    _label_what_was_decided(context, decisions)
    return Review(context, who, open_items(context, decisions), list(decisions))


def run_review(context: RunContext, ask: AskItem, who: str, wanted: int) -> Reviewed:
    """Ask about the best items of the queue, so many at most, and keep the answers.

    An answer that contradicts decisions in force is refused and told; a question that earlier answers settle is not asked.

    Raises:
        StageOrderError: when publish has not run yet.
    """
    review = start_review(context, who)
    chosen = review.items[:wanted]
    named = [record for item in chosen for record in (item.question.record_id_l, item.question.record_id_r)]
    values = party_values(context.warehouse.read(PARTY), named) if named else {}
    refused: list[str] = []
    settled = 0
    for number, item in enumerate(chosen, 1):
        left, right = values.get(item.question.record_id_l), values.get(item.question.record_id_r)
        if left is None or right is None or review.is_settled(item):  # gone from silver, or answered by the answers so far
            settled += 1
            continue
        answer = ask(item, Sheet(number, len(chosen), item.question, side_by_side(left, right)))
        if answer is None:
            break
        refused += [f"{item.item_id}: {why}" for why in review.answer(item, answer)]
    review.keep()
    return Reviewed(dict(review.answers), tuple(refused), len(review.items) - settled - review.answers.total())


def _append_labels(context: RunContext, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        frame = context.spark.createDataFrame(list(rows), LABEL.schema)
        context.warehouse.append(LABEL, frame, note={"run_id": context.run_id})


def _label_what_was_decided(context: RunContext, decisions: Sequence[Decision]) -> None:
    """Write the labels of reviewed decisions that a session which died has left out."""
    reviewed = {d.decision_id: d for d in in_force(decisions, datetime.now(UTC)) if d.origin == "review" and d.kind in _ANSWERS}
    if not reviewed:
        return
    given = small(context.spark, _GIVEN, ((i, *_ends(d)[:2], d.decided_by, d.decided_at) for i, d in reviewed.items()))
    keys = [name for name in _GIVEN.names if name != "decision_id"]
    # bounded: what a session of ten answers can leave out
    lost = [
        r["decision_id"] for r in given.join(context.warehouse.read_or_empty(LABEL), on=keys, how="left_anti").toLocalIterator()
    ]
    _append_labels(context, [_label_of(reviewed[i]) for i in sorted(lost)])


def _ends(d: Decision) -> tuple[int | None, int | None, str | None, str | None]:
    ends = sorted(((d.party_id, d.record_id), (d.other_party_id, d.other_record_id)), key=lambda end: end[0] or 0)
    return ends[0][0], ends[1][0], ends[0][1], ends[1][1]


def _label_of(d: Decision) -> tuple[Any, ...]:
    names = ("party_id_l", "party_id_r", "record_id_l", "record_id_r")
    known: dict[str, Any] = dict(zip(names, _ends(d), strict=True))
    known |= {"entity_type": d.entity_type, "answer": _ANSWERS[d.kind], "labelled_by": d.decided_by, "labelled_at": d.decided_at}
    return tuple(known.get(name) for name in LABEL.column_names)
