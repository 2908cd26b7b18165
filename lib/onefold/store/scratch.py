"""Places under the warehouse for a run only: made for a block, deleted after it, swept when a process died."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from pyspark.sql import DataFrame

from onefold.store.warehouse import Warehouse

__all__ = ["checkpoint_folder", "cut_lineage", "discard_stale"]

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
    own = context.getCheckpointDir()
    try:
        yield
    finally:
        folder = context._jvm.org.apache.hadoop.fs.Path(own)  # type: ignore[union-attr]
        folder.getFileSystem(context._jsc.hadoopConfiguration()).delete(folder, True)
        # The context makes a new folder of its own for whatever it was set to before; None leaves it without.
        scala_context.setCheckpointDir(None if before is None else before.rpartition("/")[0])


def cut_lineage(frame: DataFrame) -> DataFrame:
    """Write the frame to the checkpoint directory and go on from there, so that nothing before it runs twice.

    As Parquet and not as a checkpoint of Spark: what is read back knows its size, so that a join sends the small side around,
    and only the columns asked for are read.
    """
    session = frame.sparkSession
    path = f"{session.sparkContext.getCheckpointDir()}/{uuid4().hex}"
    # Ids and weights hardly repeat: a dictionary of them is made only to be thrown away.
    frame.write.option("parquet.enable.dictionary", "false").parquet(path)
    return session.read.schema(frame.schema).parquet(path)


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
