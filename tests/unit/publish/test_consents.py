from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from onefold.contracts.gold import CONSENT
from onefold.publish import consents

Frames = Callable[..., DataFrame]


def party(record_id: str, **values: Any) -> dict[str, Any]:
    return {"record_id": record_id, **values}


Said = tuple[str, str, str, datetime | None, str | None]


def _said(status: str, captured: datetime | None = None, channel: str = "email") -> Said:
    return (channel, "marketing", status, captured, None)


def test_stricter_statement_wins_and_disagreement_is_marked(spark: SparkSession, parties: Frames, entities: Frames) -> None:
    early, late = datetime(2024, 1, 1), datetime(2026, 1, 1)
    records = parties(
        [
            party("crm:1", consents=[_said("opt_out", early), _said("opt_in", late, "phone")]),
            party("web:1", consents=[_said("opt_in", late), _said("unknown", None, "phone")]),
            party("crm:2", consents=[_said("opt_in", early)]),
            party("web:2", consents=[_said("opt_in", late), _said("unknown", None, "post")]),
            party("crm:3", consents=[_said("unknown")]),
            party("web:3"),
        ]
    )
    members = entities({"crm:1": "P1", "web:1": "P1", "crm:2": "P2", "web:2": "P2", "crm:3": "P3", "web:3": "P3"})

    found = consents(records, members, run_id="r")

    rows = [
        ("P1", "email", "marketing", "opt_out", early, "crm:1", "crm", True, "r"),
        ("P1", "phone", "marketing", "opt_in", late, "crm:1", "crm", False, "r"),
        ("P2", "email", "marketing", "opt_in", late, "web:2", "web", False, "r"),
        ("P2", "post", "marketing", "unknown", None, "web:2", "web", False, "r"),
        ("P3", "email", "marketing", "unknown", None, "crm:3", "crm", False, "r"),
    ]
    expected = spark.createDataFrame(rows, CONSENT.schema)
    assert_df_equality(found, expected, ignore_row_order=True, ignore_nullable=True, ignore_metadata=True)
