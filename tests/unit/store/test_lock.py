"""One process at a time holds the lock; the lock of a dead one is taken over; nobody writes who has lost it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from onefold.errors import WarehouseBusyError
from onefold.store import Warehouse
from onefold.store.lock import Holder, holding
from onefold.store.terms import LocalTerms, LogStoreTerms, Terms, terms_of

Make = Callable[[], Terms]


@pytest.fixture(params=["local", "log store"])
def terms(request: pytest.FixtureRequest, tmp_path: Path, spark: SparkSession) -> Terms:
    folder = tmp_path / "terms"
    return LocalTerms(folder) if request.param == "local" else LogStoreTerms(spark, f"file://{folder}")


def test_a_number_is_given_once_whoever_asks(terms: Terms) -> None:
    assert terms.newest() is None
    won: list[int] = []
    ready = threading.Barrier(8)

    def ask(who: int) -> None:
        ready.wait()
        if terms.put(1, {"who": who}):
            won.append(who)

    threads = [threading.Thread(target=ask, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert terms.newest() == (1, {"who": won[0]})
    assert terms.put(2, {"who": -1})
    terms.prune(2)
    assert terms.newest() == (2, {"who": -1})
    assert terms.put(1, {})  # the first is gone, so its number is free: why who takes a lock looks again


def test_the_place_decides_by_whom_a_number_is_given(spark: SparkSession) -> None:
    assert isinstance(terms_of(spark, "/some/folder"), LocalTerms)
    assert isinstance(terms_of(spark, "file:///some/folder"), LocalTerms)
    assert isinstance(terms_of(spark, "hdfs://host/folder"), LogStoreTerms)


def test_a_second_run_stops_or_waits(warehouse: Warehouse) -> None:
    other = Warehouse(warehouse.spark, warehouse.root)
    with holding(warehouse, "r1", "run"):
        with holding(warehouse, "r1", "audience mail"):  # inside itself it does nothing
            pass
        assert warehouse.fence is not None
        warehouse.fence()
        with (
            pytest.raises(WarehouseBusyError, match=r"(?s)run r1 \(run\) on .*--wait") as busy,
            holding(other, "r2", "run"),
        ):
            pass
        assert busy.value.exit_code == 4
    with holding(other, "r2", "run"):
        pass
    assert warehouse.fence is None


def test_waiting_ends_when_the_other_is_done(warehouse: Warehouse) -> None:
    other, entered = Warehouse(warehouse.spark, warehouse.root), threading.Event()

    def first() -> None:
        with holding(warehouse, "r1", "run"):
            entered.set()
            time.sleep(0.5)

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait()
    with holding(other, "r2", "run", wait=30):
        assert not warehouse.fence
    thread.join()


def _left_behind(warehouse: Warehouse, holder: Holder, age: float) -> None:
    terms = terms_of(warehouse.spark, warehouse.path("_lock"))
    held = {"state": "held", **vars(holder), "renewed_at": time.time() - age, "lease": 60.0}
    assert terms.put(1, held)


def test_the_lock_of_a_dead_run_is_taken_over(warehouse: Warehouse, caplog: pytest.LogCaptureFixture) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    here = replace(Holder.here("gone", "run"), pid=dead.pid)
    if here.machine:  # its own machine sees at once that the process is gone
        _left_behind(warehouse, here, age=0)
        with holding(warehouse, "r1", "run"):
            pass
        assert "run gone, which is dead" in caplog.text
    elsewhere = Warehouse(warehouse.spark, f"{warehouse.root}-2")
    _left_behind(elsewhere, replace(here, machine="another"), age=30)
    with pytest.raises(WarehouseBusyError, match="run gone"), holding(elsewhere, "r1", "run"):
        pass
    late = Warehouse(warehouse.spark, f"{warehouse.root}-3")
    _left_behind(late, replace(here, machine="another"), age=90)
    with holding(late, "r1", "run"):
        pass


def test_who_stood_still_for_too_long_writes_no_more(warehouse: Warehouse) -> None:
    terms = terms_of(warehouse.spark, warehouse.path("_lock"))
    with holding(warehouse, "r1", "run"):
        number, content = terms.newest() or (0, {})
        assert terms.put(number + 1, content | {"run_id": "r2"})  # what another does once the lease has run out
        assert warehouse.fence is not None
        with pytest.raises(WarehouseBusyError, match="another run has taken the warehouse"):
            warehouse.fence()
    assert (terms.newest() or (0, {}))[1]["run_id"] == "r2"  # and it keeps it
