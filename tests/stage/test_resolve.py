"""The resolve stage through the warehouse: a chain of two people is split, measured and told; wrong settings are refused."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import functions as F

from onefold.config import Project
from onefold.contracts import TableContract
from onefold.contracts.matching import CLUSTER, CUSTOMER_ID_HISTORY, ENTITY_MAP, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError
from onefold.match.settings import ComparisonSettings
from onefold.resolve import ClusteringSettings
from onefold.run.context import RunContext
from onefold.run.resolve import run_resolve
from onefold.store import Warehouse

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FOUNDERS = {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4, 7: 7}


def _write(warehouse: Warehouse, table: TableContract, rows: list[dict[str, Any]]) -> None:
    tuples = [tuple(row.get(name) for name in table.schema.names) for row in rows]
    warehouse.overwrite(table, warehouse.spark.createDataFrame(tuples, table.schema))


def _context(warehouse: Warehouse, person: dict[str, Any]) -> RunContext:
    clustering = ClusteringSettings.model_validate({"person": person})
    project = Project.model_construct(comparisons=ComparisonSettings(), clustering=clustering)
    return RunContext(warehouse.spark, warehouse, project, "run-1", NOW)


def _pairs(weights: dict[tuple[int, int], float]) -> list[dict[str, Any]]:
    return [
        {"entity_type": "person", "party_id_l": a, "party_id_r": b, "record_id_l": f"crm:{a}", "record_id_r": f"crm:{b}"}
        | {"rule": "name", "match_weight": weight, "match_probability": 1 / (1 + 2**-weight), "comparisons": []}
        for (a, b), weight in weights.items()
    ]


@pytest.fixture()
def scored(warehouse: Warehouse) -> Warehouse:
    """Six records of two people, whose third and fourth look alike, and one who is alone."""
    traced = {"entity_type": "person", "batch": "b", "file": "f", "file_hash": "h", "row_number": 1, "as_of": NOW}
    parties = [{"record_id": f"crm:{n}", "party_id": n, "source": "crm", "source_key": str(n)} | traced for n in range(1, 8)]
    weights = {pair: 12.0 for part in ((1, 2, 3), (4, 5, 6)) for pair in combinations(part, 2)} | {(3, 4): 5.0, (2, 5): -3.0}
    _write(warehouse, PARTY, parties)
    _write(warehouse, PAIR, _pairs(weights))
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


def _content(warehouse: Warehouse, table: TableContract) -> list[str]:
    return sorted(str(sorted(row.asDict().items())) for row in warehouse.read(table).collect())


def test_ids_last_and_are_written_once_though_the_run_dies_between_history_and_map(
    scored: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed = {"threshold": 0.9}
    before = {f"crm:{n}": "P" + hashlib.sha256(f"crm:{founder}".encode()).hexdigest()[:16] for n, founder in FOUNDERS.items()}
    last = [{"record_id": f"crm:{n}", "party_id": n, "entity_type": "person"} for n in FOUNDERS]
    sizes = Counter(FOUNDERS.values())
    held = [{"customer_id": before[f"crm:{n}"], "entity_size": sizes[founder]} for n, founder in FOUNDERS.items()]
    _write(scored, ENTITY_MAP, [row | more for row, more in zip(last, held, strict=True)])
    # One leaves the first customer, the lone one joins the second, and somebody new comes whose record id is the smallest.
    _write(scored, PAIR, _pairs({(1, 2): 12.0, (4, 5): 12.0, (5, 6): 12.0, (4, 6): 12.0, (6, 7): 12.0, (0, 1): 12.0}))
    parties = scored.read(PARTY)
    newcomer = parties.where("party_id = 1").withColumns({"record_id": F.lit("crm:0"), "party_id": F.lit(0).cast("bigint")})
    scored.append(PARTY, newcomer)
    undisturbed = Warehouse(scored.spark, str(tmp_path / "undisturbed"))
    shutil.copytree(scored.root, undisturbed.root)

    report = run_resolve(_context(undisturbed, fixed))

    ids = {row.record_id: row.customer_id for row in undisturbed.read(ENTITY_MAP).collect()}
    assert ids["crm:0"] == ids["crm:1"] == ids["crm:2"] == before["crm:1"]
    assert ids["crm:7"] == ids["crm:4"] == min(before["crm:4"], before["crm:7"])
    told = next(item.note for item in report.items if item.item == CUSTOMER_ID_HISTORY.name)
    assert told == "customer ids: 2 kept, 0 created, 1 split, 0 revived, 1 merged, 0 redirected, 0 retired"
    clusters = {row.customer_id for row in undisturbed.read(CLUSTER).collect()}
    assert clusters == {ids["crm:1"], ids["crm:4"]}

    overwrite = Warehouse.overwrite

    def dies(self: Warehouse, table: TableContract, *args: Any, **more: Any) -> Any:
        if table is ENTITY_MAP:
            raise KeyboardInterrupt
        return overwrite(self, table, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Warehouse, "overwrite", dies)
        with pytest.raises(KeyboardInterrupt):
            run_resolve(_context(scored, fixed))
    assert scored.read(CUSTOMER_ID_HISTORY).count() == 5, "the history is there, the map is not"
    run_resolve(_context(scored, fixed))
    for table in (ENTITY_MAP, CLUSTER, CUSTOMER_ID_HISTORY):
        assert _content(scored, table) == _content(undisturbed, table)
