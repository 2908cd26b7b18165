"""Cleanses interactions: contacts, tickets, orders and visits, each tied to the record of a party."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.cleanse.settings import StandardiseSettings
from onefold.cleanse.text import LONGEST, squeeze, unless_sentinel
from onefold.contracts.silver import INTERACTION

__all__ = ["standardise_interaction"]


def standardise_interaction(rows: DataFrame, standardise: StandardiseSettings) -> DataFrame:
    """Return interactions of the contract from canonical raw rows, one for one; channel, kind and direction in small letters."""

    def tidied(name: str) -> Column:
        short = F.when(F.length(name) <= LONGEST, F.col(name))
        return F.nullif(unless_sentinel(squeeze(short), standardise.sentinels), F.lit(""))

    coded = {name: F.lower(tidied(name)) for name in ("channel", "kind", "direction")}
    return INTERACTION.conform(rows.withColumns({**coded, "campaign": tidied("campaign")}))
