"""What people answered, settled: the latest answer of each person, contradictions found, named and left out."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

__all__ = ["Contradiction", "Judgement", "Settled", "find_contradictions", "labelled_pairs", "settle"]

logger = logging.getLogger(__name__)

_SHOWN = 5
Pair = tuple[str, str]


@dataclass(frozen=True)
class Judgement:
    """One settled answer about a pair of records."""

    record_id_l: str
    record_id_r: str
    is_match: bool

    @property
    def pair(self) -> Pair:
        """The two records, the smaller id first."""
        return min(self.record_id_l, self.record_id_r), max(self.record_id_l, self.record_id_r)


@dataclass(frozen=True)
class Contradiction:
    """Answers that cannot all be right: one pair answered both ways, or a chain of matches whose ends were told apart."""

    records: tuple[str, ...]

    @property
    def pairs(self) -> frozenset[Pair]:
        """Every pair of the contradiction, the one told apart included."""
        linked = zip(self.records, (*self.records[1:], self.records[0]), strict=True)
        return frozenset((min(a, b), max(a, b)) for a, b in linked)

    def text(self) -> str:
        """Return the contradiction in words, by record ids."""
        if len(self.records) == 2:
            return f"{self.records[0]} and {self.records[1]} were answered both ways"
        return f"{' = '.join(self.records)}, and yet {self.records[0]} and {self.records[-1]} are told apart"


@dataclass(frozen=True)
class Settled:
    """The answers that can be used, and the contradictions whose answers were left out."""

    judgements: tuple[Judgement, ...]
    contradictions: tuple[Contradiction, ...]

    def warning(self) -> str | None:
        """Return what to say of the contradictions, with at most five of them; None when there is none."""
        if not self.contradictions:
            return None
        shown = "; ".join(c.text() for c in self.contradictions[:_SHOWN])
        more = len(self.contradictions) - _SHOWN
        left_out = len(frozenset[Pair]().union(*(c.pairs for c in self.contradictions)))
        found = f"{len(self.contradictions)} contradiction{'s' if len(self.contradictions) > 1 else ''} in match/label"
        return (
            f"{found}, the answers to {left_out} pairs left out until they are answered anew (onefold label --pair ID ID): "
            f"{shown}{f'; and {more} more' if more > 0 else ''}"
        )


def settle(labels: DataFrame) -> Settled:
    """Return the usable answers of match/label and the contradictions; these are also logged as a warning.

    Of one person's answers to a pair the latest counts, so that a mistake is put right by answering again. Answers of unsure
    say nothing.
    """
    columns = ("record_id_l", "record_id_r", "answer", "labelled_by", "labelled_at")
    # bounded: what people answered, pair by pair
    settled = _settled([row.asDict() for row in labels.select(*columns).toLocalIterator()])
    if (warning := settled.warning()) is not None:
        logger.warning("%s", warning)
    return settled


def _settled(rows: Iterable[Mapping[str, Any]]) -> Settled:
    latest: dict[tuple[Pair, str], tuple[datetime, str]] = {}
    for row in rows:
        pair = min(row["record_id_l"], row["record_id_r"]), max(row["record_id_l"], row["record_id_r"])
        said = (row["labelled_at"], str(row["answer"]))
        key = (pair, str(row["labelled_by"]))
        latest[key] = max(latest.get(key, said), said)
    answers: dict[Pair, set[bool]] = {}
    for (pair, _), (_, answer) in sorted(latest.items()):
        if answer in ("match", "no_match"):
            answers.setdefault(pair, set()).add(answer == "match")
    both = [Contradiction(pair) for pair, said in answers.items() if len(said) == 2]
    single = [Judgement(*pair, is_match=True in said) for pair, said in answers.items() if len(said) == 1]
    chains = find_contradictions(single)
    bad = frozenset[Pair]().union(*(c.pairs for c in chains))
    return Settled(tuple(j for j in single if j.pair not in bad), (*both, *chains))


def find_contradictions(judgements: Iterable[Judgement]) -> tuple[Contradiction, ...]:
    """Return the shortest chain of matches behind every pair that was told apart; no answer is part of two of them."""
    neighbours: dict[str, set[str]] = {}
    apart = []
    for judgement in judgements:
        left, right = judgement.pair
        if judgement.is_match:
            neighbours.setdefault(left, set()).add(right)
            neighbours.setdefault(right, set()).add(left)
        else:
            apart.append((left, right))
    found = []
    for left, right in sorted(apart):
        while chain := _path(neighbours, left, right):
            found.append(Contradiction(chain))
            for a, b in pairwise(chain):
                neighbours[a].discard(b)
                neighbours[b].discard(a)
    return tuple(found)


def _path(neighbours: Mapping[str, set[str]], start: str, end: str) -> tuple[str, ...]:
    """Return the shortest path, of equally short ones the first by id; nothing when there is none."""
    before: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in before:
        here = waiting.popleft()
        for there in sorted(neighbours.get(here, ())):
            if there not in before:
                before[there] = here
                waiting.append(there)
    path, at = [], end if end in before else None
    while at is not None:
        path.append(at)
        at = before[at]
    return tuple(reversed(path))


def labelled_pairs(labels: DataFrame) -> DataFrame:
    """Return the settled answers for training: `party_id_l`, `party_id_r`, `is_match`, each pair once.

    Contradictory answers are left out and logged as a warning that names their records; answers of unsure are left out.

    Args:
        labels: match/label.
    """
    settled = settle(labels)
    rows = [(j.record_id_l, j.record_id_r, j.is_match) for j in settled.judgements]
    spark = labels.sparkSession
    judged = spark.createDataFrame(rows, "record_a string, record_b string, is_match boolean")
    named = labels.select(
        F.least("record_id_l", "record_id_r").alias("record_a"),
        F.greatest("record_id_l", "record_id_r").alias("record_b"),
        "party_id_l",
        "party_id_r",
    ).dropDuplicates(["record_a", "record_b"])
    return named.join(F.broadcast(judged), on=["record_a", "record_b"], how="inner").select(
        "party_id_l", "party_id_r", "is_match"
    )
