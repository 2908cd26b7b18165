"""Parties for tests of quality: a record id and a few columns each, everything else missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from onefold.contracts.silver import PARTY
from onefold.quality.checks import Surroundings
from onefold.quality.ready import Rules, ready
from onefold.quality.settings import Rule
from onefold.quality.subject import of_parties

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
REFERENCES = {"countries": frozenset({"DE", "FR"}), "disposable_domains": frozenset(f"trash{i}.example" for i in range(50))}
SENTINELS = ("n/a", "unknown", "0000")


def parties(spark: SparkSession, folder: Path, rows: list[dict[str, Any]]) -> DataFrame:
    """Return parties of these columns (and `t`, a text for tests), through a JSON file so that nested values are easy to say."""
    known = {
        "source": "crm", "entity_type": "person", "batch": "b", "file": "f", "file_hash": "h", "row_number": 1,
        "as_of": "2026-06-01T00:00:00Z", "reasons": [], "emails": [], "phones": [], "identifiers": [],
    }  # fmt: skip
    lines = [json.dumps({"record_id": f"crm:{i}", "source_key": str(i), **known, **row}) for i, row in enumerate(rows)]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "parties.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    schema = StructType([*PARTY.schema.fields, StructField("t", StringType())])
    read = spark.read.schema(schema).json(path.as_uri())
    return read.withColumn("party_id", F.xxhash64("record_id"))


def rule(check: str, number: int = 0, **more: Any) -> Rule:
    """Return a rule of a check, of the text `t` unless it says otherwise."""
    said = {"id": f"r{number:03d}", "attribute": "t", "dimension": "correctness", "check": check, "owner": "crm-team"}
    return Rule.model_validate({**said, "description": "What must hold of it.", **more})


def made_ready(frame: DataFrame, rules: list[Rule]) -> Rules:
    """Return the rules ready for the parties."""
    return ready(rules, of_parties(frame, "country"), Surroundings(frame, NOW, SENTINELS, REFERENCES))


def cutter(folder: Path) -> Callable[[DataFrame, str], DataFrame]:
    """Return what cuts lineage into a folder."""

    def cut(frame: DataFrame, name: str) -> DataFrame:
        frame.write.mode("overwrite").parquet(str(folder / name))
        return frame.sparkSession.read.schema(frame.schema).parquet(str(folder / name))

    return cut
