"""Brings what training is given from outside: a saved model, or pairs that people labelled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import LABEL, MODEL
from onefold.errors import ConfigurationError, MissingInputError
from onefold.match.judge.labels import labelled_pairs as answered_pairs
from onefold.match.labels import labelled_pairs
from onefold.match.matching import Task
from onefold.match.saved import as_yaml, parse_saved
from onefold.match.settings import STORED, USUAL
from onefold.run.context import RunContext

__all__ = ["export_model", "model_rows", "with_given_knowledge"]


def with_given_knowledge(task: Task, parties: DataFrame, context: RunContext) -> Task:
    """Return the task with the saved model and the labels that its training settings name.

    Raises:
        MissingInputError: when a named file is not there.
        ConfigurationError: when the file of models has none for this entity type, or both are named.
        DataContractError: when the labels contradict each other.
    """
    settings = task.training
    saved_model = None if settings.model == USUAL else settings.model
    if saved_model and settings.labels:
        raise ConfigurationError("training names both model and labels", hint="a saved model is used as it is; leave one out")
    if saved_model:
        path = _found(saved_model, "model")
        saved = parse_saved(path.read_text(encoding="utf-8"), saved_model).of(task.entity_type)
        if saved is None:
            raise ConfigurationError(f"{saved_model} holds no model for {task.entity_type}")
        return replace(task, saved=saved)
    if settings.labels == STORED:
        own = context.warehouse.read_or_empty(LABEL).where(F.col("entity_type") == task.entity_type)
        return replace(task, labels=answered_pairs(own))
    if settings.labels:
        path = _found(settings.labels, "labels")
        labels = context.spark.read.option("header", True).csv(path.resolve().as_uri())
        return replace(task, labels=labelled_pairs(parties, labels))
    return task


def export_model(context: RunContext) -> str:
    """Return the trained models of the warehouse as the text of a model file."""
    return as_yaml(model_rows(context.warehouse.read(MODEL)))


def model_rows(stored: DataFrame) -> list[dict[str, Any]]:
    """Return the rows of match/model."""
    # bounded: a row for each level of each comparison
    rows = stored.toPandas().to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def _found(name: str, kind: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise MissingInputError(f"the {kind} file {name} is not there", hint=f"training.{kind} in comparisons.yml names it")
    return path
