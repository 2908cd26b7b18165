"""One onefold run over a flat table, Parquet to clusters: silver/party is written as cleansing would, then match and resolve.

python -m peers.onefold_run KIND TABLE WORK HEAP    (KIND: people or companies)
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.config import Project, load_project
from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.contracts.silver import PARTY
from onefold.run.conductor import new_context, run_stages
from onefold.store import Warehouse, open_session
from peers.clock import Clock

__all__ = ["main"]

_CONF = Path(__file__).resolve().parent / "conf"


def parties(table: DataFrame, kind: str) -> DataFrame:
    """Return the table as silver parties; its values are standardised already."""
    own: dict[str, Column] = {name: F.col(name) for name in table.columns if name not in ("unique_id", "birth_date")}
    record = F.concat(F.lit("bench:"), F.col("unique_id"))
    own |= {
        "record_id": record,
        "party_id": F.xxhash64(record),
        "source": F.lit("bench"),
        "source_key": F.col("unique_id").cast("string"),
        "entity_type": F.lit("person" if kind == "people" else "company"),
        "batch": F.lit("bench"),
        "file": F.lit("records.parquet"),
        "file_hash": F.lit(""),
        "row_number": F.col("unique_id"),
        "as_of": F.current_timestamp(),
        "street_key": F.col("street"),
        "city_key": F.col("city"),
        "emails": F.array(_struct(PARTY.schema["emails"].dataType, "email")),
        "phones": F.array(_struct(PARTY.schema["phones"].dataType, "phone")),
    }
    if kind == "people":
        own |= {
            "given_name_key": F.col("given_name"),
            "family_name_key": F.col("family_name"),
            "full_name_key": F.concat_ws(" ", "given_name", "family_name"),
            "birth_date": F.to_date("birth_date"),
        }
    return table.select(*(own.get(c.name, F.lit(None)).cast(c.type).alias(c.name) for c in PARTY.columns))


def _struct(kind: object, value: str) -> Column:
    names = kind.elementType.names  # type: ignore[attr-defined]
    return F.struct(*((F.col(value) if name in ("value", "raw") else F.lit(None).cast("string")).alias(name) for name in names))


def main(kind: str, table: str, work: str, heap: str) -> None:
    """Run load, match and resolve, print the clock, then (not counted) lay pairs and clusters down for the quality check."""
    clock = Clock()
    project: Project = load_project(_CONF, [f"spark.driver_memory={heap}"])
    spark = open_session(project.spark, app="peer-benchmark")
    clock.lap("start")
    warehouse = Warehouse(spark, f"{work}/warehouse")
    warehouse.overwrite(PARTY, parties(spark.read.parquet(table), kind))
    clock.lap("load")
    context = new_context(
        spark, f"{work}/warehouse", project, lambda text: print(f"{clock.elapsed():8.1f} {text}", file=sys.stderr)
    )
    for report in run_stages(context, ["match", "resolve"]):
        clock.put(report.stage, report.seconds)
        for item in report.items:
            print(report.stage, item.item, item.rows_out, item.seconds, item.note, file=sys.stderr)
    clock.done()
    pairs, mapped = warehouse.read(PAIR), warehouse.read(ENTITY_MAP)
    number = {side: F.substring_index(f"record_id_{side}", ":", -1).cast("bigint").alias(f"unique_id_{side}") for side in "lr"}
    pairs.select(number["l"], number["r"], "match_weight").write.mode("overwrite").parquet(f"{work}/pairs")
    own = F.substring_index("record_id", ":", -1).cast("bigint").alias("unique_id")
    mapped.select(own, F.xxhash64("customer_id").alias("cluster_id")).write.mode("overwrite").parquet(f"{work}/clusters")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:5])
