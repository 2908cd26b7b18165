"""Matches what a feed has touched: new and changed records with one another and with all that is known, by the model kept.

The result is what a rebuild with that model would give: every pair with a touched record is made and scored again, and no
other pair can have changed (`affected` says why).
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.match.affected import Keys, affected_blocks
from onefold.match.blocking import Cut, require_rules
from onefold.match.candidates import candidate_pairs
from onefold.match.compare import compare, plan_comparisons, with_sides
from onefold.match.content import with_content
from onefold.match.keyed import blocking_keys, finer_keys
from onefold.match.known import Known
from onefold.match.matching import IDS, KEY_COLUMNS, Task
from onefold.match.model import Model
from onefold.match.score import score

__all__ = ["Before", "Feed", "Increment", "match_increment"]

_IN_MEMORY = 200_000
"""Ids that a join may send to every task."""


@dataclass(frozen=True)
class Before:
    """What the last run left of one entity type.

    `keys` is party_id, source, content, keys; `features` the prepared records; `pairs` the scored pairs; `parties` silver as it
    then was; `within` the key of populations that training chose.
    """

    keys: DataFrame
    features: DataFrame
    pairs: DataFrame
    parties: DataFrame
    known: Known
    model: Model
    within: str | None


@dataclass(frozen=True)
class Feed:
    """How many records are new, changed and gone."""

    new: int
    changed: int
    gone: int

    @property
    def touched(self) -> int:
        """All of them."""
        return self.new + self.changed + self.gone


@dataclass(frozen=True)
class Increment:
    """The tables of the entity type as they are now, as frames over the old ones and what the feed brought."""

    keys: DataFrame
    features: DataFrame
    pairs: DataFrame
    feed: Feed


def match_increment(parties: DataFrame, task: Task, before: Before, cut: Cut) -> Increment | None:
    """Return the keys, features and scored pairs after a feed; None when it touched nothing that matching reads.

    Args:
        parties: silver parties of the entity type as they are now.
        task: rules, comparisons and training.
        before: what the last run left.
        cut: cuts the lineage of what is read more than once.
    """
    require_rules(parties, task.blocking)
    plan = plan_comparisons(task.comparisons, parties, before.within)
    hashed = with_content(parties, task.blocking, plan.features.keys)
    moved = cut(_moved(hashed, before.keys), "moved")
    feed = _feed(moved)
    if not feed.touched:
        return None
    ids = moved.select("party_id")
    touched = cut(hashed.join(_hint(moved.where("there").select("party_id"), feed), on="party_id", how="left_semi"), "touched")
    now = cut(blocking_keys(touched, task.blocking, before.known, KEY_COLUMNS), "touched_records")
    prepared = cut(plan.features.frame(touched, before.known), "touched_features")

    def finer_was(of: DataFrame) -> DataFrame:
        # Silver also held records that were withheld from matching then.
        matched = of.join(before.keys.select("party_id"), on="party_id", how="left_semi")
        return finer_keys(before.parties.join(matched, on="party_id", how="left_semi"), task.blocking, before.known)

    def finer_is(of: DataFrame) -> DataFrame:
        return finer_keys(parties.join(of, on="party_id", how="left_semi"), task.blocking, before.known)

    keys = Keys(before.keys.drop("content"), now.drop("content"), _hint(ids, feed), finer_was, finer_is)
    blocks = cut(affected_blocks(keys, task.blocking, cut), "affected_blocks")
    pairs = cut(candidate_pairs(blocks, task.blocking), "pairs")
    features = before.features.join(_hint(ids, feed), on="party_id", how="left_anti").unionByName(prepared)
    needed = pairs.select(F.explode(F.array("party_id_l", "party_id_r")).alias("party_id")).dropDuplicates(["party_id"])
    near = cut(features.join(needed, on="party_id", how="left_semi"), "near")
    names = tuple(rule.name for rule in task.blocking.rules)
    scored = score(compare(with_sides(pairs, near), plan, IDS), before.model, names, task.store_above)
    again = blocks.where("chosen").select("party_id").unionByName(ids).dropDuplicates(["party_id"])
    return Increment(
        keys=before.keys.join(_hint(ids, feed), on="party_id", how="left_anti").unionByName(now),
        features=features,
        pairs=_without(before.pairs, again).unionByName(scored),
        feed=feed,
    )


def _moved(hashed: DataFrame, keys: DataFrame) -> DataFrame:
    """Return `party_id` of the records that are new, changed or gone, whether they are `there`, and whether they were `known`."""
    now = hashed.select("party_id", "content")
    was = keys.select("party_id", F.col("content").alias("was"))
    both = now.join(was, on="party_id", how="full").where(~F.col("content").eqNullSafe(F.col("was")))
    return both.select("party_id", F.col("content").isNotNull().alias("there"), F.col("was").isNotNull().alias("known"))


def _feed(moved: DataFrame) -> Feed:
    there, known = F.col("there"), F.col("known")
    counts = (F.count_if(there & ~known), F.count_if(there & known), F.count_if(~there))
    new, changed, gone = moved.agg(*counts).toPandas().iloc[0]  # bounded: a single row of counts
    return Feed(int(new), int(changed), int(gone))


def _hint(ids: DataFrame, feed: Feed) -> DataFrame:
    """Let few ids be sent to where the records are."""
    return F.broadcast(ids) if feed.touched <= _IN_MEMORY else ids


def _without(pairs: DataFrame, ids: DataFrame) -> DataFrame:
    """Return the pairs that have none of these records."""
    for side in ("l", "r"):
        end = ids.select(F.col("party_id").alias(f"party_id_{side}"))
        pairs = pairs.join(end, on=f"party_id_{side}", how="left_anti")
    return pairs
