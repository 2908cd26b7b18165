"""Customer ids last: over random histories in plain Python, and Spark agrees with that."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from tests.property.identity_lake import Lake
from tests.property.identity_twin import Entity, Twin, blocks, entities_of, name

RECORDS = [f"s:{letter}" for letter in "abcdefgh"]

# A step puts each record into one of five blocks, or nowhere; and a record changes its type now and then.
STEP = st.tuples(
    st.fixed_dictionaries({r: st.sampled_from([None, 0, 0, 1, 1, 2, 3, 4]) for r in RECORDS}),
    st.dictionaries(st.sampled_from(RECORDS), st.just("C"), max_size=1),
)


def _entities(step: tuple[dict[str, int | None], dict[str, str]]) -> list[Entity]:
    return entities_of(blocks(step[0]), step[1])


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


def test_spark_agrees_with_the_twin(spark: SparkSession, tmp_path: Path) -> None:
    spark.sparkContext.setCheckpointDir(str(tmp_path))
    chance, twin, lake = random.Random(1), Twin(), Lake(spark)
    records = [f"s:{number:03}" for number in range(300)]
    where: dict[str, int | None] = {r: chance.randrange(120) for r in records[50:]}
    kinds = {r: chance.choice("PPC") for r in records}
    for number in range(4):
        if number:
            for r in chance.sample(records, 60):  # some go, some come back, some move to others
                where[r] = chance.choice([None, chance.randrange(120), chance.randrange(120)])
            kinds |= {r: chance.choice("PC") for r in chance.sample(records, 5)}
        entities, stewarded = entities_of(blocks(where), kinds), frozenset(chance.sample(records, 20))
        twin.step(entities, stewarded if number else frozenset())
        held, rows = lake.step(entities, stewarded)
        assert held == twin.held
        assert rows == set(twin.steps[-1])
    changes = {(row.change, row.reason) for rows in twin.steps for row in rows}
    assert {change for change, _ in changes} == {"created", "merged", "split", "revived", "redirected", "retired"}
    assert {reason for _, reason in changes} >= {"steward", "matched", "unmatched", "returned", "records_gone"}
