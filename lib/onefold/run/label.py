"""Conducts a labelling session: chooses the pairs, has them asked about, and keeps the answers as they come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from onefold.contracts.matching import LABEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.match.judge.asking import Answer, Ask, Sheet, label_pairs
from onefold.match.judge.choose import Question, Wish, choose_pairs, this_pair
from onefold.match.judge.labels import settle
from onefold.run.context import RunContext
from onefold.run.judge import thresholds_of

__all__ = ["Session", "run_label"]

_KEPT_EVERY = 10


@dataclass(frozen=True)
class Session:
    """What a session brought: how many pairs were asked about, the answers by kind, and what to say of contradictions."""

    asked: int
    answers: dict[str, int]
    warning: str | None

    def text(self) -> str:
        """Return the session in a line or two."""
        said = ", ".join(f"{count} {answer.replace('_', ' ')}" for answer, count in sorted(self.answers.items()))
        first = f"{sum(self.answers.values())} answers kept in {LABEL.name}{f': {said}' if said else ''}"
        if not self.asked:
            first = "every pair that is worth asking about has been answered"
        return first if self.warning is None else f"{first}\nwarning: {self.warning}"


def run_label(context: RunContext, ask: Ask, who: str, wish: Wish, *, pair: tuple[str, str] | None = None) -> Session:
    """Ask about pairs and keep the answers, ten at a time, so that what was answered stays when a session breaks off.

    Args:
        context: of the command.
        ask: puts a pair before a person; None ends the session.
        who: name of the person.
        wish: how many pairs, of which entity type.
        pair: ask about this one only, whether it was answered before or not.

    Raises:
        StageOrderError: when match has not run yet.
        DataContractError: when a record of `pair` is not in silver/party.
    """
    warehouse = context.warehouse
    pairs, parties, labels = warehouse.read(PAIR), warehouse.read(PARTY), warehouse.read_or_empty(LABEL)
    context.progress("choosing pairs")
    if pair is not None:
        questions: tuple[Question, ...] = (this_pair(pairs, parties, labels, pair),)
    else:
        questions = choose_pairs(pairs, labels, thresholds_of(context), wish)
    counts, stopped = Counter[str](), False

    def heard(sheet: Sheet) -> Answer | None:
        nonlocal stopped
        shown = Sheet(sheet.number, len(questions), sheet.question, sheet.lines)
        answer = ask(shown)
        stopped = answer is None
        counts.update([] if answer is None else [answer])
        return answer

    for start in range(0, len(questions), _KEPT_EVERY):
        some = questions[start : start + _KEPT_EVERY]
        answered = label_pairs(some, parties, heard, who=who, first=start + 1)
        warehouse.append(LABEL, answered, note={"run_id": context.run_id})
        if stopped:
            break
    warning = settle(warehouse.read_or_empty(LABEL)).warning()
    return Session(len(questions), dict(counts), warning)
