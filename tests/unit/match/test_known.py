"""What training counted, kept: a later record is prepared by it as the first ones were."""

from __future__ import annotations

from pyspark.sql import DataFrame
from tests.unit.match.conftest import MakeParties

from onefold.match.compare import plan_comparisons
from onefold.match.content import content_hash
from onefold.match.known import Known, united
from onefold.match.settings import Comparison

FIRMS = ("acme steel", "acme iron", "acme steel trading", "bolt", "bolt works", "zinc")


def plan_of(parties: DataFrame):  # type: ignore[no-untyped-def]
    name = {"name": "name", "column": "company_key", "levels": ["exact", {"company_similarity": 0.8}], "term_frequency": True}
    city = {"name": "city", "column": "city_key", "levels": ["exact"], "term_frequency": True}
    return plan_comparisons(tuple(Comparison.model_validate(c) for c in (name, city)), parties)


def test_known_values_prepare_a_record_as_training_did(make_parties: MakeParties) -> None:
    rows = [{"company_key": name, "city_key": "ulm" if n % 2 else "bonn"} for n, name in enumerate(FIRMS)]
    parties = make_parties(rows)
    plan = plan_of(parties)
    made = plan.features.frame(parties).cache()
    learnt = united(plan.features.learnt(made))
    assert learnt is not None
    known = Known(learnt.cache())
    again = plan.features.frame(parties, known)
    assert sorted(map(str, again.collect())) == sorted(map(str, made.collect()))
    # One alone is prepared as it was among the others; one that was never seen is rare.
    few = make_parties([{**rows[0]}, {"id": "new", "company_key": "quartz steel", "city_key": "ulm"}])
    one, new = sorted(plan.features.frame(few, known).collect(), key=lambda row: row["party_id"])
    assert str(one) == next(str(row) for row in made.collect() if row["party_id"] == 1)
    weights = next(new[name] for name in again.columns if name.endswith("_rarity"))
    assert weights[0] == 1.0
    assert weights[1] < 1.0
    assert new[plan.counts[(1, 0)]] == 3


def test_a_value_that_moves_to_another_column_changes_the_content(make_parties: MakeParties) -> None:
    rows = [
        {"id": 1, "city_key": "ulm"},
        {"id": 1, "street_key": "ulm"},
        {"id": 1, "city_key": "ulm", "email": "a@b.de"},
        {"id": 1, "city_key": "ulm", "phone": "a@b.de"},
        {"id": 1, "city_key": "ulm", "gender": "female"},
    ]
    keys = ("street_key", "city_key|prefix(2)", "emails.value", "phones.value|digits")
    hashes = [
        row["h"] for row in make_parties(rows).select("party_id", content_hash(keys).alias("h")).orderBy("party_id").collect()
    ]
    assert len(set(hashes[:4])) == 4
    assert hashes[4] == hashes[0]  # what no key reads is not looked at
    assert all(h is not None for h in hashes)
