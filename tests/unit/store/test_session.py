from __future__ import annotations

from onefold.store.session import session_properties
from onefold.store.settings import SparkSettings


def test_large_generated_methods_are_compiled_on_driver_and_executors_and_a_site_may_say_otherwise() -> None:
    properties = session_properties(SparkSettings())
    for side in ("driver", "executor"):
        assert "-XX:-DontCompileHugeMethods" in properties[f"spark.{side}.extraJavaOptions"]
    site = SparkSettings(shuffle_partitions=3, config={"spark.executor.extraJavaOptions": "-Dsite=1"})
    assert session_properties(site)["spark.executor.extraJavaOptions"] == "-Dsite=1"
    assert session_properties(site)["spark.sql.shuffle.partitions"] == "3"
