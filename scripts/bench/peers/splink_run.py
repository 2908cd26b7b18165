"""One Splink run over a flat table, Parquet to clusters: its demo's detailed model, trained, predicted, clustered.

python -m peers.splink_run KIND TABLE WORK HEAP BACKEND    (BACKEND: duckdb or spark)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on

from peers.clock import Clock

__all__ = ["main"]

_PEOPLE_RULES = (
    ("email",),
    ("phone",),
    ("given_name", "family_name", "substr(birth_date, 1, 4)"),
    ("birth_date", "postcode"),
    ("birth_date", "family_name"),
    ("birth_date", "given_name"),
    ("family_name", "postcode"),
    ("given_name", "postcode"),
    ("given_name", "family_name", "city"),
)
# Splink reads a British postcode with its space, and compares whole names by their frequency.
_PEOPLE_COLUMNS = (
    ", given_name || ' ' || family_name AS full_name"
    ", upper(substr(postcode, 1, length(postcode) - 3) || ' ' || substr(postcode, -3)) AS postcode_spaced"
)
_COMPANY_RULES = (
    ("duns",),
    ("vat",),
    ("registration_number",),
    ("phone",),
    ("email",),
    ("company_key", "country"),
    ("substr(company_key, 1, 5)", "postcode"),
    ("substr(company_key, 1, 8)", "city"),
)


def people_settings() -> SettingsCreator:
    """Return the usual model of people: names with frequencies, date of birth, e-mail, telephone, postcode.

    Street, house number and city say the same as the postcode; with them as further comparisons, which Splink takes for
    independent, households become one and its best F1 falls by far.
    """
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _PEOPLE_RULES],
        comparisons=[
            cl.ForenameSurnameComparison("given_name", "family_name", forename_surname_concat_col_name="full_name"),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.PostcodeComparison("postcode_spaced"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _street() -> Any:
    both = cll.And(cll.ExactMatchLevel("street"), cll.ExactMatchLevel("house_number"))
    near = cll.JaroWinklerLevel("street", 0.9)
    levels = [cll.NullLevel("street"), both, cll.ExactMatchLevel("street"), near, cll.ElseLevel()]
    return cl.CustomComparison(levels, output_column_name="street")


def company_settings() -> SettingsCreator:
    """Return the usual model of companies: the name with frequencies, identifiers, telephone, e-mail, address."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _COMPANY_RULES],
        comparisons=[
            cl.JaroWinklerAtThresholds("company_key", [0.95, 0.9, 0.8]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("duns"),
            cl.ExactMatch("vat"),
            cl.ExactMatch("registration_number"),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("postcode", [1]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            _street(),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _duckdb(work: Path, table: str, extra: str) -> tuple[Any, Any]:
    import duckdb
    from splink.backends.duckdb import DuckDBAPI

    connection = duckdb.connect(config={"temp_directory": str(work / "duckdb_tmp")})
    connection.execute(f"CREATE TABLE records AS SELECT *{extra} FROM read_parquet('{table}')")
    api = DuckDBAPI(connection=connection)
    return api, api.register("records")


def _spark(work: Path, table: str, extra: str, heap: str) -> tuple[Any, Any]:
    """Open Spark as Splink's guide says: its jar of similarity functions, partitions to fit, a checkpoint directory."""
    from pyspark.sql import SparkSession
    from splink.backends.spark import SparkAPI, similarity_jar_location

    parts = 4 * (os.cpu_count() or 2)
    builder = SparkSession.builder.master("local[*]").config("spark.driver.memory", heap).config("spark.ui.enabled", "false")
    builder = builder.config("spark.jars", similarity_jar_location()).config("spark.sql.shuffle.partitions", parts)
    session = builder.config("spark.default.parallelism", parts).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.sparkContext.setCheckpointDir(str(work / "checkpoints"))
    session.read.parquet(table).createOrReplaceTempView("flat")
    records = session.sql(f"SELECT *{extra} FROM flat")
    api = SparkAPI(spark_session=session, break_lineage_method="parquet", num_partitions_on_repartition=parts)
    return api, api.register(records)


def train(linker: Linker, kind: str) -> None:
    """Train as the demonstrations do: the prior from sure rules, u by random sampling, m by two or three EM sessions."""
    training = linker.training
    if kind == "people":
        sure = [block_on("given_name", "family_name", "birth_date"), block_on("email"), block_on("phone", "given_name")]
        sessions = [("given_name", "family_name"), ("birth_date",), ("email",)]
    else:
        sure = [block_on("duns"), block_on("vat"), block_on("company_key", "postcode")]
        sessions = [("company_key",), ("duns",), ("phone",)]
    training.estimate_probability_two_random_records_match(sure, recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for session in sessions:
        training.estimate_parameters_using_expectation_maximisation(block_on(*session))


def main(kind: str, table: str, work: str, heap: str, backend: str) -> None:
    """Run load, training, prediction and clustering, print the clock, then (not counted) lay pairs and clusters down."""
    clock, folder = Clock(), Path(work)
    folder.mkdir(parents=True, exist_ok=True)
    extra = _PEOPLE_COLUMNS if kind == "people" else ""
    _api, registered = _duckdb(folder, table, extra) if backend == "duckdb" else _spark(folder, table, extra, heap)
    linker = Linker(registered, people_settings() if kind == "people" else company_settings())
    clock.lap("load")
    train(linker, kind)
    clock.lap("train")
    predicted = linker.inference.predict(threshold_match_weight=-5)
    clock.lap("predict")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=0.95)
    clusters.to_parquet(f"{work}/clusters_raw.parquet", overwrite=True)
    clock.lap("cluster")
    clock.done()
    predicted.to_parquet(f"{work}/pairs_raw.parquet", overwrite=True)


if __name__ == "__main__":
    main(*sys.argv[1:6])
