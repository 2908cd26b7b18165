"""Places under the warehouse for a run only: made for a block, deleted after it, swept when a process died."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession

from onefold.store.warehouse import Warehouse

__all__ = ["Scratch", "checkpoint_folder", "cut_lineage", "delete_folder", "discard_stale", "scratch_of", "through_parquet"]

_PLACES = ("_scratch", "_checkpoints")


@contextmanager
def checkpoint_folder(warehouse: Warehouse) -> Iterator[None]:
    """Give the Spark context a checkpoint directory under `<warehouse>/_checkpoints`, which every executor can write.

    What was checkpointed inside the block is gone after it, so write results to a table before leaving.
    """
    context = warehouse.spark.sparkContext
    scala_context = context._jsc.sc()
    before = context.getCheckpointDir()
    context.setCheckpointDir(warehouse.path("_checkpoints"))
    own = str(context.getCheckpointDir())  # one of its own below the one that was set
    try:
        yield
    finally:
        delete_folder(warehouse.spark, own)
        # The context makes a new folder of its own for whatever it was set to before; None leaves it without.
        scala_context.setCheckpointDir(None if before is None else before.rpartition("/")[0])


def cut_lineage(frame: DataFrame) -> DataFrame:
    """Write the frame to the checkpoint directory and go on from there, so that nothing before it runs twice.

    As Parquet and not as a checkpoint of Spark: what is read back knows its size, so that a join sends the small side around,
    and only the columns asked for are read.
    """
    # Ids and weights hardly repeat: a dictionary of them is made only to be thrown away.
    return through_parquet(frame, f"{frame.sparkSession.sparkContext.getCheckpointDir()}/{uuid4().hex}", dictionaries=False)


def through_parquet(frame: DataFrame, path: str, *, dictionaries: bool = True) -> DataFrame:
    """Write the frame to a folder, in place of what was there, and return what is read back: the same rows, computed once."""
    frame.write.mode("overwrite").option("parquet.enable.dictionary", str(dictionaries).lower()).parquet(path)
    return frame.sparkSession.read.schema(frame.schema).parquet(path)


class Scratch:
    """A folder of the warehouse for one stage of one run: called with a frame and a name, it cuts the frame's lineage there."""

    def __init__(self, root: str) -> None:
        self._root = root

    def __call__(self, frame: DataFrame, name: str) -> DataFrame:
        """Write the frame under the name and return what is read back."""
        return through_parquet(frame, self.path(name))

    def path(self, name: str) -> str:
        """Return where a frame of that name lies."""
        return f"{self._root}/{name}"


@contextmanager
def scratch_of(warehouse: Warehouse, run_id: str, stage: str) -> Iterator[Scratch]:
    """Give a stage its scratch folder, and delete what it wrote, personal data included, however the stage ends."""
    root = warehouse.path(f"_scratch/{run_id}-{stage}")
    try:
        yield Scratch(root)
    finally:
        delete_folder(warehouse.spark, root)


def delete_folder(spark: SparkSession, path: str) -> None:
    """Delete a folder and all in it, if it is there."""
    context = spark.sparkContext
    folder = context._jvm.org.apache.hadoop.fs.Path(path)  # type: ignore[union-attr]
    folder.getFileSystem(context._jsc.hadoopConfiguration()).delete(folder, True)


def discard_stale(warehouse: Warehouse, *, hours: float = 24.0) -> int:
    """Delete what runs that died left in the scratch places this long ago, personal data included; return how many folders.

    A younger folder may belong to a run that is still going.
    """
    context = warehouse.spark.sparkContext
    oldest = (time.time() - hours * 3600.0) * 1000.0
    gone = 0
    for place in _PLACES:
        path = context._jvm.org.apache.hadoop.fs.Path(warehouse.path(place))  # type: ignore[union-attr]
        files = path.getFileSystem(context._jsc.hadoopConfiguration())
        for left in files.listStatus(path) if files.exists(path) else ():
            if left.getModificationTime() < oldest:
                files.delete(left.getPath(), True)
                gone += 1
    return gone
