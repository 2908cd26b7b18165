"""The resolve stage through the warehouse: a chain of two people is split, measured and told; wrong settings are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest

from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.matching import CLUSTER, ENTITY_MAP, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError
from onefold.match.settings import ComparisonSettings
from onefold.resolve import ClusteringSettings
from onefold.run.context import RunContext
from onefold.run.resolve import run_resolve
from onefold.store import Warehouse

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def _write(warehouse: Warehouse, table: TableContract, rows: list[dict[str, Any]]) -> None:
    tuples = [tuple(row.get(name) for name in table.schema.names) for row in rows]
    warehouse.overwrite(table, warehouse.spark.createDataFrame(tuples, table.schema))


def _context(warehouse: Warehouse, person: dict[str, Any]) -> RunContext:
    clustering = ClusteringSettings.model_validate({"person": person})
    project = Project.model_construct(comparisons=ComparisonSettings(), clustering=clustering)
    return RunContext(warehouse.spark, warehouse, project, "run-1", NOW)


@pytest.fixture()
def scored(warehouse: Warehouse) -> Warehouse:
    """Six records of two people, whose third and fourth look alike, and one who is alone."""
    traced = {"entity_type": "person", "batch": "b", "file": "f", "file_hash": "h", "row_number": 1, "as_of": NOW}
    parties = [{"record_id": f"crm:{n}", "party_id": n, "source": "crm", "source_key": str(n)} | traced for n in range(1, 8)]
    weights = {pair: 12.0 for part in ((1, 2, 3), (4, 5, 6)) for pair in combinations(part, 2)} | {(3, 4): 5.0, (2, 5): -3.0}
    pairs = [
        {"entity_type": "person", "party_id_l": a, "party_id_r": b, "record_id_l": f"crm:{a}", "record_id_r": f"crm:{b}"}
        | {"rule": "name", "match_weight": weight, "match_probability": 1 / (1 + 2**-weight), "comparisons": []}
        for (a, b), weight in weights.items()
    ]
    _write(warehouse, PARTY, parties)
    _write(warehouse, PAIR, pairs)
    return warehouse


def test_a_false_bridge_is_cut_measured_and_told(scored: Warehouse) -> None:
    report = run_resolve(_context(scored, {"threshold": "auto"}))

    mapped = {row.record_id: row for row in scored.read(ENTITY_MAP).collect()}
    clusters = {row.customer_id: row for row in scored.read(CLUSTER).collect()}
    assert {mapped[f"crm:{n}"].customer_id for n in (1, 2, 3)} | {mapped[f"crm:{n}"].customer_id for n in (4, 5, 6)} == set(
        clusters
    )
    assert all((row["size"], row.split_from_size, row.reasons) == (3, 6, ["weak"]) for row in clusters.values())
    assert (mapped["crm:3"].match_weight, mapped["crm:3"].entity_size, mapped["crm:7"].entity_size) == (12.0, 3, 1)
    note = report.items[0].note or ""
    assert note.startswith("1 components opened, 1 split (weak 1); threshold of person chosen: weight 5.00, expected F1 0.")
    assert scored.last_note(ENTITY_MAP)["threshold_person"] == "5.0000"


def test_a_contradiction_on_a_column_that_is_not_there_is_refused(scored: Warehouse) -> None:
    with pytest.raises(ConfigurationError, match="contradictions name shoe_size"):
        run_resolve(_context(scored, {"threshold": 0.9, "contradictions": [{"attribute": "shoe_size"}]}))
