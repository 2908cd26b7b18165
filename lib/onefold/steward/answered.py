"""What has been answered already: by decisions, their chains included, or by labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.steward.contradictions import groups_of
from onefold.steward.decisions import Decision, links

__all__ = ["Answered", "answers_of", "unanswered"]


@dataclass(frozen=True)
class Answered:
    """What is known of pairs, as frames.

    `groups` is record_id, group of the records that decisions join; `apart` is group_l, group_r (the smaller first) of those
    that they keep apart; `labels` is party_id_l, party_id_r of the pairs that people labelled.
    """

    groups: DataFrame
    apart: DataFrame
    labels: DataFrame


def answers_of(decisions: Iterable[Decision]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the rows of `groups` and of `apart` that these decisions make."""
    pairs = tuple(links(decisions))
    groups = groups_of(pairs)
    named = {record for pair in pairs if pair.together for record in (pair.one, pair.other)}
    apart = {tuple(sorted((groups.of(p.one), groups.of(p.other)))) for p in pairs if not p.together}
    return sorted((r, groups.of(r)) for r in named), sorted((low, high) for low, high in apart)


def unanswered(items: DataFrame, answered: Answered) -> DataFrame:
    """Return the items whose two records are neither joined nor kept apart by decisions, nor labelled.

    Args:
        items: record_id_l, record_id_r, party_id_l, party_id_r and any further columns.
        answered: what is known.
    """
    left = answered.groups.select(F.col("record_id").alias("record_id_l"), F.col("group").alias("_group_l"))
    right = answered.groups.select(F.col("record_id").alias("record_id_r"), F.col("group").alias("_group_r"))
    laid = items.join(F.broadcast(left), on="record_id_l", how="left").join(F.broadcast(right), on="record_id_r", how="left")
    one, other = F.coalesce("_group_l", "record_id_l"), F.coalesce("_group_r", "record_id_r")
    laid = laid.withColumns({"_group_l": F.least(one, other), "_group_r": F.greatest(one, other)})
    apart = answered.apart.select(F.col("group_l").alias("_group_l"), F.col("group_r").alias("_group_r"))
    return (
        laid.where(F.col("_group_l") != F.col("_group_r"))
        .join(F.broadcast(apart), on=["_group_l", "_group_r"], how="left_anti")
        .join(answered.labels, on=["party_id_l", "party_id_r"], how="left_anti")
        .select(*items.columns)
    )
