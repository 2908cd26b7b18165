"""How a customer is reached, and what they said and did: contact point, consent, contacts in the cap's window."""

from __future__ import annotations

from datetime import datetime, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.campaign.settings import AudienceSettings, FrequencyCap, Interacted

__all__ = ["consent_status", "contact_point", "history", "recipient_key"]


def contact_point(channel: str) -> Column:
    """Return the golden e-mail or phone, or the address on one line; null where the customer cannot be reached.

    A letter needs a street and a city or postcode.
    """
    if channel != "post":
        return F.col(channel)
    line = F.concat_ws(
        ", ",
        F.concat_ws(" ", "street", "house_number"),
        F.nullif(F.concat_ws(" ", "postcode", "city"), F.lit("")),
        F.col("country"),
    )
    reachable = F.col("street").isNotNull() & (F.col("city").isNotNull() | F.col("postcode").isNotNull())
    return F.when(reachable, line)


def recipient_key(channel: str) -> Column:
    """Return what two customers share when one message would reach both: for letters also the name.

    A customer without a contact point gets a key of its own, so that they do not all fall into one group.
    """
    point = F.col("contact_point")
    name = F.coalesce("full_name", "company_name", F.lit(""))
    key = F.concat_ws("|", F.lower(name), F.lower(point)) if channel == "post" else F.lower(point)
    return F.coalesce(F.when(point.isNotNull(), key), F.col("customer_id"))


def consent_status(consents: DataFrame, audience: AudienceSettings) -> DataFrame:
    """Return customer_id and consent (opt_in, opt_out, unknown) for the audience's channel and purpose."""
    asked = (F.col("channel") == audience.channel) & (F.col("purpose") == audience.purpose)
    return consents.where(asked).select("customer_id", F.col("status").alias("consent"))


def history(interactions: DataFrame, audience: AudienceSettings, now: datetime) -> DataFrame:
    """Count, in one pass, the contacts in the cap's window and what each `interacted` filter asks for.

    Args:
        interactions: gold/customer_interaction.
        audience: its cap and filters.
        now: the audience's date (UTC); nothing after it counts.

    Returns:
        customer_id, contacts, and interacted_<n> for the n-th filter that has one.
    """
    counted = {"contacts": _contacts(audience.frequency_cap, audience.channel, now)}
    for number, condition in enumerate(audience.filters):
        if condition.interacted is not None:
            counted[f"interacted_{number}"] = _interacted(condition.interacted, now)
    known = interactions.where(F.col("customer_id").isNotNull() & (F.col("occurred_at") <= F.lit(now)))
    return known.groupBy("customer_id").agg(*(F.count_if(test).alias(name) for name, test in counted.items()))


def _contacts(cap: FrequencyCap | None, channel: str, now: datetime) -> Column:
    if cap is None:
        return F.lit(False)
    test = F.coalesce(F.col("direction") == "outbound", F.lit(False))
    if cap.kinds:
        test &= F.col("kind").isin(*cap.kinds)
    if cap.channels == "same":
        test &= F.col("channel") == channel
    if cap.days is not None:
        return test & (F.col("occurred_at") > F.lit(now - timedelta(days=cap.days)))
    start = F.date_trunc(cap.calendar or "day", F.from_utc_timestamp(F.lit(now), cap.time_zone))
    return test & (F.col("occurred_at") >= F.to_utc_timestamp(start, cap.time_zone))


def _interacted(wanted: Interacted, now: datetime) -> Column:
    test = F.col("occurred_at") > F.lit(now - timedelta(days=wanted.within_days))
    if wanted.kinds:
        test &= F.col("kind").isin(*wanted.kinds)
    if wanted.channels:
        test &= F.col("channel").isin(*wanted.channels)
    if wanted.direction is not None:
        test &= F.col("direction") == wanted.direction
    return test
