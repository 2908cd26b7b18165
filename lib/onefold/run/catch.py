"""Runs index: what matching keeps and who is whose record, laid down for looking up one prospect without Spark.

Order of writes: the files of a new folder, then its manifest, then the pointer to it, which is the switch; older folders go
last. A build that was killed leaves the old index in use, and its folder to be removed by the next one.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.catch.embedded import EmbeddedWriter
from onefold.catch.entity import Rule
from onefold.catch.layout import built_folder, index_root, switch_to, write_text
from onefold.catch.programs import matching, standardising
from onefold.catch.tables import block_rows, known_rows, record_rows
from onefold.cleanse import attribute_types
from onefold.contracts.gold import CUSTOMER_XREF
from onefold.contracts.match_state import feature_table, key_table
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError, RuntimeSetupError
from onefold.match.keyed import finer_keys
from onefold.match.matching import Task
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.run.match import tasks
from onefold.run.match_state import State, fingerprint, kept, read_states, table_at
from onefold.store.scratch import Scratch, scratch_of

__all__ = ["run_index"]

_BATCH = 20_000


def run_index(context: RunContext) -> StageReport:
    """Make the index of every entity type that was matched, and put it in the place of the last one.

    Raises:
        ConfigurationError: when rules or comparisons are others than those of the last match.
        StageOrderError: when publish has not run yet.
    """
    began = time.monotonic()
    if not context.project.catch.enabled:
        return StageReport("index", (ItemReport("index", status="skipped", note="catch.enabled is false"),))
    states = read_states(context)
    if not states:
        note = "match keeps nothing to make an index of (training.refresh_days is 0, or it has not run)"
        return StageReport("index", (ItemReport("index", status="skipped", note=note),))
    try:
        root = index_root(context.warehouse.root, context.project.catch.folder)
        index_root(context.warehouse.root, None)  # what Spark writes for it is read by the driver, as files
    except RuntimeSetupError as error:
        return StageReport("index", (ItemReport("index", status="skipped", note=error.message),))
    folder = built_folder(root, context.run_id)
    with scratch_of(context.warehouse, context.run_id, "index") as scratch:
        items = tuple(
            _build(context, task, states[task.entity_type], folder, scratch)
            for task in tasks(context)
            if task.entity_type in states
        )
    _standardising(context, folder)
    switch_to(folder, _manifest(context, [item.item for item in items]))
    return StageReport("index", items, time.monotonic() - began)


def _standardising(context: RunContext, folder: Path) -> None:
    attributes = _attributes(context)
    program = standardising(context.spark, attributes, context.project.standardise)
    write_text(folder / "standardise.json", program.to_json())


def _attributes(context: RunContext) -> dict[str, str]:
    return attribute_types(s.party for s in context.project.sources if s.party is not None)


def _manifest(context: RunContext, kinds: list[str]) -> dict[str, Any]:
    standardise = context.project.standardise
    return {
        "run_id": context.run_id,
        "made_at": context.started_at.isoformat(),
        "entity_types": kinds,
        "attributes": _attributes(context),
        "default_country": standardise.default_country,
        "sentinels": list(standardise.sentinels),
    }


def _build(context: RunContext, task: Task, state: State, folder: Path, scratch: Scratch) -> ItemReport:
    """Write the file and the programs of one entity type."""
    began = time.monotonic()
    warehouse, kind = context.warehouse, task.entity_type
    context.progress(f"index: {kind}")
    parties = table_at(context, PARTY, state.party_version).where(F.col("entity_type") == kind)
    if fingerprint(task, parties) != state.fingerprint:
        raise ConfigurationError(
            f"rules, comparisons or columns of {kind} are not those of the last match",
            hint="run match, resolve and publish first",
        )
    last = kept(context, state, task)
    features = table_at(context, feature_table(kind), state.feature_version)
    prepared = matching(parties, task, last.model, state.within, features.schema)
    asked = {int(name.removeprefix("keys")) for name in prepared.keys.outputs if name not in prepared.keys.gaps()}
    programs = ("keys", "finer", "prepared", "hashes", "levels", "scored")
    rules = [
        asdict(Rule(rule.name, task.blocking.cap_of(rule), bool(rule.then), number in asked))
        for number, rule in enumerate(task.blocking.rules)
    ]
    about = {
        "rules": rules,
        "comparisons": [c.name for c in task.comparisons],
        "nicknames": prepared.nicknames,
        "rare_words": prepared.rare_words,
        "max_candidates": context.project.catch.max_candidates,
        "programs": {name: getattr(prepared, name).to_json() for name in programs},
    }
    write_text(folder / f"{kind}.json", json.dumps(about))

    def cut(frame: DataFrame, name: str) -> DataFrame:
        return scratch(frame, f"{kind}/{name}")

    keyed = table_at(context, key_table(kind), state.key_version)
    has_second = any(rule.then for rule in task.blocking.rules)
    frames = {
        "blocks": block_rows(keyed, finer_keys(parties, task.blocking, last.known) if has_second else None, task.blocking, cut),
        "records": record_rows(features, warehouse.read(CUSTOMER_XREF).select("record_id", "customer_id")),
        "known": known_rows(last.known.entries),
    }
    rows = _embed(folder / f"{kind}.sqlite", frames, scratch)
    size = (folder / f"{kind}.sqlite").stat().st_size
    lost = [f"rule {r['name']} needs Spark" for r in rules if not r["asked"]]
    lost += [f"comparison {task.comparisons[int(n[1:])].name} needs Spark" for n in prepared.levels.gaps() if n[0] == "g"]
    note = "; ".join([f"{rows['blocks']:,} blocks, {size / 1e6:,.1f} MB", *lost])
    return ItemReport(kind, rows_in=rows["records"], rows_out=rows["records"], seconds=time.monotonic() - began, note=note)


def _embed(path: Path, frames: Mapping[str, DataFrame], scratch: Scratch) -> dict[str, int]:
    """Let Spark sort the frames into files, and lay these down one batch after another; return the rows of each."""
    path.touch(mode=0o600)
    counts: dict[str, int] = {}
    with EmbeddedWriter(path) as file:
        take: dict[str, Callable[[Iterator[Any]], None]] = {"blocks": file.blocks, "records": file.records, "known": file.known}
        for name, frame in frames.items():
            place = f"{path.stem}/{name}"
            scratch(frame, place)
            counts[name] = 0
            for batch in _batches(scratch.path(place)):
                take[name](zip(*batch, strict=True))
                counts[name] += len(batch[0])
    with path.open("rb") as written:
        os.fsync(written.fileno())
    return counts


def _batches(folder: str) -> Iterator[list[list[Any]]]:
    """Give the columns of the folder's files, in order, a bounded number of rows at a time."""
    for path in sorted(Path(folder.removeprefix("file://").removeprefix("file:")).glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                yield [column.to_pylist() for column in batch.columns]
