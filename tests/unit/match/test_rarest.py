from __future__ import annotations

from pyspark.sql import SparkSession

from onefold.match.rarest import keep_rarest


def test_the_rarest_words_that_another_record_has_too(spark: SparkSession) -> None:
    names = ["acme software international", "acme software", "zeta software international", "zetta software", "solo"]
    rows = [(n, name.split()) for n, name in enumerate(names)] + [(9, None)]
    kept = keep_rarest(spark.createDataFrame(rows, "party_id bigint, words array<string>"), {"words": 2})
    assert {row["party_id"]: row["words"] for row in kept.collect()} == {
        0: ["acme", "international"],
        1: ["acme", "software"],
        2: ["international", "software"],  # zeta: nobody else has it
        3: ["software"],
        4: None,
        9: None,
    }
