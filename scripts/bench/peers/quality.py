"""How right clusters are: pairwise precision, recall and F1 against the truth, as made and at every threshold on the pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

__all__ = ["best_threshold", "of_clusters", "of_pairs"]

Ints = NDArray[np.int64]


def _within(labels: Ints) -> float:
    """Return how many pairs of records have the same label."""
    counts = np.unique(labels, return_counts=True)[1]
    return float((counts * (counts - 1) // 2).sum())


def _figures(clusters: Ints, truth: Ints) -> dict[str, float]:
    _, clusters = np.unique(clusters, return_inverse=True)
    both = clusters.astype(np.int64) * (int(truth.max()) + 1) + truth
    right, made, wanted = _within(both), _within(clusters), _within(truth)
    precision, recall = right / max(made, 1.0), right / max(wanted, 1.0)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def truth_of(file: Path) -> Ints:
    """Return the entity of every record, by its number."""
    table = pq.read_table(file)
    entities = np.empty(table.num_rows, dtype=np.int64)
    entities[table["unique_id"].to_numpy()] = table["entity_id"].to_numpy()
    return entities


def of_clusters(clusters: Any, truth: Ints) -> dict[str, float]:
    """Return the figures of clusters (a table of unique_id and cluster_id, every record once)."""
    made = np.arange(len(truth)) - len(truth)
    made[clusters["unique_id"].to_numpy()] = clusters["cluster_id"].to_numpy()
    return _figures(made, truth)


def of_pairs(pairs: Any, weight: float, truth: Ints) -> dict[str, float]:
    """Return the figures of the connected components of the pairs of this match weight or more."""
    chosen = pairs["match_weight"].to_numpy() >= weight
    left, right = (pairs[name].to_numpy()[chosen] for name in ("unique_id_l", "unique_id_r"))
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(len(truth), len(truth)))
    return _figures(connected_components(graph, directed=False)[1].astype(np.int64), truth)


def best_threshold(pairs: Any, truth: Ints) -> dict[str, float]:
    """Return the figures at the weight (in steps of one, then of a quarter) where F1 is greatest: truth chooses it."""
    coarse = {float(w): of_pairs(pairs, float(w), truth) for w in range(-4, 31)}
    near = max(coarse, key=lambda w: coarse[w]["f1"])
    fine = {near + d: of_pairs(pairs, near + d, truth) for d in (-0.75, -0.5, -0.25, 0.25, 0.5, 0.75)} | {near: coarse[near]}
    weight = max(fine, key=lambda w: fine[w]["f1"])
    return {"weight": weight, **fine[weight]}
