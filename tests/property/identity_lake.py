"""Customer ids kept by Spark, step by step, as the resolve stage keeps them, without its tables."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from tests.property.identity_twin import Entity, Row

from onefold.contracts.matching import CUSTOMER_ID_HISTORY
from onefold.resolve import Assignment, assign_customer_ids, first_ids, history_rows, lay_entities
from onefold.store.scratch import cut_lineage

LINK = (
    "party_id_l bigint, party_id_r bigint, record_id_l string, record_id_r string, match_weight double, match_probability double"
)


class Lake:
    """The assignment kept by Spark, step by step, as the resolve stage does."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark, self.numbers = spark, dict[str, int]()
        self.history = spark.createDataFrame([], CUSTOMER_ID_HISTORY.schema)
        self.previous: DataFrame | None = None
        self.step_number = 0

    def step(self, entities: list[Entity], stewarded: frozenset[str] = frozenset()) -> tuple[dict[str, str], set[Row]]:
        rows = [(r, self._number(r), "company" if e.letter == "C" else "person", e) for e in entities for r in e.members]
        parties = self.spark.createDataFrame([row[:3] for row in rows], "record_id string, party_id bigint, entity_type string")
        clustered = [(number, e.founder, len(e.members)) for _, number, _, e in rows if len(e.members) > 1]
        members = self.spark.createDataFrame(clustered, "party_id bigint, founding_record string, entity_size bigint")
        links = self.spark.createDataFrame([], LINK)
        laid = cut_lineage(lay_entities(parties, members, links, self.previous))
        steward = self.spark.createDataFrame([(r,) for r in sorted(stewarded)], "record_id string")
        run = f"run-{self.step_number}"
        found = first_ids(laid) if self.previous is None else assign_customer_ids(laid, self.history, run, steward)
        return self._keep(found, run)

    def _keep(self, found: Assignment, run: str) -> tuple[dict[str, str], set[Row]]:
        at = F.timestamp_micros(F.lit(1_000_000 + self.step_number))
        changes = cut_lineage(history_rows(found.changes, run, at))
        self.history = cut_lineage(self.history.unionByName(changes))
        self.previous = cut_lineage(found.identified.select("record_id", "party_id", "customer_id", "entity_size"))
        self.step_number += 1
        columns = ("customer_id", "change", "current_customer_id", "other_customer_id", "reason", "records")
        held = {row.record_id: row.customer_id for row in self.previous.collect()}
        collected = [Row(*row) for row in changes.select(*columns).collect()]
        assert len(collected) == len(set(collected))
        return held, set(collected)

    def _number(self, record: str) -> int:
        return self.numbers.setdefault(record, len(self.numbers) + 1)
