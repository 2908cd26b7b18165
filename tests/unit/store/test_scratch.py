"""What a run lays aside is computed once, and gone when the run is over."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import functions as F

from onefold.store import Warehouse
from onefold.store.scratch import checkpoint_folder, cut_lineage


def test_a_cut_holds_its_rows_and_goes_with_the_folder(warehouse: Warehouse) -> None:
    drawn = warehouse.spark.range(100).select("id", F.rand().alias("drawn"), F.array(F.lit("x")).alias("texts"))

    with checkpoint_folder(warehouse):
        cut = cut_lineage(drawn)
        first, again = cut.orderBy("id").collect(), cut.orderBy("id").collect()
        kept = list(Path(warehouse.path("_checkpoints")).rglob("*.parquet"))

    assert first == again
    assert (len(first), cut.schema.simpleString()) == (100, drawn.schema.simpleString())
    assert kept
    assert not any(file.exists() for file in kept)
