"""A place for checkpoints under the warehouse, there for the length of a block and deleted after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from onefold.store.warehouse import Warehouse

__all__ = ["checkpoint_folder"]


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
