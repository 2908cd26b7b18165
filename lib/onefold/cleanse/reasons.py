"""Gathers the doubts found while cleansing into one array of `attribute:reason`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.attributes import PREFIX
from onefold.cleanse.dates import ambiguous_reason
from onefold.cleanse.party_values import PARTY_TEXTS
from onefold.cleanse.text import LONGEST, is_sentinel

__all__ = ["party_reasons"]

_SPLIT = {"full_name", "gender", "country"}


def party_reasons(attributes: Iterable[str], sentinels: Iterable[str]) -> Column:
    """Return the reasons of a party's row, sorted, each once; empty when nothing was doubtful.

    A raw text whose value is gone was a sentinel, too long, or unreadable; values refused on purpose say so themselves.
    """
    nothing = tuple(sentinels)
    singles = [_lost(name, F.col(name), nothing) for name in PARTY_TEXTS if name not in _SPLIT]
    singles.append(_lost("full_name", F.coalesce("full_name", "family_name"), nothing))
    singles.append(_lost("gender", F.col("gender_read"), nothing))
    singles.append(_lost("country", F.col("country_read"), nothing))
    singles += [_lost(name, F.col(PREFIX + name), nothing) for name in attributes]
    singles.append(F.concat(F.lit("birth_date:"), F.col("_birth_reason")))
    singles.append(F.when(F.col("_birth_reason").isNull(), ambiguous_reason(F.col("birth_dates"))))
    singles.append(F.when(F.exists("addresses", lambda a: a["strange_country"]), "address:country"))
    singles.append(F.when(F.exists("addresses", lambda a: a["odd_postcode"]), "postcode:format"))
    refused = F.filter("identifiers", lambda i: ~i["valid"])
    lists = [
        F.transform("emails", lambda e: F.concat(F.lit("email:"), e["reason"])),
        F.transform("phones", lambda p: F.concat(F.lit("phone:"), p["reason"])),
        F.transform(refused, lambda i: F.concat(i["scheme"], F.lit(":invalid"))),
        F.transform(
            F.filter("consents", lambda c: c["status"] == "unknown"), lambda c: F.concat(F.lit("consent:"), c["channel"])
        ),
    ]
    # Not array_compact and array_sort: they are lambdas inside, and whatever stands under a lambda is interpreted, not compiled.
    found = F.concat(F.array(*singles), F.col("_name_reasons"), *lists)
    return F.sort_array(F.array_except(found, F.array(F.lit(None).cast("string"))))


def _lost(name: str, value: Column, nothing: Sequence[str]) -> Column:
    raw = F.col("raw")[name]
    why = (
        F.when(is_sentinel(raw, nothing), f"{name}:sentinel")
        .when(F.length(raw) > LONGEST, f"{name}:too_long")
        .when(~F.array_contains("_name_reasons", "name:placeholder") | ~F.lit(name.endswith("_name")), f"{name}:unreadable")
    )
    return F.when(raw.isNotNull() & value.isNull(), why)
