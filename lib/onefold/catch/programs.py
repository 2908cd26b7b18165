"""What is kept of the configuration of a run: how a prospect is standardised, keyed, prepared, compared and scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from onefold.catch.capture import capture
from onefold.catch.program import Program
from onefold.cleanse.attributes import PREFIX, read_code, read_number
from onefold.cleanse.dates import either_way, patterns, read_date, read_dates
from onefold.cleanse.party import standardise_party
from onefold.cleanse.party_values import ADDRESS_PARTS, PARTY_TEXTS
from onefold.cleanse.settings import StandardiseSettings
from onefold.contracts.silver import PARTY
from onefold.match.compare import compare, plan_comparisons
from onefold.match.features import FeatureSet
from onefold.match.keyed import keys_by_rule
from onefold.match.matching import IDS, Task
from onefold.match.model import Model
from onefold.match.score import score

__all__ = ["Matching", "matching", "raw_schema", "standardised", "standardising"]

_ANY = -1e9  # a weight below which no pair is


def standardising(spark: SparkSession, attributes: Mapping[str, str], standardise: StandardiseSettings) -> Program:
    """Return the program from the raw texts of a prospect to a silver party.

    Args:
        spark: the session.
        attributes: further attributes of the sources by type.
        standardise: the rules of cleansing.
    """
    raw = spark.createDataFrame([], raw_schema(attributes))
    return capture(standardised(raw, attributes, standardise))


def standardised(raw: DataFrame, attributes: Mapping[str, str], standardise: StandardiseSettings) -> DataFrame:
    """Return silver parties from prospects as `read_prospect` gives them (`raw_schema`)."""
    formats = patterns(None, standardise.date_formats)
    birth = F.when(F.col("birth_date").isNotNull(), read_dates(F.col("birth_date"), either_way(formats)))
    readers: dict[str, Callable[[Column], Column]] = {
        "number": read_number,
        "code": read_code,
        "date": lambda text: read_date(text, formats),
    }
    read = {PREFIX + n: readers[t](F.col(PREFIX + n)) for n, t in attributes.items() if t in readers}
    return standardise_party(raw.withColumns({"birth_dates": birth, **read}), attributes, standardise)


def raw_schema(attributes: Mapping[str, str]) -> str:
    """Return the columns of a prospect: those of a source's mapped rows, their birth date still a text."""
    texts = (*PARTY_TEXTS, "default_country", "name_order", "birth_date", *(PREFIX + name for name in attributes))
    lists = {
        "raw": "map<string,string>",
        "emails": "array<string>",
        "phones": "array<struct<raw:string,region:string,kind:string>>",
        "addresses": f"array<struct<kind:string,{','.join(f'{p}:string' for p in ADDRESS_PARTS)}>>",
        "identifiers": "array<struct<scheme:string,raw:string,country:string>>",
        "consents": "array<struct<channel:string,purpose:string,status:string,captured_at:timestamp,raw:string>>",
    }
    named = dict.fromkeys(texts, "string") | lists
    lineage = {c.name: c.type.simpleString() for c in PARTY.columns if c.name in _LINEAGE}
    return ", ".join(f"`{name}` {type_}" for name, type_ in (lineage | named).items())


_LINEAGE = frozenset({
    "record_id", "party_id", "source", "source_key", "entity_type", "batch", "file", "file_hash", "row_number", "as_of",
    "source_created_at", "source_updated_at", "content_hash",
})  # fmt: skip


@dataclass(frozen=True)
class Matching:
    """How a silver party is matched: its block keys, prepared values and counted values, and what a pair of records weighs.

    `nicknames` and `rare_words` are prepared columns that need a table: names stood for, and the weights of words.
    """

    keys: Program
    finer: Program
    prepared: Program
    hashes: Program
    levels: Program
    scored: Program
    nicknames: dict[str, str]
    rare_words: tuple[str, ...]


def matching(parties: DataFrame, task: Task, model: Model, within: str | None, features: StructType) -> Matching:
    """Return what matching does to a party of one entity type.

    Args:
        parties: silver parties, for their columns.
        task: rules and comparisons.
        model: the model in use.
        within: the key of populations.
        features: the schema of the prepared records.
    """
    empty = parties.sparkSession.createDataFrame([], parties.schema)
    plan = plan_comparisons(task.comparisons, empty, within)
    plain = plan.features.plain(empty)
    sided = _sided(parties.sparkSession, features)
    levelled = compare(sided, plan, IDS)
    rules = tuple(rule.name for rule in task.blocking.rules)
    scored = score(parties.sparkSession.createDataFrame([], levelled.schema), model, rules, _ANY)
    return Matching(
        keys=capture(keys_by_rule(empty, task.blocking)),
        finer=capture(keys_by_rule(empty, task.blocking, finer=True)),
        prepared=capture(plain),
        hashes=capture(_hashes(plan.features, plain)),
        levels=capture(levelled),
        scored=capture(scored),
        nicknames=plan.features.nicknames,
        rare_words=plan.features.rare_words,
    )


def _hashes(features: FeatureSet, plain: DataFrame) -> DataFrame:
    return features.value_hashes(plain.sparkSession.createDataFrame([], plain.schema))


def _sided(spark: SparkSession, features: StructType) -> DataFrame:
    """Return an empty frame of pairs with both records' prepared columns beside them, as comparing reads it."""
    types = {"party_id_l": "bigint", "party_id_r": "bigint", "record_id_l": "string", "record_id_r": "string"}
    types |= {"rule_number": "int", "rules": "bigint"}
    for side in ("l", "r"):
        own = (f for f in features.fields if f.name not in ("party_id", "record_id", "source"))
        types |= {f"{side}_{field.name}": field.dataType.simpleString() for field in own}
    return spark.createDataFrame([], ", ".join(f"`{name}` {type_}" for name, type_ in types.items()))
