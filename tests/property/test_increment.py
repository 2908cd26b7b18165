"""Whatever comes, changes and goes: matching and clustering what a feed touched gives the customers that a rebuild gives."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from tests.stage.test_increment import Town, context_of
from tests.stage.test_match import FAMILY

from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.contracts.silver import PARTY
from onefold.resolve import ClusteringSettings
from onefold.run.context import Fresh
from onefold.run.match import run_match
from onefold.run.resolve import run_resolve
from onefold.store import Warehouse

PEOPLE = 60
# Each example runs matching some times over: a few in every run of the tests, as many as are wanted before a release.
EXAMPLES = int(os.environ.get("ONEFOLD_EXAMPLES", "2"))
CLUSTERING = ClusteringSettings.model_validate({"person": {"threshold": 0.6}})


@dataclass(frozen=True)
class Feed:
    """What a day brings: people who take the name and address of another, people who go, how many come."""

    changed: dict[int, int]
    gone: frozenset[int]
    come: int

    def on(self, town: Town) -> None:
        for number, model in self.changed.items():
            if number in town.rows:
                row, like = town.rows[number], town.rows.get(model, {"postcode": None, "family_name_key": FAMILY[model % 10]})
                town.rows[number] = row | {name: like[name] for name in ("postcode", "family_name_key")} | {"email": None}
        for number in self.gone:
            town.rows.pop(number, None)
        last = max(town.rows)
        town.rows |= {n: town.person(n) for n in range(last + 1, last + 1 + self.come)}


NUMBERS = st.integers(1, PEOPLE + 3)
FEEDS = st.builds(
    Feed,
    st.dictionaries(NUMBERS, NUMBERS, max_size=6),
    st.frozensets(NUMBERS, max_size=6),
    st.integers(0, 5),
)


def run(warehouse: Warehouse, run_id: str, fresh: Fresh = "increment") -> None:
    context = context_of(warehouse, run_id, fresh)
    project = context.project.model_copy(update={"clustering": CLUSTERING})
    context = replace(context, project=project)
    run_match(context)
    run_resolve(context)


def customers(warehouse: Warehouse) -> dict[str, str]:
    rows = warehouse.read(ENTITY_MAP).select("record_id", "customer_id").collect()
    return {row["record_id"]: row["customer_id"] for row in rows}


@pytest.fixture(scope="module")
def known(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that has matched and clustered its first day."""
    place = tmp_path_factory.mktemp("known") / "warehouse"
    warehouse = Warehouse(spark, str(place))
    warehouse.overwrite(PARTY, Town(PEOPLE).parties(spark))
    run(warehouse, "r0")
    return place


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(feeds=st.lists(FEEDS, min_size=1, max_size=2))
def test_increments_end_where_a_rebuild_ends(spark: SparkSession, known: Path, tmp_path: Path, feeds: list[Feed]) -> None:
    place = tmp_path / "warehouse"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(known, place)
    warehouse, town = Warehouse(spark, str(place)), Town(PEOPLE)
    for day, feed in enumerate(feeds, start=1):
        feed.on(town)
        warehouse.overwrite(PARTY, town.parties(spark))
        run(warehouse, f"r{day}")
    found, pairs = customers(warehouse), warehouse.version(PAIR)
    run(warehouse, "whole", "rebuild")
    assert warehouse.version(PAIR) > pairs
    assert customers(warehouse) == found
    assert len(found) == len(town.rows)
