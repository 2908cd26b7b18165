"""Measures how far each attribute is from its target, what that costs, and what would bring it nearer."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.contracts.quality import GAP
from onefold.quality.metrics import ALL

__all__ = ["gaps"]


def gaps(results: DataFrame, rules: DataFrame, targets: DataFrame) -> DataFrame:
    """Return a row for each attribute and dimension that rules speak of, and one for each attribute as a whole.

    Args:
        results: rows of quality/rule_result of one run.
        rules: rule_id, action, unit_cost.
        targets: attribute, dimension ((all) for the whole), target; every pair that the results hold.
    """
    joined = results.where(F.col("status") != "error").join(F.broadcast(rules), on="rule_id", how="left")
    dimensions = F.explode(F.array("dimension", F.lit(ALL))).alias("dimension")
    columns = ("run_id", "rule_id", "attribute", "owner", "weight", "checked", "passed", "failed", "action", "unit_cost")
    by_rule = (
        joined.select(*columns, dimensions)
        .groupBy("run_id", "attribute", "dimension", "rule_id", "owner", "action")
        .agg(
            F.sum(F.col("weight") * F.col("passed")).alias("good"),
            F.sum(F.col("weight") * F.col("checked")).alias("all"),
            F.sum("failed").alias("failed"),
            F.sum(F.col("failed") * F.col("unit_cost")).alias("cost"),
        )
    )
    added = by_rule.groupBy("run_id", "attribute", "dimension").agg(
        F.min("owner").alias("owner"),
        F.try_divide(F.sum("good"), F.sum("all")).alias("score"),
        F.sum("failed").alias("failing_records"),
        F.sum("cost").alias("cost"),
        _actions().alias("actions"),
    )
    aimed = added.join(F.broadcast(targets), on=["attribute", "dimension"], how="inner")
    short = F.greatest(F.col("target") - F.col("score"), F.lit(0.0))
    return GAP.conform(aimed.withColumn("distance", F.when(F.col("score").isNotNull(), short)))


def _actions() -> Column:
    """Return the actions of the rules that fail, the one with the most failures first, each once."""
    failing = F.when((F.col("failed") > 0) & F.col("action").isNotNull(), F.struct((-F.col("failed")).alias("n"), "action"))
    ordered = F.array_sort(F.collect_list(failing))
    return F.array_distinct(F.transform(ordered, lambda one: one["action"]))
