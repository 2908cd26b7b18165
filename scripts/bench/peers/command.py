"""The command: make the tables, run the engines one after the other, judge their clusters, report."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from peers.clock import DONE
from peers.companies import write_companies
from peers.memory import resident_mib
from peers.people import write_people
from peers.quality import best_threshold, of_clusters, of_pairs, truth_of
from peers.report import printed, write_page

__all__ = ["machine", "main"]

ENGINES = ("onefold", "duckdb", "spark")
_SURE = 6.63  # the weight of probability 0.99


def main(arguments: list[str], root: Path) -> int:
    """Run what the arguments ask for; results are kept as JSON lines beside the page, so runs can be taken one by one."""
    parser = argparse.ArgumentParser(prog="scripts/bench/peer", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, nargs="*", default=[], metavar="RECORDS", help="tables of people, by their size")
    parser.add_argument("--companies", type=int, nargs="*", default=[], metavar="RECORDS", help="tables of companies")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=["onefold", "duckdb"], help="what to run, in order")
    parser.add_argument("--heap", default="5g", help="heap of the engines that run on Spark")
    parser.add_argument("--seed", type=int, default=7, help="of the tables")
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "onefold-peer", help="tables and work folders")
    parser.add_argument("--page", type=Path, default=root / "docs" / "benchmarks.md", help="page that the results are written to")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    command = "scripts/bench/peer " + " ".join(arguments)
    results = root / "docs" / "benchmarks.jsonl"
    for kind, records in [("people", n) for n in given.people] + [("companies", n) for n in given.companies]:
        table = _table(kind, records, given.seed, given.data)
        for engine in given.engines:
            result = {"kind": kind, "records": records, "engine": engine, "seed": given.seed, "command": command, **machine()}
            result |= _run(engine, kind, table, _Place(given.data / f"work-{engine}", root, given.heap))
            _keep(result, results)
            print(printed(result), flush=True)
    write_page(results, given.page)
    return 0


def _table(kind: str, records: int, seed: int, data: Path) -> Path:
    folder = data / f"{kind}-{records}-{seed}"
    if not (folder / "truth.parquet").exists():
        (write_people if kind == "people" else write_companies)(records, folder, seed)
    return folder


def machine() -> dict[str, Any]:
    """Return the day and what it was measured on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?"
    )
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{os.cpu_count()} cores ({model}), {gib:.0f} GiB, Python {platform.python_version()}",
    }


@dataclass(frozen=True)
class _Place:
    """Where an engine works, what it is run from, and the heap it is given."""

    work: Path
    root: Path
    heap: str


def _run(engine: str, kind: str, table: Path, place: _Place) -> dict[str, Any]:
    """Run one engine in a process of its own, watched; the clock and the peak end where it says that its clusters are written."""
    work, root = place.work, place.root
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    module, more = ("peers.onefold_run", []) if engine == "onefold" else ("peers.splink_run", [engine])
    paths = os.pathsep.join(str(root / part) for part in ("scripts/bench", "scripts", "lib"))
    command = [sys.executable, "-m", module, kind, str(table / "records.parquet"), str(work), place.heap, *more]
    with (work / "log.txt").open("w") as log:
        process = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, stderr=log, text=True
        )
        watch = _Watch(process.pid)
        clock: dict[str, float] = {}
        try:
            for line in process.stdout or ():
                if line.startswith(DONE):
                    clock, watch.counting = json.loads(line.removeprefix(DONE)), False
        except BaseException:  # stopped: the engine must not run on
            process.terminate()
            raise
        if process.wait() or not clock:
            raise SystemExit(f"{engine} failed on {kind}; its words are in {work / 'log.txt'}")
    truth = truth_of(table / "truth.parquet")
    pairs = _read(work, "pairs")
    quality = {"chosen": of_clusters(_read(work, "clusters"), truth), "best": best_threshold(pairs, truth)}
    quality["sure"] = of_pairs(pairs, _SURE, truth)
    shutil.rmtree(work, ignore_errors=True)
    return {"seconds": clock, "peak_mib": watch.peak, "cpu_seconds": watch.cpu, "pairs": pairs.num_rows, "quality": quality}


def _read(work: Path, name: str) -> Any:
    return pq.read_table(next(p for p in (work / name, work / f"{name}_raw.parquet") if p.exists()))


class _Watch:
    """Samples the memory of a process tree five times a second until told to stop counting."""

    def __init__(self, pid: int) -> None:
        self.peak, self.cpu, self.counting = 0, 0.0, True
        threading.Thread(target=self._sample, args=(pid,), daemon=True).start()

    def _sample(self, pid: int) -> None:
        while self.counting:
            mib, cpu = resident_mib(pid)
            self.peak, self.cpu = max(self.peak, round(mib)), max(self.cpu, round(cpu, 1))
            time.sleep(0.2)


def _keep(result: dict[str, Any], file: Path) -> None:
    """Put a result in place of an older one of the same engine and table."""
    key = ("kind", "records", "engine", "seed")
    lines = file.read_text().splitlines() if file.exists() else []
    old = [json.loads(line) for line in lines]
    others = [r for r in old if "engine" not in r]  # of other benchmarks
    kept = [r for r in old if "engine" in r and any(r[k] != result[k] for k in key)] + [result]
    kept.sort(key=lambda r: (r["kind"] != "people", r["records"], ENGINES.index(r["engine"])))
    file.write_text("".join(json.dumps(r) + "\n" for r in kept + others))
