"""Hand-made silver parties, a few lines each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.contracts.silver import PARTY

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]


@pytest.fixture(scope="session")
def make_parties(spark: SparkSession) -> MakeParties:
    """Return a maker of silver parties: rows as dicts of the columns that matter, `id` the source key."""

    def make(rows: list[dict[str, Any]]) -> DataFrame:
        full = [_row(number, dict(row)) for number, row in enumerate(rows, start=1)]
        names = [c.name for c in PARTY.columns]
        return spark.createDataFrame([tuple(r.get(n) for n in names) for r in full], _nullable()).withColumn(
            "as_of", F.lit("2026-01-01").cast("timestamp")
        )

    return make


def _nullable() -> Any:
    schema = PARTY.schema
    for field in schema.fields:
        field.nullable = True
    return schema


def _row(number: int, row: dict[str, Any]) -> dict[str, Any]:
    key = str(row.pop("id", number))
    source = row.setdefault("source", "crm")
    email, phone, born = row.get("email"), row.get("phone"), row.get("birth_date")
    named = " ".join(x for x in (row.get("given_name_key"), row.get("family_name_key")) if x)
    return {
        "record_id": f"{source}:{key}",
        "party_id": number,
        "source_key": key,
        "entity_type": "person",
        "full_name_key": named or None,
        "emails": [(email, email.partition("@")[2], "personal", email)] if email else [],
        "phones": [(phone, "DE", "mobile", None, phone)] if phone else [],
        **row,
        "birth_date": date.fromisoformat(born) if born else None,
    }
