"""One writer at a time: the lock of a warehouse, a lease that its holder renews and that runs out when the holder dies."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onefold.errors import WarehouseBusyError
from onefold.store.terms import Terms, terms_of
from onefold.store.warehouse import Warehouse

__all__ = ["LEASE_SECONDS", "Holder", "RunLock", "holding"]

logger = logging.getLogger(__name__)

LEASE_SECONDS = 120.0
"""How long a lock stands without being renewed; the holder renews it six times in that time."""

_KEPT = 20
_LOOK_EVERY = 1.0


@dataclass(frozen=True)
class Holder:
    """Who asks for the lock, as those who find it taken are told."""

    run_id: str
    command: str
    host: str
    pid: int
    machine: str
    since: str

    @classmethod
    def here(cls, run_id: str, command: str) -> Holder:
        """Return this process as a holder."""
        since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        return cls(run_id, command, socket.gethostname(), os.getpid(), _machine(), since)


class RunLock:
    """A lock that is held: renewed in the background, checked before what must not happen twice, and given back."""

    def __init__(self, terms: Terms, holder: Holder, number: int, lease: float) -> None:
        self._terms, self._holder, self._number, self._lease = terms, holder, number, lease
        self._mutex, self._ended, self._lost = threading.Lock(), threading.Event(), False
        self._beat = threading.Thread(target=self._renew_for_ever, name="onefold-lock", daemon=True)

    def start(self) -> None:
        """Begin to renew the lease."""
        self._beat.start()

    def check(self) -> None:
        """Renew the lease now.

        Raises:
            WarehouseBusyError: when another run has taken the lock over, because this one stood still for too long.
        """
        with self._mutex:
            if not self._lost:
                ours = self._terms.put(self._number + 1, _held(self._holder, self._lease)) or self._made_before()
                self._number, self._lost = self._number + 1, not ours
                self._terms.prune(self._number - _KEPT)
        if self._lost:
            raise WarehouseBusyError(
                f"run {self._holder.run_id} stood still for over {self._lease:.0f} s and another run has taken the warehouse",
                hint="nothing was published by this run; start it again when the other is done",
            )

    def give_back(self) -> None:
        """Stop renewing and leave the lock free; one that was lost stays with who has it."""
        self._ended.set()
        try:
            with self._mutex:
                if not self._lost:
                    self._terms.put(self._number + 1, {"state": "free"})
        except Exception as error:  # it must not hide the error that ended the run; the lease runs out by itself
            logger.warning("the lock could not be given back: %s", type(error).__name__, extra={"run_id": self._holder.run_id})

    def _made_before(self) -> bool:
        """Tell whether the next number is there because of an earlier try of our own, whose answer was lost."""
        number, content = self._terms.newest() or (0, {})
        return number == self._number + 1 and vars(self._holder).items() <= content.items()

    def _renew_for_ever(self) -> None:
        while not self._ended.wait(self._lease / 6):
            try:
                self.check()
            except WarehouseBusyError:
                logger.warning("the lock of the warehouse was lost to another run", extra={"run_id": self._holder.run_id})
                return
            except Exception as error:  # a storage that is away for a moment; the next beat tries again
                logger.warning("the lock could not be renewed: %s", type(error).__name__, extra={"run_id": self._holder.run_id})


@contextmanager
def holding(
    warehouse: Warehouse, run_id: str, command: str, *, wait: float = 0.0, lease: float = LEASE_SECONDS
) -> Iterator[None]:
    """Hold the lock of the warehouse for the block; inside a block that holds it already, do nothing.

    Args:
        warehouse: what is locked; its `fence` raises while the block runs once the lock was lost.
        run_id: who holds it.
        command: what for, as others are told.
        wait: seconds to wait for another holder.
        lease: seconds after which a holder that does not renew counts as dead.

    Raises:
        WarehouseBusyError: when another run holds it, still after the wait.
    """
    if warehouse.fence is not None:
        yield
        return
    terms = terms_of(warehouse.spark, warehouse.path("_lock"))
    lock = _take(terms, Holder.here(run_id, command), wait, lease)
    lock.start()
    warehouse.fence = lock.check
    try:
        yield
    finally:
        warehouse.fence = None
        lock.give_back()


def _take(terms: Terms, holder: Holder, wait: float, lease: float) -> RunLock:
    until = time.monotonic() + wait
    while True:
        number, content = terms.newest() or (0, {"state": "free"})
        dead = _dead(content)
        if content["state"] == "free" or dead:
            if terms.put(number + 1, _held(holder, lease)) and (terms.newest() or (0, {}))[0] == number + 1:
                if dead:
                    logger.warning("took the lock over from run %s, which is dead", content["run_id"], extra={"why": dead})
                return RunLock(terms, holder, number + 1, lease)
        elif time.monotonic() >= until:
            raise WarehouseBusyError(
                f"the warehouse is in use: run {content['run_id']} ({content['command']}) on {content['host']}, process "
                f"{content['pid']}, since {content['since']}" + (f"; waited {wait:.0f} s" if wait else ""),
                hint="start again when it is done, or add --wait SECONDS; the lock of a run that died is free at once on its own "
                f"machine, elsewhere {content['lease']:.0f} s after its last sign of life",
            )
        else:
            time.sleep(min(_LOOK_EVERY, max(0.0, until - time.monotonic())))


def _held(holder: Holder, lease: float) -> dict[str, Any]:
    return {"state": "held", **vars(holder), "renewed_at": time.time(), "lease": lease}


def _dead(content: dict[str, Any]) -> str | None:
    """Return why the holder counts as dead: its process is gone from this machine, or its lease has run out."""
    if content["state"] != "held":
        return None
    if content["machine"] and content["machine"] == _machine() and not Path(f"/proc/{content['pid']}").exists():
        return "its process is gone"
    return "its lease has run out" if time.time() - content["renewed_at"] > content["lease"] else None


def _machine() -> str:
    """Return what tells apart machines, their starts and their containers; empty where the system does not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
