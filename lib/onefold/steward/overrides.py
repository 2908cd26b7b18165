"""Which override holds for which customer: the newest in force, unless the sources have changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.steward.decisions import Decision

__all__ = ["Chosen", "choose_overrides", "seen_hashes"]


@dataclass(frozen=True)
class Chosen:
    """The overrides that hold, each with its customer, and the decision ids of those that do not, by why.

    `lapsed`: the sources say something else now; `outvoted`: a newer one of the same customer and attribute; `homeless`: its
    record is in no customer; `unknown`: its attribute is no golden one any more.
    """

    holding: tuple[tuple[str, Decision], ...]
    lapsed: tuple[str, ...] = ()
    outvoted: tuple[str, ...] = ()
    homeless: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def choose_overrides(
    overrides: Iterable[Decision], customers: Mapping[str, str], hashes: Mapping[str, str], attributes: Sequence[str]
) -> Chosen:
    """Return the override that holds for each customer and attribute.

    Of two the newest decision wins, then the smallest decision id.

    Args:
        overrides: decisions of this kind in force.
        customers: record id to customer id, of the records that they name.
        hashes: decision id to what `seen_hashes` makes now, of those that end when the sources change.
        attributes: the golden attributes.
    """
    gone: dict[str, list[str]] = {"lapsed": [], "outvoted": [], "homeless": [], "unknown": []}
    best: dict[tuple[str, str], Decision] = {}
    for decision in sorted(overrides, key=lambda d: (d.decided_at, _mirrored(d.decision_id))):
        customer, attribute = customers.get(decision.record_id or ""), decision.attribute or ""
        if customer is None:
            gone["homeless"].append(decision.decision_id)
        elif attribute not in attributes:
            gone["unknown"].append(decision.decision_id)
        elif decision.policy == "until_source_changes" and hashes.get(decision.decision_id) != decision.seen_hash:
            gone["lapsed"].append(decision.decision_id)
        else:
            if (older := best.get((customer, attribute))) is not None:
                gone["outvoted"].append(older.decision_id)
            best[customer, attribute] = decision
    holding = tuple((customer, decision) for (customer, _), decision in sorted(best.items()))
    return Chosen(holding, **{why: tuple(sorted(ids)) for why, ids in gone.items()})


def _mirrored(text: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in text)


def seen_hashes(parties: DataFrame, entity_map: DataFrame, asked: DataFrame, attributes: Sequence[str]) -> DataFrame:
    """Return decision_id, seen_hash: a hash of all values that the sources of the customer give for the attribute.

    The decision's id goes into the hash, so that a value cannot be found out by hashing guesses in advance.

    Args:
        parties: silver/party.
        entity_map: record_id, customer_id.
        asked: decision_id, record_id, attribute.
        attributes: every attribute asked for, each a column of the parties.
    """
    identity = entity_map.select("record_id", "customer_id")
    whose = identity.join(F.broadcast(asked), on="record_id", how="inner").drop("record_id")
    members = identity.join(F.broadcast(whose), on="customer_id", how="inner").drop("customer_id")
    values = parties.select("record_id", *(F.col(f"`{name}`").cast("string").alias(f"_{name}") for name in attributes))
    laid = values.join(F.broadcast(members), on="record_id", how="inner")
    own = F.coalesce(*(F.when(F.col("attribute") == name, F.col(f"`_{name}`")) for name in attributes))
    held = laid.groupBy("decision_id").agg(F.to_json(F.array_sort(F.collect_set(own))).alias("held"))
    return held.select("decision_id", F.sha2(F.concat_ws("\n", "decision_id", "held"), 256).alias("seen_hash"))
