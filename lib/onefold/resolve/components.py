"""Connected components over pairs of records: contractions while there are many edges, then one task or GraphFrames for the rest.

The only module that imports graphframes. Ids are 64-bit integers throughout: with text ids GraphFrames numbers vertices
itself, and a recomputed numbering has given wrong components without an error.
"""

from __future__ import annotations

from graphframes import GraphFrame
from pyspark import SparkContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import RuntimeSetupError
from onefold.resolve.contraction import compose, contract, smallest_neighbour
from onefold.resolve.few import close
from onefold.resolve.settings import ClusteringSettings
from onefold.store.scratch import cut_lineage

__all__ = ["connected_components"]


def connected_components(edges: DataFrame, settings: ClusteringSettings) -> DataFrame:
    """Label every end of an edge with its component.

    Args:
        edges: party_id_l and party_id_r (bigint); loops and repeated edges are allowed.
        settings: the algorithm, its checkpoint interval, the number of contractions before it, and how few edges need neither.

    Returns:
        id, component: one row per vertex, component being the smallest id in it. Reads from the checkpoint directory,
        so it must be written before that directory is cleared.

    Raises:
        RuntimeSetupError: when the Spark context has no checkpoint directory.
    """
    _require_checkpoints(edges.sparkSession.sparkContext)
    open_edges = cut_lineage(_canonical(edges))
    folds: list[DataFrame] = []
    while (left := open_edges.count()) > settings.one_task_edges and len(folds) < settings.contraction_rounds:
        folded = cut_lineage(smallest_neighbour(open_edges))
        open_edges = cut_lineage(contract(open_edges, folded))
        folds.append(folded)
    labels = close(open_edges) if left <= settings.one_task_edges else _graph_components(open_edges, settings)
    for folded in reversed(folds):
        labels = compose(folded, labels)
    return labels


def _canonical(edges: DataFrame) -> DataFrame:
    """Order the ends of each edge and drop loops; repeats are dropped by the first contraction or by the graph."""
    low, high = F.least("party_id_l", "party_id_r"), F.greatest("party_id_l", "party_id_r")
    return edges.where(F.col("party_id_l") != F.col("party_id_r")).select(low.alias("src"), high.alias("dst"))


def _graph_components(edges: DataFrame, settings: ClusteringSettings) -> DataFrame:
    """Run GraphFrames on the open edges and release every cache that it leaves behind."""
    vertices = edges.select(F.explode(F.array("src", "dst")).alias("id")).dropDuplicates(["id"])
    before = _persistent_rdds(edges.sparkSession.sparkContext)
    found = GraphFrame(vertices, edges).connectedComponents(
        algorithm=settings.algorithm,
        checkpointInterval=settings.checkpoint_interval,
        broadcastThreshold=1_000_000,
        useLabelsAsComponents=True,
    )
    labels = cut_lineage(found.select("id", "component"))
    found.unpersist()
    _release(edges.sparkSession.sparkContext, before)
    return labels


def _persistent_rdds(context: SparkContext) -> set[int]:
    return set(context._jsc.getPersistentRDDs().keySet())


def _release(context: SparkContext, before: set[int]) -> None:
    """Unpersist what was not persisted before: GraphFrames keeps the frames of its last rounds."""
    persistent = context._jsc.getPersistentRDDs()
    for number in set(persistent.keySet()) - before:
        persistent.get(number).unpersist(False)


def _require_checkpoints(context: SparkContext) -> None:
    if context.getCheckpointDir() is None:
        raise RuntimeSetupError(
            "connected components need a checkpoint directory and the Spark context has none",
            hint="call sparkContext.setCheckpointDir with a folder that every executor can write",
        )
