"""Labels the ends of few pairs in one task, on arrays of numbers: no rounds of jobs. Runs on the executors.

How few is `one_task_edges` of clustering.yml: a task holds a pair in about a hundred bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame

__all__ = ["close", "count_bins", "fold_twice", "smallest_of_component"]

Numbers = NDArray[np.int64]

_LABELS = pa.schema([("id", pa.int64()), ("component", pa.int64())])


def close(edges: DataFrame) -> DataFrame:
    """Return id, component of every end of the edges, component being the smallest id in it.

    Args:
        edges: src, dst (bigint), few enough for one task.
    """

    def label(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        src, dst = _columns(batches, "src", "dst")
        ids, one, other = _numbered(src, dst)
        labels = smallest_of_component(len(ids), one, other)
        yield pa.record_batch([ids, ids[labels]], schema=_LABELS)

    # Arrow, because following labels to their end is a loop that no column expression can say.
    return edges.select("src", "dst").coalesce(1).mapInArrow(label, "id bigint, component bigint")


def count_bins(pairs: DataFrame, sure_weight: float, per_bit: int) -> DataFrame:
    """Count the scored pairs by a fraction of a bit, and those whose ends both are, or are together, in sure groups.

    Args:
        pairs: party_id_l, party_id_r, match_weight, match_probability, few enough for one task.
        sure_weight: from which weight on pairs make the sure groups, by two contractions.
        per_bit: bins to one bit of weight.

    Returns:
        bin, pairs, matches (sum of probabilities), tested, confirmed, and in each row `possible`: how many pairs the records of
        sure groups could make within their groups.
    """
    schema = "bin bigint, pairs bigint, matches double, tested bigint, confirmed bigint, possible double"

    def count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        names = ("party_id_l", "party_id_r", "match_weight", "match_probability")
        left, right, weight, probability = _columns(batches, *names)
        sure = weight >= sure_weight
        ids, one, other = _numbered(left[sure], right[sure])
        groups = fold_twice(len(ids), one, other)
        group_l, group_r = _group_of(left, ids, groups), _group_of(right, ids, groups)
        both = (group_l >= 0) & (group_r >= 0)
        bins, place = np.unique(np.floor(weight * per_bit).astype(np.int64), return_inverse=True)
        sizes = np.bincount(groups).astype(np.float64)
        possible = float((sizes * (sizes - 1) / 2).sum())
        columns = (
            *(bins, np.bincount(place), np.bincount(place, weights=probability)),
            *(np.bincount(place[chosen], minlength=len(bins)) for chosen in (both & ~sure, both & (group_l == group_r))),
            np.full(len(bins), possible),
        )
        yield pa.record_batch(list(columns), names=["bin", "pairs", "matches", "tested", "confirmed", "possible"])

    # Arrow, because the groups are found over all pairs before the first can be counted.
    return pairs.select("party_id_l", "party_id_r", "match_weight", "match_probability").coalesce(1).mapInArrow(count, schema)


def smallest_of_component(size: int, one: Numbers, other: Numbers) -> Numbers:
    """Return for each of `size` vertices the smallest one of its component; `one` and `other` are the ends of the edges.

    Each round joins every root to its smallest neighbouring root, then makes all vertices point to their root.

    >>> smallest_of_component(5, np.array([3, 3]), np.array([1, 4])).tolist()
    [0, 1, 2, 1, 1]
    """
    labels = np.arange(size, dtype=np.int64)
    while len(one):
        low, high = np.minimum(one, other), np.maximum(one, other)
        np.minimum.at(labels, high, low)
        while not np.array_equal(further := labels[labels], labels):
            labels = further
        one, other = labels[low], labels[high]
        is_open = one != other
        one, other = one[is_open], other[is_open]
    return labels


def fold_twice(size: int, one: Numbers, other: Numbers) -> Numbers:
    """Return for each of `size` vertices what two contractions fold it into: its smallest neighbour, then that one's.

    >>> fold_twice(4, np.array([0, 1, 2]), np.array([1, 2, 3])).tolist()
    [0, 0, 0, 1]
    """
    first = _fold(size, one, other)
    return _fold(size, first[one], first[other])[first]


def _fold(size: int, one: Numbers, other: Numbers) -> Numbers:
    """Return the smallest of each vertex and its neighbours."""
    low = np.arange(size, dtype=np.int64)
    np.minimum.at(low, one, other)
    np.minimum.at(low, other, one)
    return low


def _group_of(parties: Numbers, ids: Numbers, groups: Numbers) -> Numbers:
    """Return the group of each party, -1 where it has none; `ids` are sorted."""
    if not len(ids):
        return np.full(len(parties), -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(ids, parties), len(ids) - 1)
    return np.where(ids[place] == parties, groups[place], -1)


def _numbered(src: Numbers, dst: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the distinct ends in rising order, and the place of both ends of each edge among them."""
    ids, place = np.unique(np.concatenate((src, dst)), return_inverse=True)
    return ids, place[: len(src)], place[len(src) :]


def _columns(batches: Iterator[pa.RecordBatch], *names: str) -> list[NDArray[Any]]:
    """Return columns without nulls of all batches as arrays."""
    held, nothing = list(batches), np.empty(0, dtype=np.int64)
    return [np.concatenate([nothing] + [batch.column(name).to_numpy(zero_copy_only=False) for batch in held]) for name in names]
