"""Reads what Delta's log says of single commits, without a Spark job for each question."""

from __future__ import annotations

import json
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

__all__ = ["commit_info", "newest_version", "table_property"]


def newest_version(spark: SparkSession, path: str) -> int:
    """Return the newest version of the table at a path; -1 when there is none."""
    return int(_log(spark, path).update(False, _none(spark), _none(spark)).version())


def table_property(spark: SparkSession, path: str, name: str) -> str | None:
    """Return a property of the table at a path; None when it is not set."""
    found = _log(spark, path).update(False, _none(spark), _none(spark)).metadata().configuration().get(name)
    return str(found.get()) if found.isDefined() else None


def commit_info(spark: SparkSession, path: str, version: int) -> dict[str, Any]:
    """Return what a commit says of itself (operation, operationParameters, operationMetrics, userMetadata, timestamp).

    Empty when its file is gone: the log keeps the single commits for `delta.logRetentionDuration`.
    """
    session: Any = spark._jsparkSession
    place = spark.sparkContext._jvm.org.apache.hadoop.fs.Path(f"{path}/_delta_log/{version:020d}.json")  # type: ignore[union-attr]
    try:
        lines = _log(spark, path).store().readAsIterator(place, session.sessionState().newHadoopConf())
    except Py4JJavaError as error:
        if "FileNotFound" in str(error.java_exception.getClass().getName()):
            return {}
        raise
    try:
        while lines.hasNext():  # it is the first line, but nothing promises so
            action = json.loads(lines.next())
            if "commitInfo" in action:
                return dict(action["commitInfo"])
    finally:
        lines.close()
    return {}


def _log(spark: SparkSession, path: str) -> Any:
    jvm: Any = spark.sparkContext._jvm
    return jvm.org.apache.spark.sql.delta.DeltaLog.forTable(spark._jsparkSession, path)


def _none(spark: SparkSession) -> Any:
    jvm: Any = spark.sparkContext._jvm
    return getattr(getattr(jvm, "scala.None$"), "MODULE$")
