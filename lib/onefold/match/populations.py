"""Whether records fall into populations of their own, so that chance agreement must be measured inside one.

Names, places and number ranges go together: two strangers of one country share a given name, a family name and a dialling
code far more often than the shares among all records, multiplied, would have it. Measured inside the country they are
nearly independent again, and the prior speaks of the pairs inside it too.
"""

from __future__ import annotations

import logging

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.match.keys import parse_key, root_of
from onefold.match.settings import Comparison
from onefold.match.values import key_value, require_keys

__all__ = ["population_key"]

logger = logging.getLogger(__name__)

_FEWEST_FILLED = 0.95


def population_key(wanted: str | None, comparisons: tuple[Comparison, ...], parties: DataFrame) -> str | None:
    """Return the key of populations, None where none is wanted, a comparison tests it, or too many records lack it.

    Raises:
        ConfigurationError: when the parties have no such column.
    """
    if wanted is None:
        return None
    key = parse_key(wanted)
    require_keys([("training.within", key)], parties, "comparisons.yml")
    compared = {root for c in comparisons for text in c.column for root in root_of(parse_key(text).column)}
    if compared & root_of(key.column):
        return None
    value = F.col("value")
    filled = parties.select(key_value(key, parties.schema).alias("value")).agg(
        F.count(value).alias("filled"), F.count("*").alias("records")
    )
    row = filled.toPandas().iloc[0]  # bounded: a single row of counts
    if row["filled"] >= _FEWEST_FILLED * row["records"]:
        return wanted
    if row["filled"]:  # where no record has it there is one population and nothing to say
        logger.warning("training.within: %s is missing in too many records to part them by; all are taken together", wanted)
    return None
