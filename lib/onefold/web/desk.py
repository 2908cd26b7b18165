"""The desk that the pages share: the queue in memory, the answers on their way, and what people have to be told."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol

from onefold.errors import OnefoldError
from onefold.match.judge.asking import Answer
from onefold.run.desk import EntitySheet, Given, Outcome, PairSheet
from onefold.run.queue import Item
from onefold.web.worker import Worker

__all__ = ["Backend", "Desk", "Notice", "Place"]

logger = logging.getLogger(__name__)

_TOLD = 20  # notices kept for one person


class Backend(Protocol):
    """What the desk needs of the warehouse; `onefold.run.desk.WarehouseDesk` is it. It is called from one thread only."""

    def stamp(self) -> tuple[int, ...]:
        """Return what changes when something was published or decided."""

    def queue(self) -> tuple[Item, ...]:
        """Return the open items, the best first."""

    def pair(self, item: Item) -> PairSheet | None:
        """Return what is to be shown of an item; None when its records are gone."""

    def entity(self, customer_id: str) -> EntitySheet:
        """Return what is to be shown of a customer."""

    def record(self, given: Given, others: Sequence[Item]) -> Outcome:
        """Record an answer."""

    def decisions(self) -> tuple[dict[str, object], ...]:
        """Return all decisions, the newest first."""

    def revoke(self, decision_id: str, reason: str, who: str) -> None:
        """Take a decision back."""


@dataclass(frozen=True)
class Notice:
    """Something to tell a person once, at the top of the next page."""

    kind: Literal["done", "refused"]
    text: str


@dataclass(frozen=True)
class Place:
    """Where an item stands among the open ones, counted from 1, and its neighbours."""

    number: int
    of: int
    before: Item | None
    after: Item | None


class Desk:
    """Many requests read and answer it at once; all that needs Spark goes through its worker."""

    def __init__(self, backend: Backend, *, patience: float = 8.0, look_every: float = 15.0) -> None:
        self.worker = Worker()
        self._backend, self._patience, self._look_every = backend, patience, look_every
        self._lock = Lock()
        self._items: tuple[Item, ...] | None = None
        self._stamp: tuple[int, ...] = ()
        self._looked = 0.0
        self._pending: set[str] = set()  # answered, not recorded yet
        self._done: set[str] = set()  # recorded or settled since the queue was read
        self._notices: defaultdict[str, list[Notice]] = defaultdict(list)

    def begin(self) -> None:
        """Have the queue read before anybody asks for it."""
        self.worker.ask("queue", self._load)

    def items(self) -> tuple[Item, ...]:
        """Return the open items, the best first; every now and then a look is taken whether a run has made new ones.

        Raises:
            BusyError: when they are still being read.
            StageOrderError: when nothing was published yet.
        """
        if self._items is None:
            self.worker.read("queue", self._load, self._patience)
        else:
            self.look()
        with self._lock:
            gone = self._pending | self._done
            return tuple(item for item in self._items or () if item.item_id not in gone)

    def look(self) -> None:
        """Have the worker look whether something new was published or decided, unless it did so a moment ago."""
        now = time.monotonic()
        if now - self._looked >= self._look_every:
            self._looked = now
            self.worker.forget("look")
            self.worker.ask("look", self._look_again)

    def place(self, item_id: str) -> tuple[Item, Place] | None:
        """Return an open item and where it stands; None when it is not open, or never was."""
        items = self.items()
        at = next((i for i, item in enumerate(items) if item.item_id == item_id), None)
        if at is None:
            return None
        before, after = items[at - 1] if at else None, items[at + 1] if at + 1 < len(items) else None
        return items[at], Place(at + 1, len(items), before, after)

    def pair(self, item: Item) -> PairSheet | None:
        """Return what is to be shown of an item; None when its records are gone.

        Raises:
            BusyError: when it is still being read.
        """
        return self.worker.read(f"pair {item.item_id}", lambda: self._backend.pair(item), self._patience)

    def prepare(self, item: Item | None) -> None:
        """Have read what will be shown of an item that is likely to be opened next."""
        if item is not None:
            self.worker.ask(f"pair {item.item_id}", lambda: self._backend.pair(item))

    def entity(self, customer_id: str) -> EntitySheet:
        """Return what is to be shown of a customer.

        Raises:
            BusyError: when it is still being read.
            DataContractError: when there is no such customer any more.
        """
        return self.worker.read(f"entity {customer_id}", lambda: self._backend.entity(customer_id), self._patience)

    def decisions(self) -> tuple[dict[str, object], ...]:
        """Return all decisions with their states, the newest first.

        Raises:
            BusyError: when they are still being read.
        """
        return self.worker.read("decisions", self._backend.decisions, self._patience)

    def answer(self, item: Item, answer: Answer, reason: str, who: str) -> bool:
        """Take an answer off the queue and have it recorded; tell whether it was still open."""
        with self._lock:
            if item.item_id in self._pending | self._done:
                return False
            self._pending.add(item.item_id)
        self.worker.write(lambda: self._record(Given(item, answer, reason, who)))
        return True

    def revoke(self, decision_id: str, reason: str, who: str) -> None:
        """Have a decision taken back."""

        def work() -> None:
            self._guarded(decision_id, who, lambda: self._backend.revoke(decision_id, reason, who))
            self._reload()

        self.worker.write(work)

    def told(self, who: str) -> tuple[Notice, ...]:
        """Return what the person has to be told, once."""
        with self._lock:
            return tuple(self._notices.pop(who, ()))

    def tell(self, who: str, notice: Notice) -> None:
        """Keep a notice for the person's next page."""
        with self._lock:
            self._notices[who] = [*self._notices[who], notice][-_TOLD:]

    def close(self) -> None:
        """Finish what is being recorded."""
        self.worker.close()

    def _load(self) -> None:
        stamp = self._backend.stamp()
        items = self._backend.queue()
        with self._lock:
            self._items, self._stamp = items, stamp
            self._done.clear()
        self.worker.forget("pair")
        self.worker.forget("entity")
        self.worker.forget("decisions")

    def _look_again(self) -> None:
        if self._backend.stamp() != self._stamp:
            self._load()

    def _reload(self) -> None:
        try:
            self._load()
        except Exception:
            logger.error("the queue could not be read again")

    def _record(self, given: Given) -> None:
        items, before = self._items or (), self._backend.stamp()
        outcome = self._guarded(given.item.item_id, given.who, lambda: self._backend.record(given, items))
        with self._lock:
            self._pending.discard(given.item.item_id)
            if outcome is not None and not outcome.problems:
                self._done |= {given.item.item_id, *outcome.settled}
        if outcome is not None:
            for problem in outcome.problems:
                self.tell(given.who, Notice("refused", f"{given.item.item_id} was not recorded: {problem}"))
            if before == self._stamp:  # only this answer is new, so that the queue need not be read again
                self._stamp = self._backend.stamp()
        self.worker.forget("decisions")

    def _guarded(self, about: str, who: str, work: Callable[[], Outcome | None]) -> Outcome | None:
        """Do what writes; what goes wrong is told to the person, an unexpected failure without its text (it may hold values)."""
        try:
            return work()
        except OnefoldError as error:
            self.tell(who, Notice("refused", f"{about} was not recorded: {error.message}"))
        except Exception as error:
            logger.error("recording failed", extra={"about": about, "kind": type(error).__name__})
            self.tell(who, Notice("refused", f"{about} was not recorded: {type(error).__name__}; it can be answered again"))
        return None
