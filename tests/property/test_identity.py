"""Customer ids last: over random histories in plain Python, and Spark agrees with that."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from tests.property.identity_twin import Entity, Row, Twin, entities_of, name

from onefold.contracts.matching import CUSTOMER_ID_HISTORY
from onefold.resolve import Assignment, assign_customer_ids, first_ids, history_rows, lay_entities
from onefold.store.scratch import cut_lineage

RECORDS = [f"s:{letter}" for letter in "abcdefgh"]

# A step puts each record into one of five blocks, or nowhere; and a record changes its type now and then.
STEP = st.tuples(
    st.fixed_dictionaries({r: st.sampled_from([None, 0, 0, 1, 1, 2, 3, 4]) for r in RECORDS}),
    st.dictionaries(st.sampled_from(RECORDS), st.just("C"), max_size=1),
)


def _blocks(where: Mapping[str, int | None]) -> list[list[str]]:
    return [[r for r, block in where.items() if block == wanted] for wanted in {b for b in where.values() if b is not None}]


def _entities(step: tuple[dict[str, int | None], dict[str, str]]) -> list[Entity]:
    return entities_of(_blocks(step[0]), step[1])


@settings(max_examples=200, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_ids_last(steps: list[tuple[dict[str, int | None], dict[str, str]]], chance: random.Random) -> None:
    twin, shuffled, ever = Twin(), Twin(), set()
    for step in steps:
        entities, before = _entities(step), dict(twin.held)
        twin.step(entities)
        shuffled.step(chance.sample(entities, len(entities)))
        by_entity = [{twin.held[r] for r in e.members} for e in entities]
        assert all(len(ids) == 1 for ids in by_entity), "an entity has one id"
        assert len(set().union(*by_entity)) == len(entities), "no id is on two entities"
        assert all(twin.held[e.founder][0] == e.letter for e in entities)
        for e, (id_,) in zip(entities, by_entity, strict=True):
            grown = {before.get(r) for r in e.members} - {None}
            held = {r for r, h in before.items() if h in grown}
            if len(grown) == 1 and held <= set(e.members) and next(iter(grown))[0] == e.letter:
                assert {id_} == grown, "growth keeps the id"
        ever |= set(twin.held.values())
        leads = twin.leads
        assert set(leads) >= ever, "every id ever issued has a history"
        current = set(twin.held.values())
        assert {lead for lead in leads.values() if lead is not None} == current, "every id leads to a current one or nowhere"
        assert all(leads[id_] == id_ for id_ in current), "a current id leads to itself, so that no chain is left"
        ids = [row.customer_id for row in twin.steps[-1]]
        assert len(ids) == len(set(ids)), "one row an id and run"
        assert shuffled.held == twin.held, "order does not matter"
        assert set(shuffled.steps[-1]) == set(twin.steps[-1])
    again = dict(twin.held)
    twin.step(_entities(steps[-1]))
    assert (twin.held, twin.steps[-1]) == (again, []), "nothing new changes nothing"


@given(STEP)
def test_the_first_run_names_after_the_smallest_record(step: tuple[dict[str, int | None], dict[str, str]]) -> None:
    twin, entities = Twin(), _entities(step)
    twin.step(entities)
    assert twin.held == {r: name(e.letter, e.founder) for e in entities for r in e.members}


class Lake:
    """The assignment kept by Spark, step by step, as the resolve stage does."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark, self.numbers = spark, dict[str, int]()
        self.history = spark.createDataFrame([], CUSTOMER_ID_HISTORY.schema)
        self.previous: DataFrame | None = None
        self.step_number = 0

    def step(self, entities: list[Entity], stewarded: frozenset[str] = frozenset()) -> tuple[dict[str, str], set[Row]]:
        rows = [(r, self._number(r), "company" if e.letter == "C" else "person", e) for e in entities for r in e.members]
        parties = self.spark.createDataFrame([row[:3] for row in rows], "record_id string, party_id bigint, entity_type string")
        clustered = [(number, e.founder, len(e.members)) for _, number, _, e in rows if len(e.members) > 1]
        members = self.spark.createDataFrame(clustered, "party_id bigint, founding_record string, entity_size bigint")
        links = self.spark.createDataFrame(
            [],
            "party_id_l bigint, party_id_r bigint, record_id_l string, record_id_r string, match_weight double, "
            "match_probability double",
        )
        laid = cut_lineage(lay_entities(parties, members, links, self.previous))
        steward = self.spark.createDataFrame([(r,) for r in sorted(stewarded)], "record_id string")
        run = f"run-{self.step_number}"
        found = first_ids(laid) if self.previous is None else assign_customer_ids(laid, self.history, run, steward)
        return self._keep(found, run)

    def _keep(self, found: Assignment, run: str) -> tuple[dict[str, str], set[Row]]:
        at = F.timestamp_micros(F.lit(1_000_000 + self.step_number))
        changes = cut_lineage(history_rows(found.changes, run, at))
        self.history = cut_lineage(self.history.unionByName(changes))
        self.previous = cut_lineage(found.identified.select("record_id", "party_id", "customer_id", "entity_size"))
        self.step_number += 1
        columns = ("customer_id", "change", "current_customer_id", "other_customer_id", "reason", "records")
        held = {row.record_id: row.customer_id for row in self.previous.collect()}
        collected = [Row(*row) for row in changes.select(*columns).collect()]
        assert len(collected) == len(set(collected))
        return held, set(collected)

    def _number(self, record: str) -> int:
        return self.numbers.setdefault(record, len(self.numbers) + 1)


@pytest.mark.parametrize("seed", [1])
def test_spark_agrees_with_the_twin(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    spark.sparkContext.setCheckpointDir(str(tmp_path))
    chance, twin, lake = random.Random(seed), Twin(), Lake(spark)
    records = [f"s:{number:03}" for number in range(300)]
    where: dict[str, int | None] = {r: chance.randrange(120) for r in records[50:]}
    kinds = {r: chance.choice("PPC") for r in records}
    for number in range(6):
        if number:
            for r in chance.sample(records, 60):  # some go, some come back, some move to others
                where[r] = chance.choice([None, chance.randrange(120), chance.randrange(120)])
            kinds |= {r: chance.choice("PC") for r in chance.sample(records, 5)}
        entities, stewarded = entities_of(_blocks(where), kinds), frozenset(chance.sample(records, 20))
        twin.step(entities, stewarded if number else frozenset())
        held, rows = lake.step(entities, stewarded)
        assert held == twin.held
        assert rows == set(twin.steps[-1])
    changes = {(row.change, row.reason) for rows in twin.steps for row in rows}
    assert {change for change, _ in changes} == {"created", "merged", "split", "revived", "redirected", "retired"}
    assert {reason for _, reason in changes} >= {"steward", "matched", "unmatched", "returned", "records_gone"}
