"""Selects an audience: every customer is a row, selected or left out with every reason in a written order."""

from __future__ import annotations

from datetime import datetime

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from onefold.campaign.contact import consent_status, contact_point, history, recipient_key
from onefold.campaign.filters import check_filters, holds
from onefold.campaign.settings import AudienceSettings
from onefold.contracts.gold import AUDIENCE

__all__ = ["reasons_in_order", "select_audience"]


def reasons_in_order(audience: AudienceSettings) -> tuple[str, ...]:
    """Return every reason for leaving a customer out, in the order in which the waterfall takes them.

    >>> reasons_in_order(AudienceSettings(name="all", channel="email"))[:2]
    ('entity_type', 'no_contact_point')
    """
    return (
        "entity_type",
        *(f"filter:{f.label}" for f in audience.filters),
        "no_contact_point",
        "consent_opt_out",
        "contact_point_opt_out",
        "consent_unknown",
        "frequency_cap",
        "duplicate_contact_point",
        "over_limit",
    )


def select_audience(
    customers: DataFrame,
    consents: DataFrame,
    interactions: DataFrame,
    audience: AudienceSettings,
    *,
    now: datetime,
    run_id: str,
) -> DataFrame:
    """Judge every customer against the audience's filters, consent, cap and contact point.

    Unknown consent is no. An opt-out holds for the contact point, so it also keeps out another customer who shares it.
    Of the customers left who share a contact point only the one with the smallest id is contacted.

    Args:
        customers: gold/customer.
        consents: gold/consent.
        interactions: gold/customer_interaction.
        audience: what is wanted.
        now: the moment, with its zone (UTC), that windows and ages count back from.
        run_id: the run that selects.

    Returns:
        The AUDIENCE table, one row per customer.

    Raises:
        ConfigurationError: when a filter names an attribute that customers do not have, or compares what cannot be.
    """
    check_filters(audience, customers.schema)
    gathered = (
        customers.join(consent_status(consents, audience), on="customer_id", how="left")
        .join(history(interactions, audience, now), on="customer_id", how="left")
        .withColumn("contact_point", contact_point(audience.channel))
    )
    judged = _own_reasons(gathered, audience, customers.schema, now)
    reasoned = _limit(_shared_reasons(judged), audience)
    chosen = F.size("reasons") == 0
    cap = F.lit(None) if audience.frequency_cap is None else F.coalesce("contacts", F.lit(0))
    return AUDIENCE.conform(
        reasoned.select(
            F.lit(audience.name).alias("audience"),
            "customer_id",
            chosen.alias("selected"),
            F.get("reasons", F.lit(0)).alias("reason"),
            "reasons",
            F.lit(audience.channel).alias("channel"),
            F.when(chosen, F.col("contact_point")).alias("contact_point"),
            cap.alias("contacts_in_window"),
            F.lit(now).alias("selected_at"),
            F.lit(run_id).alias("run_id"),
        )
    )


def _own_reasons(gathered: DataFrame, audience: AudienceSettings, schema: StructType, now: datetime) -> DataFrame:
    """Add the reasons that lie in the customer alone, as `before` (up to consent) and `after`."""
    consent = F.coalesce("consent", F.lit("unknown"))
    before: dict[str, Column] = {}
    if audience.entity_type is not None:
        before["entity_type"] = F.col("entity_type") != audience.entity_type
    for number, condition in enumerate(audience.filters):
        if condition.interacted is None:
            before[f"filter:{condition.label}"] = ~holds(condition, schema, now)
        else:
            seen = F.coalesce(f"interacted_{number}", F.lit(0))
            before[f"filter:{condition.label}"] = seen < condition.interacted.at_least
    before["no_contact_point"] = F.col("contact_point").isNull()
    before["consent_opt_out"] = consent == "opt_out"
    after: dict[str, Column] = {}
    if audience.consent_required:
        after["consent_unknown"] = ~consent.isin("opt_in", "opt_out")
    if audience.frequency_cap is not None:
        after["frequency_cap"] = F.coalesce("contacts", F.lit(0)) >= audience.frequency_cap.max_contacts
    return gathered.select(
        "customer_id",
        "contact_point",
        "contacts",
        recipient_key(audience.channel).alias("recipient"),
        (consent == "opt_out").alias("opted_out"),
        _applying(before).alias("before"),
        _applying(after).alias("after"),
    )


def _shared_reasons(judged: DataFrame) -> DataFrame:
    """Add the reasons that come from other customers with the same contact point; both windows are one shuffle."""
    recipient = Window.partitionBy("recipient")
    free = (F.size("before") == 0) & (F.size("after") == 0)
    first = F.min(F.when(free, F.col("customer_id"))).over(recipient)
    barred = F.max("opted_out").over(recipient) & ~F.col("opted_out")
    seen = judged.select("*", barred.alias("barred"), (free & (first != F.col("customer_id"))).alias("later"))
    reasons = F.concat(
        "before",
        _applying({"contact_point_opt_out": F.col("barred")}),
        "after",
        _applying({"duplicate_contact_point": F.col("later") & ~F.col("barred")}),
    )
    return seen.select("customer_id", "contact_point", "contacts", reasons.alias("reasons"))


def _limit(reasoned: DataFrame, audience: AudienceSettings) -> DataFrame:
    """Leave out what exceeds the limit: a hash of audience and customer decides, the same on every run."""
    if audience.limit is None:
        return reasoned
    order = F.xxhash64(F.lit(audience.name), "customer_id")
    free = F.size("reasons") == 0
    kept = reasoned.where(free).orderBy(order, "customer_id").limit(audience.limit)
    marked = reasoned.join(kept.select("customer_id", F.lit(True).alias("kept")), on="customer_id", how="left")
    over = _applying({"over_limit": free & F.col("kept").isNull()})
    return marked.select("customer_id", "contact_point", "contacts", F.concat("reasons", over).alias("reasons"))


def _applying(tests: dict[str, Column]) -> Column:
    """Return the names of the conditions that hold, in order."""
    if not tests:
        return F.array().cast("array<string>")
    return F.array_compact(F.array(*(F.when(test, F.lit(name)) for name, test in tests.items())))
