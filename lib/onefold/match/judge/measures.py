"""Pairwise, cluster-exact and B-cubed measures, from the contingency of entities and truth clusters, with intervals.

Pairs are counted (n(n-1)/2 of every count), never made. A pair, an entity or a record that is wrong is laid to the account
of the truth clusters that it touches, so that every measure is a function of sums over truth clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from onefold.match.judge.intervals import Interval, Moments, around

__all__ = ["Measures", "Score", "moments_by_kind", "score_of"]

Measure = Callable[[Mapping[str, float]], float]


@dataclass(frozen=True)
class Measures:
    """Precision, recall and their harmonic mean, each 0 to 1, with 95 % intervals by name where they are known."""

    precision: float
    recall: float
    intervals: Mapping[str, Interval] = field(default_factory=dict)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0

    def as_dict(self) -> dict[str, float]:
        """Return the three measures by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True)
class Score:
    """The measures of one set of records, how many records, entities and truth clusters it has, and its pairs.

    `pairs` are those `found` (true and in one entity), `predicted` (in one entity) and `true`. A truth of pairs may leave out
    pairs that follow from its own: `closed` counts the true pairs with those, `right` the predicted pairs among them.
    """

    pairwise: Measures
    bcubed: Measures
    cluster_exact: Measures
    records: int
    entities: int
    clusters: int
    pairs: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the score as plain numbers for JSON."""
        named = {"pairwise": self.pairwise, "bcubed": self.bcubed, "cluster_exact": self.cluster_exact}
        return {
            "pairwise": self.pairwise.as_dict(),
            "bcubed": self.bcubed.as_dict(),
            "records": self.records,
            "entities": self.entities,
            "cluster_exact": self.cluster_exact.as_dict(),
            "clusters": self.clusters,
            "pairs": dict(self.pairs),
            "intervals": {name: {k: list(v) for k, v in m.intervals.items()} for name, m in named.items()},
        }


def _share(part: float, whole: float) -> float:
    """Return part of whole; of nothing, all was right."""
    return part / whole if whole else 1.0


def _cubed_f1(s: Mapping[str, float]) -> float:
    both = s["cubed_precision"] + s["cubed_recall"]
    return _share(2.0 * s["cubed_precision"] * s["cubed_recall"], both * s["records"])


# measure -> figure -> (function of the sums, the sum that says how many units bear on it)
_MEASURES: dict[str, dict[str, tuple[Measure, str]]] = {
    "pairwise": {
        "precision": (lambda s: _share(s["both"], s["predicted"]), "predicting"),
        "recall": (lambda s: _share(s["both"], s["true"]), "plural"),
        "f1": (lambda s: _share(2.0 * s["both"], s["predicted"] + s["true"]), "plural"),
    },
    "bcubed": {
        "precision": (lambda s: _share(s["cubed_precision"], s["records"]), "clusters"),
        "recall": (lambda s: _share(s["cubed_recall"], s["records"]), "clusters"),
        "f1": (_cubed_f1, "clusters"),
    },
    "cluster_exact": {
        "precision": (lambda s: _share(s["exact"], s["entities"]), "clusters"),
        "recall": (lambda s: _share(s["exact"], s["clusters"]), "clusters"),
        "f1": (lambda s: _share(2.0 * s["exact"], s["entities"] + s["clusters"]), "clusters"),
    },
}


def score_of(moments: Moments, pairs: tuple[float, float] | None) -> Score:
    """Return the measures of one set of records; `pairs` are (found, true) of a truth that is given as pairs."""
    sums = moments.sums
    found, true = (sums["both"], sums["true"]) if pairs is None else pairs
    points = {name: {figure: f(sums) for figure, (f, _) in figures.items()} for name, figures in _MEASURES.items()}
    if pairs is not None:
        recall, precision = _share(found, true), points["pairwise"]["precision"]
        points["pairwise"] |= {"recall": recall, "f1": Measures(precision, recall).f1}
    made = {}
    for name, figures in _MEASURES.items():
        intervals = {
            figure: around(points[name][figure], moments.variance(f), sums[units]) for figure, (f, units) in figures.items()
        }
        made[name] = Measures(points[name]["precision"], points[name]["recall"], intervals)
    return Score(
        **made,
        records=round(sums["records"]),
        entities=round(sums["entities"]),
        clusters=round(sums["clusters"]),
        pairs={
            "found": round(found),
            "predicted": round(sums["predicted"]),
            "true": round(true),
            "right": round(sums["both"]),
            "closed": round(sums["true"]),
        },
    )


def moments_by_kind(clusters: DataFrame) -> dict[str, Moments]:
    """Return the sums over truth clusters and the sums of their products, for all records and for each entity type.

    Args:
        clusters: `entity_type`, `customer_id`, `cluster_id` of every record that is scored.
    """
    kinds = _cells(clusters).select("*", F.explode(F.array(F.lit("overall"), F.col("entity_type"))).alias("kind"))
    units = _by_cluster(kinds)
    names = [name for name in units.columns if name not in ("kind", "cluster_id")]
    products = {(min(a, b), max(a, b)): f"p{i}" for i, (a, b) in enumerate(combinations_with_replacement(names, 2))}
    summed = units.groupBy("kind").agg(
        F.count("*").alias("units"),
        *(F.sum(name).alias(name) for name in names),
        *(F.sum(F.col(a) * F.col(b)).alias(alias) for (a, b), alias in products.items()),
    )
    # bounded: a row for all records and one an entity type
    rows = summed.toPandas().to_dict("records")
    return {
        str(row["kind"]): Moments(
            int(row["units"]),
            {name: float(row[name]) for name in names},
            {pair: float(row[alias]) for pair, alias in products.items()},
        )
        for row in rows
    }


def _cells(clusters: DataFrame) -> DataFrame:
    """Return the contingency of truth clusters and entities, each cell with the sizes of its row and column."""
    cells = clusters.groupBy("entity_type", "cluster_id", "customer_id").agg(F.count("*").cast("double").alias("n"))
    return cells.select(
        "entity_type",
        "cluster_id",
        "customer_id",
        "n",
        F.sum("n").over(Window.partitionBy("customer_id")).alias("of_customer"),
        F.sum("n").over(Window.partitionBy("cluster_id")).alias("of_cluster"),
        F.sum("n").over(Window.partitionBy("cluster_id", "entity_type")).alias("of_typed_cluster"),
    )


def _by_cluster(kinds: DataFrame) -> DataFrame:
    """Return a row for each kind and truth cluster: what it adds to every sum."""
    cluster = F.when(F.col("kind") == "overall", F.col("of_cluster")).otherwise(F.col("of_typed_cluster"))
    n, customer = F.col("n"), F.col("of_customer")
    exact = ((n == customer) & (n == cluster)).cast("double")
    return kinds.groupBy("kind", "cluster_id").agg(
        F.sum(n).alias("records"),
        F.sum(n / customer).alias("entities"),
        F.lit(1.0).alias("clusters"),
        F.sum(exact).alias("exact"),
        F.sum(n * (n - 1) / 2).alias("both"),
        F.sum(n * (customer - 1) / 2).alias("predicted"),
        F.sum(n * (cluster - 1) / 2).alias("true"),
        F.sum(n * n / customer).alias("cubed_precision"),
        F.sum(n * n / cluster).alias("cubed_recall"),
        F.max((customer > 1).cast("double")).alias("predicting"),
        F.max((cluster > 1).cast("double")).alias("plural"),
    )
