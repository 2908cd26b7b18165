"""Opens the one Spark session, with Delta, GraphFrames and the similarity functions on its class path."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from importlib import resources
from pathlib import Path

from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, StringType

from onefold.errors import RuntimeSetupError
from onefold.store.settings import SparkSettings

__all__ = ["EXCLUDED_GROUPS", "local_jars", "open_session", "session_properties"]

logger = logging.getLogger(__name__)

# Delta's POM drags in older copies of what Spark itself carries; they must not shadow Spark's own.
EXCLUDED_GROUPS: tuple[str, ...] = (
    "org.apache.hadoop:*",
    "org.apache.parquet:*",
    "com.fasterxml.jackson.core:*",
    "org.apache.logging.log4j:*",
    "org.slf4j:*",
    "com.github.luben:*",
    "org.xerial.snappy:*",
    "io.airlift:*",
    "commons-logging:*",
    "commons-pool:*",
    "org.roaringbitmap:*",
)

# Comparing makes generated methods of more than 8,000 bytes, which the JVM otherwise never compiles: 3 to 4 times slower.
# A pattern of a quality rule like (?:x|y)* takes stack for every character of a value; without it, Spark ends the whole process.
# A run makes 70,000 methods, most of them called for a moment: to optimise one only after five times the usual calls takes a
# quarter off the compiler's work, and what is hot gets there all the same.
_JAVA_OPTIONS = (
    "-Dfile.encoding=UTF-8 -XX:-DontCompileHugeMethods -XX:+UseParallelGC -Xss4m -XX:Tier4InvocationThreshold=25000"
    " -XX:Tier4MinInvocationThreshold=3000 -XX:Tier4CompileThreshold=75000 -XX:Tier4BackEdgeThreshold=200000"
)

_QUOTING = (
    "org.apache.spark.executor.Executor",
    "org.apache.spark.scheduler.TaskSetManager",
    "org.apache.spark.sql.delta.files.DeltaFileFormatWriter",
    "org.apache.spark.sql.execution.datasources.FileFormatWriter",
    "org.apache.spark.util.Utils",
)

_FUNCTIONS = (
    ("jaro_winkler", "JaroWinklerSimilarity", DoubleType()),
    ("damerau_levenshtein", "LevDamerauDistance", DoubleType()),
    ("jaccard", "JaccardSimilarity", DoubleType()),
    ("double_metaphone", "DoubleMetaphone", StringType()),
)


def local_jars(settings: SparkSettings) -> list[str]:
    """Return the jars to hand to Spark by path: the carried similarity functions, plus those of `jars_dir`.

    `ONEFOLD_JARS` (a folder, set by the project's set-up) stands in for `jars_dir` when the configuration names none.
    """
    carried = resources.files("onefold") / "jars"
    found = [str(p) for p in Path(str(carried)).glob("*.jar")]
    folder = settings.jars_dir or os.environ.get("ONEFOLD_JARS")
    if folder:
        more = sorted(str(p) for p in Path(folder).glob("*.jar"))
        if not more:
            raise RuntimeSetupError(f"no jar in the jars folder {folder}", hint="run scripts/setup, or unset jars_dir")
        found += more
    return found


def session_properties(settings: SparkSettings) -> dict[str, str]:
    """Return every Spark property that onefold sets, in one place, the site's own `config` last so that it wins."""
    cores = os.cpu_count() or 2
    by_folder = bool(settings.jars_dir or os.environ.get("ONEFOLD_JARS"))
    properties = {
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.jars": ",".join(local_jars(settings)),
        "spark.sql.session.timeZone": "UTC",
        # Casting text of any origin must give null and a reason, never stop the run.
        "spark.sql.ansi.enabled": "false",
        "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
        # Exports come in every encoding that Java knows, and a byte that does not fit becomes U+FFFD, not the end of the run.
        "spark.sql.legacy.javaCharsets": "true",
        "spark.sql.legacy.codingErrorAction": "true",
        # Parquet with nanosecond timestamps (what pandas writes) is read as long; ingest makes timestamps of it.
        "spark.sql.legacy.parquet.nanosAsLong": "true",
        "spark.sql.timeType.enabled": "true",
        # Its default, said aloud: Spark 4.2 otherwise looks into the environment for every array element that it reads.
        "spark.sql.types.framework.enabled": "false",
        # It filters by the size of an array that is about to be exploded, and so makes every array twice.
        "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.InferFiltersFromGenerate",
        "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
        # Many small partitions, joined to this size: little data keeps all cores busy, and much data does not spill.
        "spark.sql.adaptive.advisoryPartitionSizeInBytes": "16m",
        # Where every partition of one side is smaller than this, a hash join spares sorting the pairs' wide rows.
        "spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold": "48m",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.shuffle.partitions": str(settings.shuffle_partitions or 8 * cores),
        # Delta lists a table's folder before a VACUUM or RESTORE in so many tasks; Spark's own number is 10,000.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": str(settings.shuffle_partitions or 8 * cores),
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.driver.memory": settings.driver_memory,
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.enabled": "false",
        "spark.sql.debug.maxToStringFields": "10",
        # Otherwise every Column operation makes five more calls to the JVM to note its line of Python.
        "spark.python.sql.dataFrameDebugging.enabled": "false",
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={tempfile.gettempdir()} {_JAVA_OPTIONS}",
        "spark.executor.extraJavaOptions": _JAVA_OPTIONS,
    }
    if not settings.generated_code:
        properties |= {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
    if not by_folder:
        properties["spark.jars.packages"] = ",".join(settings.packages)
        properties["spark.jars.excludes"] = ",".join(EXCLUDED_GROUPS)
    return properties | settings.config


def open_session(settings: SparkSettings, *, app: str = "onefold") -> SparkSession:
    """Return the Spark session, made if there is none, with the similarity functions registered.

    Under `spark-submit` the master and the jars of the submission win; onefold adds only the SQL properties.

    Raises:
        RuntimeSetupError: when Java, Delta or a jar is missing, with what to do about it.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    submitted = "SPARK_ENV_LOADED" in os.environ or "PYSPARK_GATEWAY_PORT" in os.environ
    builder = SparkSession.builder.appName(app)
    if not submitted:
        builder = builder.master(settings.master)
    for name, value in session_properties(settings).items():
        if submitted and name in ("spark.jars", "spark.jars.packages", "spark.jars.excludes", "spark.driver.memory"):
            continue
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        _keep_values_out_of_logs(spark)
        _register_functions(spark)
    except PySparkException as error:
        raise RuntimeSetupError(
            f"the Spark session could not be opened: {type(error).__name__}",
            hint="needs Java 17 or later (JAVA_HOME) and the jars of conf spark.packages; a local Maven repository that "
            "holds a POM without its JAR stops their resolution: remove that entry. `scripts/setup` prepares both.",
        ) from error
    _require_class(spark, "io.delta.sql.DeltaSparkSessionExtension", "Delta Lake")
    _require_class(spark, "org.graphframes.GraphFrame", "GraphFrames")
    return spark


def _keep_values_out_of_logs(spark: SparkSession) -> None:
    """Silence the loggers that print the message of a failed task, which may quote a value (cannot cast 'Ann' to int).

    The failure itself reaches the caller as an exception, told by its class. Executors of a cluster log by the cluster's own
    settings.
    """
    log4j = spark.sparkContext._jvm.org.apache.logging.log4j  # type: ignore[union-attr]
    for name in _QUOTING:
        log4j.core.config.Configurator.setLevel(name, log4j.Level.OFF)
    for name in ("DataFrameQueryContextLogger", "SQLQueryContextLogger"):  # PySpark's own, for errors in Columns and in SQL
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _register_functions(spark: SparkSession) -> None:
    for name, java_class, returned in _FUNCTIONS:
        spark.udf.registerJavaFunction(name, f"uk.gov.moj.dash.linkage.{java_class}", returned)


def _require_class(spark: SparkSession, name: str, part: str) -> None:
    context: SparkContext = spark.sparkContext
    jvm = context._jvm
    if jvm is None:
        return
    try:
        jvm.java.lang.Thread.currentThread().getContextClassLoader().loadClass(name)
    except Exception as error:
        raise RuntimeSetupError(
            f"{part} is not on Spark's class path (class {name})",
            hint="pass the jars printed by `onefold submit-args` to spark-submit, or set spark.packages in spark.yml",
        ) from error
