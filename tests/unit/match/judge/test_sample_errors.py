from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from onefold.contracts.matching import PAIR
from onefold.match.evaluate import evaluate_truth
from onefold.match.judge.curve import curves
from onefold.match.judge.links import judged_links
from onefold.match.judge.near_rules import near_rules
from onefold.match.judge.sample_errors import Compared, sample_errors
from onefold.match.settings import BlockingSettings
from onefold.match.truth import Truth

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]
# Record to entity, truth and e-mail: of a, b, c, which are one, c was missed; d is joined to b, and so to a; e, f are split.
RECORDS = {
    "crm:a": ("P1", "t1", "x@mail.org"),
    "crm:b": ("P1", "t1", "x@mail.org"),
    "crm:c": ("P2", "t1", None),
    "crm:d": ("P1", "t2", "x@mail.org"),
    "crm:e": ("P3", "t3", "y@mail.org"),
    "crm:f": ("P4", "t3", "y@mail.org"),
    "crm:g": ("P5", "t4", "z@mail.org"),
    "crm:h": ("P6", "t4", "z@mail.org"),
}
WEIGHTS = {("crm:a", "crm:b"): 12.0, ("crm:d", "crm:b"): 5.5, ("crm:e", "crm:f"): 6.0, ("crm:a", "crm:c"): 1.0}
THRESHOLDS = {"person": 4.25, "company": 4.25}
BLOCKING = BlockingSettings.model_validate(
    {
        "person": {
            "rules": [
                {"name": "email", "keys": ["emails.value"]},
                {"name": "names", "keys": ["family_name_key", "birth_date|year"]},
            ]
        }
    }
)


@pytest.fixture(scope="module")
def clusters(spark: SparkSession) -> DataFrame:
    rows = [(record, "person", entity, truth) for record, (entity, truth, _) in RECORDS.items()]
    return spark.createDataFrame(rows, "record_id string, entity_type string, customer_id string, cluster_id string").coalesce(1)


@pytest.fixture(scope="module")
def pairs(spark: SparkSession) -> DataFrame:
    rows = [("person", 1, 2, left, right, "email", 1, weight, 0.9, []) for (left, right), weight in WEIGHTS.items()]
    return spark.createDataFrame(rows, PAIR.schema).coalesce(1)


def test_errors_by_type_and_the_curve(clusters: DataFrame, pairs: DataFrame, make_parties: MakeParties) -> None:
    parties = make_parties([{"id": record[4:], "email": email} for record, (_, _, email) in RECORDS.items()])
    scores = evaluate_truth(Truth(clusters, None, 0, 0)).scores
    links = judged_links(pairs, clusters, THRESHOLDS).persist()
    found = sample_errors(links, clusters, scores, Compared(parties, BLOCKING))
    assert found.counts == {
        "person": {
            "missed_by_blocking": 1,
            "missed_by_score": 2,  # a and c compared; g and h share a block, but their weight is not stored
            "missed_by_split": 1,
            "false_edge": 1,
            "false_bridge": 1,
        }
    }
    named = {(e.error, e.record_id_l, e.record_id_r, e.match_weight) for e in found.sample}
    assert named == {
        ("missed_by_blocking", "crm:b", "crm:c", None),
        ("missed_by_score", "crm:a", "crm:c", 1.0),
        ("missed_by_score", "crm:g", "crm:h", None),
        ("missed_by_split", "crm:e", "crm:f", 6.0),
        ("false_edge", "crm:b", "crm:d", 5.5),
        ("false_bridge", "crm:a", "crm:d", None),
    }
    assert "false bridge" in found.text()
    assert found.as_dict() == found.counts

    true_pairs = scores["person"].pairs["closed"]
    assert true_pairs == 5
    curve = curves(links, THRESHOLDS, {"person": true_pairs})["person"]
    assert [(p.weight, p.pairs, p.precision, p.recall) for p in curve.points] == [
        (12.0, 1, 1.0, 0.2),
        (6.0, 2, 1.0, 0.4),
        (5.5, 3, 2 / 3, 0.4),
        (1.0, 4, 3 / 4, 0.6),
    ]
    assert (curve.chosen.weight, curve.chosen.pairs, curve.chosen.recall) == (4.25, 3, 0.4)
    assert curve.ceiling == 0.6
    assert curve.best.weight == 1.0
    assert set(curve.as_dict()) == {"chosen", "best", "ceiling", "true_pairs", "points"}
    links.unpersist()


def test_rules_that_nearly_join_two_records_say_what_is_in_the_way(make_parties: MakeParties) -> None:
    parties = make_parties(
        [
            {"id": 1, "email": "a@mail.org", "family_name_key": "smith", "birth_date": "1990-01-01"},
            {"id": 2, "email": "b@mail.org", "family_name_key": "smith"},
            {"id": 3, "email": "b@mail.org"},
        ]
    )
    assert BLOCKING.person is not None
    first, second = near_rules(parties, ("crm:1", "crm:2"), BLOCKING.person)
    assert first.text() == "names: family_name_key agrees, birth_date|year is missing on crm:2"
    assert second.text() == "email: emails.value differs"
    assert not first.joins
    assert near_rules(parties, ("crm:2", "crm:3"), BLOCKING.person)[0].joins
