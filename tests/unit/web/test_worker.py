"""One job after the other: reads are shared and kept, writes are finished before the end."""

from __future__ import annotations

import threading
import time

import pytest

from onefold.web.worker import BusyError, Worker


def test_reads_are_shared_kept_and_forgotten() -> None:
    worker, calls = Worker(kept=2), list[str]()

    def work(name: str) -> str:
        calls.append(name)
        return name

    for name in ("a", "a", "b"):
        assert worker.read(name, lambda name=name: work(name), 5) == name
    assert calls == ["a", "b"]
    worker.read("c", lambda: work("c"), 5)  # a is the oldest of three, and dropped
    worker.read("a", lambda: work("a"), 5)
    worker.forget("a")
    worker.read("a", lambda: work("a"), 5)
    assert calls == ["a", "b", "c", "a", "a"]
    worker.close()


def test_a_failure_is_raised_and_tried_again() -> None:
    worker = Worker()

    def broken() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        worker.read("x", broken, 5)
    assert worker.read("x", lambda: 7, 5) == 7
    worker.close()


def test_closing_finishes_writes_and_drops_waiting_reads() -> None:
    worker, done, gate = Worker(), list[str](), threading.Event()
    worker.ask("first", gate.wait)
    worker.write(lambda: done.append("written"))
    worker.ask("later", lambda: done.append("read"))
    assert worker.writing == 1
    with pytest.raises(BusyError):
        worker.read("first", gate.wait, 0.01)
    threading.Timer(0.1, gate.set).start()
    worker.close()
    assert done == ["written"]
    time.sleep(0.01)
    assert worker.writing == 0
