"""Asks about pairs one after the other, however the asking is done, and makes rows of match/label of the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pyspark.sql import DataFrame

from onefold.contracts.matching import LABEL
from onefold.errors import DataContractError
from onefold.match.judge.choose import Question
from onefold.match.judge.sides import Line, party_values, side_by_side

__all__ = ["Answer", "Ask", "Sheet", "label_pairs"]

Answer = Literal["match", "no_match", "unsure"]


@dataclass(frozen=True)
class Sheet:
    """What a person sees of a pair: the two records side by side; never the model's opinion, which would sway the answer."""

    number: int
    of: int
    question: Question
    lines: tuple[Line, ...]


Ask = Callable[[Sheet], Answer | None]
"""Puts one sheet before a person and returns the answer; None ends the session."""


def label_pairs(questions: Sequence[Question], parties: DataFrame, ask: Ask, *, who: str, first: int = 1) -> DataFrame:
    """Return the answers as rows of match/label; those given before the person stopped.

    Args:
        questions: the pairs to ask about, as `choose_pairs` returns them.
        parties: silver/party.
        ask: shows a sheet and returns the answer, None to stop.
        who: name of the person, kept with every answer.
        first: number of the first question, when the questions are a part of more.

    Raises:
        DataContractError: when nobody is named, or an answer is none of match, no_match and unsure.
    """
    if not who.strip():
        raise DataContractError("no name to keep with the answers", hint="say who answers")
    values = party_values(parties, [i for q in questions for i in (q.record_id_l, q.record_id_r)])
    rows: list[tuple[Any, ...]] = []
    for place, question in enumerate(questions):
        left, right = values.get(question.record_id_l), values.get(question.record_id_r)
        if left is None or right is None:  # gone from silver since the pair was scored
            continue
        answer = ask(Sheet(first + place, first - 1 + len(questions), question, side_by_side(left, right)))
        if answer is None:
            break
        if answer not in ("match", "no_match", "unsure"):
            raise DataContractError(f"{answer!r} is no answer", hint="answer match, no_match or unsure; None to stop")
        rows.append(_row(question, answer, who.strip()))
    return parties.sparkSession.createDataFrame(rows, LABEL.schema)


def _row(question: Question, answer: Answer, who: str) -> tuple[Any, ...]:
    known = vars(question) | {"answer": answer, "labelled_by": who, "labelled_at": datetime.now(UTC)}
    return tuple(known[name] for name in LABEL.column_names)
