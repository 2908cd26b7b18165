"""Brings the overrides in force to the golden records of a run."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import ENTITY_MAP
from onefold.contracts.stewardship import DECISION
from onefold.publish.overrides import with_overrides
from onefold.publish.units import golden_attributes
from onefold.run.context import ItemReport, RunContext
from onefold.run.parties import parties_of
from onefold.run.stewardship import decisions_of, note_of
from onefold.steward import Chosen, Decision, choose_overrides, in_force, seen_hashes
from onefold.store.small import small, texts

__all__ = ["customers_of", "hashes_of", "overridden"]


def overridden(context: RunContext, golden: DataFrame) -> tuple[DataFrame, tuple[ItemReport, ...]]:
    """Return the golden records with the overrides in force laid over them, and a report of those that hold and that do not."""
    asked = tuple(d for d in in_force(decisions_of(context), context.started_at) if d.kind == "override")
    if not asked:
        return golden, ()
    parties, entity_map = parties_of(context), context.warehouse.read(ENTITY_MAP)
    attributes = tuple(name for name in golden_attributes(parties.schema) if name in golden.columns)
    known = [d for d in asked if d.attribute in attributes]
    chosen = choose_overrides(asked, customers_of(entity_map, asked), hashes_of(parties, entity_map, known), attributes)
    schema = pa.schema([(n, pa.string()) for n in ("customer_id", "attribute", "value", "record_id")] + [("if_null", pa.bool_())])
    rows = [(customer, d.attribute, d.value, d.record_id, d.policy == "if_null") for customer, d in chosen.holding]
    named = sorted({d.attribute for _, d in chosen.holding if d.attribute})
    laid = with_overrides(golden, small(context.spark, schema, rows), named) if rows else golden
    return laid, (_told(asked, chosen),)


def _told(asked: Sequence[Decision], chosen: Chosen) -> ItemReport:
    why = {
        "lapsed because the sources have changed": chosen.lapsed,
        "replaced by a newer one": chosen.outvoted,
        "name records that are gone": chosen.homeless,
        "name an attribute that is not golden any more": chosen.unknown,
    }
    return ItemReport(DECISION.name, rows_in=len(asked), rows_out=len(chosen.holding), note=note_of(asked, why))


def customers_of(entity_map: DataFrame, overrides: Sequence[Decision]) -> dict[str, str]:
    """Return the customer of each record that the overrides name, as far as it has one."""
    records = sorted({d.record_id for d in overrides if d.record_id})
    named = texts(entity_map.sparkSession, ["record_id"], ((record,) for record in records))
    known = entity_map.select("record_id", "customer_id").join(F.broadcast(named), on="record_id", how="left_semi")
    # bounded: the records that overrides name
    return {row["record_id"]: row["customer_id"] for row in known.toLocalIterator()}


def hashes_of(parties: DataFrame, entity_map: DataFrame, overrides: Sequence[Decision]) -> dict[str, str]:
    """Return what the sources say now, hashed, for each override that ends when they say something else."""
    bound = [d for d in overrides if d.policy == "until_source_changes"]
    if not bound:
        return {}
    named = ((d.decision_id, d.record_id, d.attribute) for d in bound)
    asked = texts(parties.sparkSession, ["decision_id", "record_id", "attribute"], named)
    found = seen_hashes(parties, entity_map, asked, sorted({d.attribute for d in bound if d.attribute}))
    # bounded: a row for each such override
    return {row["decision_id"]: row["seen_hash"] for row in found.toLocalIterator()}
