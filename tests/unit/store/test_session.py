from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from onefold.store.session import session_properties
from onefold.store.settings import SparkSettings


def test_large_generated_methods_are_compiled_on_driver_and_executors_and_a_site_may_say_otherwise() -> None:
    properties = session_properties(SparkSettings())
    for side in ("driver", "executor"):
        assert "-XX:-DontCompileHugeMethods" in properties[f"spark.{side}.extraJavaOptions"]
    site = SparkSettings(shuffle_partitions=3, config={"spark.executor.extraJavaOptions": "-Dsite=1"})
    assert session_properties(site)["spark.executor.extraJavaOptions"] == "-Dsite=1"
    assert session_properties(site)["spark.sql.shuffle.partitions"] == "3"


def test_a_failed_task_prints_no_value(tmp_path: Path) -> None:
    script = """if True:
        from pyspark.sql import functions as F
        from onefold.store import SparkSettings, open_session
        spark = open_session(SparkSettings(master="local[1]", driver_memory="1g"))
        spark.conf.set("spark.sql.ansi.enabled", "true")
        broken = spark.range(1).selectExpr("cast(concat('Secret', id) as int) as value")
        in_columns = spark.range(1).select(F.concat(F.lit("Secret"), "id").cast("int"))
        for write in (broken.collect, in_columns.collect, lambda: broken.write.format("delta").save("table")):
            try:
                write()
            except Exception as error:
                print("failed:", type(error).__name__)
    """
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.count("failed:") == 3
    assert "Secret" not in run.stdout + run.stderr
