"""spark.yml and warehouse.yml: the session and its JVM parts, and how long the tables remember."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from onefold.contracts.settings import Settings

__all__ = ["SparkSettings", "WarehouseSettings"]


class SparkSettings(Settings):
    """How the Spark session is made when onefold makes it (under spark-submit the submitter decides)."""

    master: Annotated[str, Field(description="Spark master when not given by spark-submit.")] = "local[*]"
    driver_memory: Annotated[str, Field(description="Heap of the local driver.")] = "3g"
    shuffle_partitions: Annotated[
        int | None, Field(ge=1, description="Most shuffle partitions, joined where small; default eight per core.")
    ] = None
    generated_code: Annotated[
        bool,
        Field(description="Compile each query, as Spark does; off, expressions are interpreted: faster up to 100,000 records."),
    ] = True
    packages: Annotated[
        tuple[str, ...],
        Field(description="Maven coordinates of Delta and of the GraphFrames carrier; a site changes the carrier here."),
    ] = (
        "io.delta:delta-spark_4.2_2.13:4.4.0",
        "org.apache.sedona:sedona-spark-shaded-4.0_2.13:1.8.0",
    )
    jars_dir: Annotated[str | None, Field(description="Folder of jars to use instead of resolving packages.")] = None
    config: Annotated[dict[str, str], Field(description="Further Spark properties, set as they are.")] = {}


class WarehouseSettings(Settings):
    """How long the tables remember."""

    history_days: Annotated[
        int,
        Field(ge=8, description="Days back that gold and silver can be read as of, and gold brought back to; costs storage."),
    ] = 730
