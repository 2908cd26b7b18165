"""JSON lines: one object a line; the columns are all top-level keys found, nested values stay JSON text."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.ingest import hadoop
from onefold.ingest.files import RawFile, Survey
from onefold.ingest.readers.lines import numbered, text_lines
from onefold.ingest.readers.shape import raw_columns
from onefold.ingest.settings import IngestSource

__all__ = ["MOST_KEYS", "read", "survey"]

MOST_KEYS = 2_000


def survey(spark: SparkSession, source: IngestSource, files: Sequence[RawFile]) -> list[Survey]:
    """Return the top-level keys of each file, in order of their first place in an object.

    Raises:
        DataContractError: when the objects have so many keys that keys must be values.
    """
    lines = text_lines(spark, files, hadoop.charset(spark, source.encoding))
    keys = lines.select("_path", F.posexplode(F.map_keys(_object())).alias("place", "key"))
    per_key = keys.groupBy("key").agg(F.min("place").alias("place"), F.collect_set("_path").alias("paths"))
    bounded = per_key.limit(MOST_KEYS + 1).select(F.struct("place", "key", "paths").alias("one"))
    found = bounded.agg(F.sort_array(F.collect_list("one")).alias("all")).first()
    by_path: dict[str, list[str]] = {}
    for one in found["all"] if found else ():
        for path in one["paths"]:
            by_path.setdefault(path, []).append(one["key"])
    if found and len(found["all"]) > MOST_KEYS:
        raise DataContractError(
            f"source {source.source}: its JSON objects have more than {MOST_KEYS} different top-level keys",
            hint="keys that are values (ids, dates) belong inside one nested object",
        )
    return [Survey(file, tuple(by_path.get(file.uri, ()))) for file in files]


def read(spark: SparkSession, source: IngestSource, surveys: Sequence[Survey]) -> DataFrame:
    """Return a record a line; a line that is not exactly one JSON object is refused as `invalid_json`."""
    lines = text_lines(spark, [s.file for s in surveys], hadoop.charset(spark, source.encoding))
    keys = tuple(dict.fromkeys(key for survey in surveys for key in survey.columns))
    records = numbered(lines, {"_object": _object()}, files=len(surveys))
    invalid = F.col("_object").isNull()
    return records.select(
        "_path",
        "_row_number",
        F.col("_line").alias("_raw"),
        F.when(invalid, F.lit("invalid_json")).alias("_reason"),
        F.when(invalid, F.lit("expected one JSON object in the line")).alias("_detail"),
        *raw_columns(keys, [F.col("_object").getItem(key) for key in keys]),
    )


def _object() -> Column:
    # Read as the one element of an array: a second object or anything else after the first then shows as an error,
    # where from_json of the bare line would ignore it in silence.
    line = F.regexp_replace("_line", "^\ufeff", "")
    array = F.from_json(F.concat(F.lit("["), line, F.lit("]")), "array<map<string,string>>")
    return F.when(F.size(array) == 1, array.getItem(0))
