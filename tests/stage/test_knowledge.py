"""What training is given from outside: the answers that people stored, of the entity type alone, contradictions left out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pyspark.sql import SparkSession
from tests.stage.test_match import NOW, parties_of

from onefold.contracts.matching import LABEL
from onefold.match.matching import Task
from onefold.match.settings import EntityBlocking, TrainingSettings
from onefold.run.context import RunContext
from onefold.run.knowledge import with_given_knowledge
from onefold.store import Warehouse


def _answer(low: int, high: int, answer: str, kind: str = "person") -> tuple[Any, ...]:
    return (kind, low, high, f"crm:{low}", f"crm:{high}", answer, "ann", NOW, None, None, None, None, None)


def test_stored_answers_train_their_entity_type(spark: SparkSession, warehouse: Warehouse) -> None:
    project: Any = SimpleNamespace()
    context = RunContext(spark, warehouse, project, "r1", NOW)
    rules = EntityBlocking.model_validate({"rules": [{"name": "email", "keys": ["email"]}]})
    task = Task("person", rules, (), TrainingSettings(labels="stored"), -5.0)
    parties = parties_of(spark, [{"id": 1}])

    nothing = with_given_knowledge(task, parties, context).labels
    assert nothing is not None
    assert nothing.isEmpty()

    answers = [_answer(1, 2, "match"), _answer(3, 4, "no_match"), _answer(5, 6, "unsure"), _answer(7, 8, "match", "company")]
    warehouse.append(LABEL, spark.createDataFrame(answers, LABEL.schema))
    labels = with_given_knowledge(task, parties, context).labels
    assert labels is not None
    assert sorted(tuple(row) for row in labels.collect()) == [(1, 2, True), (3, 4, False)]
