"""Labelled pairs for training: read against the parties, and refused where they contradict each other."""

from __future__ import annotations

import logging

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.truth import close_pairs

__all__ = ["labelled_pairs"]

logger = logging.getLogger(__name__)

_COLUMNS = ("left_id", "right_id", "is_match")
_YES, _NO = ("true", "t", "yes", "y", "1", "match"), ("false", "f", "no", "n", "0", "no_match")


def labelled_pairs(parties: DataFrame, labels: DataFrame) -> DataFrame:
    """Return `party_id_l` < `party_id_r` and `is_match` of every labelled pair of these parties, each once.

    Args:
        parties: silver parties of one entity type.
        labels: `left_id`, `right_id`, `is_match` as text; ids are source:key, or a key that only one source has.

    Raises:
        DataContractError: when a column is missing, an answer cannot be read, or a pair is labelled both ways.
    """
    missing = [c for c in _COLUMNS if c not in labels.columns]
    if missing:
        raise DataContractError(
            f"the labels lack {', '.join(missing)}; they have {', '.join(labels.columns[:8])}",
            hint="write left_id,right_id,is_match",
        )
    answer = F.lower(F.trim(F.col("is_match").cast("string")))
    read = F.when(answer.isin(*_YES), True).when(answer.isin(*_NO), False)
    wanted = labels.select(F.trim("left_id").alias("left_id"), F.trim("right_id").alias("right_id"), read.alias("is_match"))
    names = _names(parties)
    left = names.select(F.col("id").alias("left_id"), F.col("party_id").alias("a"))
    right = names.select(F.col("id").alias("right_id"), F.col("party_id").alias("b"))
    joined = wanted.join(left, on="left_id", how="left").join(right, on="right_id", how="left")
    known = F.col("a").isNotNull() & F.col("b").isNotNull() & (F.col("a") != F.col("b"))
    ordered = (F.least("a", "b").alias("party_id_l"), F.greatest("a", "b").alias("party_id_r"))
    pairs = joined.where(known).groupBy(*ordered).agg(F.max("is_match").alias("is_match"), F.min("is_match").alias("least"))
    _judge(joined.agg(F.count_if(F.col("is_match").isNull()), F.count_if(~known)), pairs)
    return pairs.select("party_id_l", "party_id_r", "is_match")


def _names(parties: DataFrame) -> DataFrame:
    """Return each way to name a record once: source:key, and the bare key where one record alone has it."""
    whole = parties.select(F.col("record_id").alias("id"), "party_id")
    bare = parties.groupBy(F.expr("substring(record_id, instr(record_id, ':') + 1)").alias("id")).agg(
        F.min("party_id").alias("party_id"), F.count("*").alias("records")
    )
    alone = bare.where(F.col("records") == 1).select("id", "party_id")
    return whole.unionByName(alone.join(whole.select("id"), on="id", how="left_anti"))


def _judge(counted: DataFrame, pairs: DataFrame) -> None:
    """Stop at labels that cannot be read or that contradict each other; say how many name no record here."""
    unread, unknown = (int(n) for n in counted.toPandas().iloc[0])  # bounded: one row of counts
    if unread:
        raise DataContractError(f"{unread:,} labels have an is_match that cannot be read", hint="write true or false")
    torn = pairs.where(F.col("is_match") != F.col("least")).count()
    if torn:
        raise DataContractError(f"{torn:,} pairs are labelled both as a match and as none", hint="keep one label a pair")
    edges = pairs.toPandas()  # bounded: the labels that people gave
    ids, codes = np.unique(edges[["party_id_l", "party_id_r"]].to_numpy(), return_inverse=True)
    codes, matched = codes.reshape(-1, 2), edges["is_match"].to_numpy(dtype=bool)
    entity = close_pairs(codes[matched], len(ids))
    against = int((entity[codes[:, 0]] == entity[codes[:, 1]])[~matched].sum())
    if against:
        logger.warning("%d pairs labelled as no match are joined by other labels; look at them again", against)
    if unknown:
        logger.warning("%d labels name no two records of this entity type; left out", unknown)
