"""The one thread that uses Spark: jobs wait for each other, and those that only read are kept for who asks again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import Any, TypeVar

__all__ = ["BusyError", "Worker"]

T = TypeVar("T")


class BusyError(Exception):
    """What was asked for is still being worked on; ask again."""


class Worker:
    """Runs jobs one after the other; of those that read, the last `kept` results stay in memory until `forget`."""

    def __init__(self, kept: int = 40) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="onefold-spark")
        self._lock = Lock()
        self._read: OrderedDict[str, Future[Any]] = OrderedDict()
        self._kept = kept
        self._writing: set[Future[Any]] = set()

    @property
    def writing(self) -> int:
        """How many jobs that write are under way or wait."""
        with self._lock:
            return len(self._writing)

    def ask(self, key: str, work: Callable[[], T]) -> Future[T]:
        """Return the job of this key, started if there is none, or if the last one failed or was forgotten."""
        with self._lock:
            known = self._read.get(key)
            if known is None or (known.done() and (known.cancelled() or known.exception() is not None)):
                known = self._read[key] = self._pool.submit(work)
            self._read.move_to_end(key)
            for old in [k for k, future in self._read.items() if future.done()][: max(0, len(self._read) - self._kept)]:
                del self._read[old]
            return known

    def read(self, key: str, work: Callable[[], T], patience: float) -> T:
        """Return what a job gives.

        Raises:
            BusyError: when it is not done after so many seconds; it goes on, and asking again finds it.
            Exception: whatever the job raised.
        """
        job = self.ask(key, work)
        wait([job], timeout=patience)
        if not job.done() or job.cancelled():
            raise BusyError
        with self._lock:
            if job.exception() is not None and self._read.get(key) is job:
                del self._read[key]
        result: T = job.result()
        return result

    def write(self, work: Callable[[], None]) -> None:
        """Do a job that writes; it is not kept, and never dropped: `close` waits for it."""

        def done(future: Future[None]) -> None:
            with self._lock:
                self._writing.discard(future)

        job = self._pool.submit(work)
        with self._lock:
            self._writing.add(job)
        job.add_done_callback(done)

    def forget(self, prefix: str = "") -> None:
        """Drop what was read under keys of this beginning; jobs under way end unseen."""
        with self._lock:
            for key in [key for key in self._read if key.startswith(prefix)]:
                del self._read[key]

    def close(self) -> None:
        """Drop what only reads and has not begun, finish what writes, and end the thread."""
        with self._lock:
            for job in self._read.values():
                job.cancel()
        self._pool.shutdown(wait=True)
