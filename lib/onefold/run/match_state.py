"""Where the last match run left off, and whether the next one can go on from there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts import TableContract
from onefold.contracts.match_state import KNOWN_VALUE, MATCH_STATE, feature_table, key_table
from onefold.contracts.matching import MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.match.increment import Before
from onefold.match.known import Known
from onefold.match.matching import Kept, Task
from onefold.match.saved import model_of
from onefold.run.context import RunContext
from onefold.run.knowledge import model_rows

__all__ = ["State", "before", "fingerprint", "kept", "read_states", "table_at", "why_train", "write_states"]

_FORMAT = 1
"""Raised when keys or prepared records of the same configuration come out otherwise than before."""


@dataclass(frozen=True)
class State:
    """A row of match/state."""

    entity_type: str
    run_id: str
    fingerprint: str
    within: str | None
    trained_run: str
    trained_at: datetime
    trained_records: int
    trained_version: int | None
    party_version: int
    key_version: int
    feature_version: int
    known_version: int
    model_version: int
    pair_version: int


def read_states(context: RunContext) -> dict[str, State]:
    """Return the state of each entity type that was matched; none where nothing is kept."""
    if not context.warehouse.exists(MATCH_STATE):
        return {}
    # bounded: a row for each entity type
    rows = context.warehouse.read(MATCH_STATE).select(*MATCH_STATE.column_names).collect()
    return {str(row["entity_type"]): State(*row) for row in rows}


def write_states(context: RunContext, states: Mapping[str, State]) -> None:
    """Write the state: from then on the run's tables count."""
    rows = [astuple(state) for _, state in sorted(states.items())]
    frame = context.spark.createDataFrame(rows, MATCH_STATE.schema).coalesce(1)
    context.warehouse.overwrite(MATCH_STATE, frame, note={"run_id": context.run_id})


def fingerprint(task: Task, parties: DataFrame) -> str:
    """Return a hash of all that decides how records are keyed, prepared, trained and compared."""
    settings = {
        "format": _FORMAT,
        "blocking": task.blocking.model_dump(mode="json"),
        "comparisons": [c.model_dump(mode="json") for c in task.comparisons],
        "training": task.training.model_dump(mode="json", exclude={"refresh_days", "refresh_growth"}),
        "store_above": task.store_above,
        "columns": sorted(f"{f.name} {f.dataType.simpleString()}" for f in parties.schema.fields),
        "files": [_digest(name) for name in (task.training.model, task.training.labels) if name],
    }
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _digest(name: str) -> str:
    path = Path(name)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else name


def why_train(state: State | None, task: Task, found: str, records: int, context: RunContext) -> str | None:
    """Return why the model is trained anew, None when the one of the state serves on."""
    training = task.training
    if context.fresh == "train":
        return "asked for"
    if state is None:
        return "nothing is kept of an earlier run"
    if state.fingerprint != found:
        return "the configuration or the columns of silver/party changed"
    days = (context.started_at.replace(tzinfo=None) - state.trained_at.replace(tzinfo=None)).days
    if days >= training.refresh_days:
        return f"the model is {days} days old"
    grown = abs(records - state.trained_records) / max(state.trained_records, 1)
    return f"the records changed by {grown:.0%} since training" if grown > training.refresh_growth else None


def kept(context: RunContext, state: State, task: Task) -> Kept:
    """Return the model and the counts that the state names."""
    rows = model_rows(table_at(context, MODEL, state.model_version))
    model = model_of(rows, task.entity_type, task.comparisons, task.training.group_discount)
    known = table_at(context, KNOWN_VALUE, state.known_version).where(F.col("entity_type") == task.entity_type)
    return Kept(model, Known(known.drop("entity_type")), state.within)


def before(context: RunContext, state: State, last: Kept) -> Before | None:
    """Return what the state names, as it then was; None when a version is gone (vacuumed, or the table restored)."""
    kind = state.entity_type
    try:
        parties = table_at(context, PARTY, state.party_version)
        return Before(
            keys=table_at(context, key_table(kind), state.key_version),
            features=table_at(context, feature_table(kind), state.feature_version),
            pairs=table_at(context, PAIR, state.pair_version).where(F.col("entity_type") == kind),
            parties=parties.where(F.col("entity_type") == kind),
            known=last.known,
            model=last.model,
            within=last.within,
        )
    except PySparkException:
        return None


def table_at(context: RunContext, table: TableContract, version: int) -> DataFrame:
    """Return a table as of a version; where only housekeeping came after it the newest, whose files stay the longest."""
    same = context.warehouse.stands_at(table, version)
    return context.warehouse.read(table, version=None if same else version)
