"""The waterfall of an audience: how many customers each reason takes away, and how many are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.campaign.audience import reasons_in_order
from onefold.campaign.settings import AudienceSettings

__all__ = ["WaterfallStep", "first_reasons", "waterfall"]


@dataclass(frozen=True)
class WaterfallStep:
    """One step: the reason, the customers that it is the first to take, and those left after it."""

    reason: str
    excluded: int
    remaining: int


def first_reasons(rows: DataFrame) -> DataFrame:
    """Count the rows of an audience by their first reason; the selected ones count under null.

    Args:
        rows: the AUDIENCE rows of one audience.

    Returns:
        reason, customers: at most as many rows as there are reasons.
    """
    return rows.groupBy("reason").agg(F.count("*").alias("customers"))


def waterfall(counts: Mapping[str | None, int], audience: AudienceSettings) -> tuple[WaterfallStep, ...]:
    """Lay the counts out in the order in which reasons apply, from all customers down to the selected.

    Args:
        counts: customers by first reason, the selected under None.
        audience: for the order of its reasons.

    >>> audience = AudienceSettings(name="all", channel="email")
    >>> [(s.reason, s.excluded, s.remaining) for s in waterfall({None: 2, "consent_unknown": 3}, audience)]
    [('considered', 0, 5), ('consent_unknown', 3, 2), ('selected', 0, 2)]
    """
    left = sum(counts.values())
    steps = [WaterfallStep("considered", 0, left)]
    for reason in reasons_in_order(audience):
        taken = counts.get(reason, 0)
        if taken:
            left -= taken
            steps.append(WaterfallStep(reason, taken, left))
    return (*steps, WaterfallStep("selected", 0, left))
