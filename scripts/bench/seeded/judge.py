"""Lets the shipped rules judge seeded records, and counts by rule what was found and what was found wrongly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

import yaml
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.cleanse import CleanseSource, StandardiseSettings, cleanse_party
from onefold.cleanse.emails import FREE_DOMAINS, ROLES
from onefold.cleanse.reference import disposable_domains, legal_forms
from onefold.contracts.silver import PARTY
from onefold.ingest import IngestSource
from onefold.quality.checks import Surroundings
from onefold.quality.once import failures, judged
from onefold.quality.ready import ready
from onefold.quality.reference import REFERENCES, reference
from onefold.quality.settings import QualitySettings, Rule, RuleFile
from onefold.quality.subject import of_parties
from seeded.clean import AS_OF, COLUMNS, MAPPING, Record
from seeded.defects import SILVER

__all__ = ["Score", "failed_rules", "references", "scores", "shipped_rules"]

RULES = Path(__file__).resolve().parents[3] / "conf" / "base" / "rules"
_NOON = datetime.combine(AS_OF, time(12))


class Source(IngestSource, CleanseSource):
    """What a source's file says, without the other rooms."""


@dataclass(frozen=True)
class Score:
    """How well a rule finds what was put in: records that must fail, those found, and those that fail without cause."""

    rule: str
    seeded: int
    found: int
    wrong: int

    @property
    def recall(self) -> float:
        """Share of the seeded records that fail."""
        return self.found / self.seeded if self.seeded else 1.0

    @property
    def precision(self) -> float:
        """Share of the failing records that were seeded."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0


def shipped_rules(folder: Path = RULES) -> list[Rule]:
    """Return the rules of a folder of rule files."""
    files = (yaml.safe_load(path.read_text("utf-8")) | {"name": path.stem} for path in sorted(folder.glob("*.yml")))
    return [rule for file in files for rule in RuleFile.model_validate(file).rules]


def references() -> dict[str, frozenset[str]]:
    """Return every reference list that a rule may ask for."""
    cleansing = {
        "disposable_domains": disposable_domains(),
        "free_domains": frozenset(FREE_DOMAINS),
        "role_names": frozenset(ROLES),
        "legal_forms": frozenset(form.form for form in legal_forms()),
    }
    return {name: reference(name) for name in REFERENCES} | cleansing


def silver(spark: SparkSession, records: Sequence[Record], later: Mapping[str, str]) -> DataFrame:
    """Return the records cleansed, with the defects that belong into silver put in."""
    lineage = {"_source": "seeded", "_file": "f", "_file_hash": "h", "_batch": "b", "_as_of": _NOON, "_ingested_at": _NOON}
    names = (*lineage, "_row_number", *COLUMNS)
    kinds = {"_as_of": "timestamp", "_ingested_at": "timestamp", "_row_number": "bigint"}
    rows = [(*lineage.values(), row, *(record[c] for c in COLUMNS)) for row, record in enumerate(records, start=1)]
    bronze = spark.createDataFrame(rows, ", ".join(f"{name} {kinds.get(name, 'string')}" for name in names))
    source = Source.model_validate(
        {
            "source": "seeded", "owner": {"team": "t"}, "path": "x", "format": "csv", "key": ["id"], "party": MAPPING,
            "entity_type": {"column": "type", "values": {"P": "person", "C": "company"}},
        }
    )  # fmt: skip
    parties = cleanse_party(bronze, source, StandardiseSettings()).accepted
    changes: dict[str, Any] = {}
    for name, (_, columns) in SILVER.items():
        keys = [key for key, defect in later.items() if defect == name]
        for column, sql in columns.items():
            changes[column] = F.when(F.col("source_key").isin(keys), F.expr(sql)).otherwise(F.col(column))
    return PARTY.conform(parties.withColumns(changes))


def failed_rules(parties: DataFrame, rules: Sequence[Rule]) -> dict[str, set[str]]:
    """Return by key the rules that each party fails."""
    settings = QualitySettings()
    around = Surroundings(parties, _NOON, settings.sentinels, references())
    prepared = ready(rules, of_parties(parties, settings.region), around)
    found = failures(judged(prepared, None, {}, lambda frame, _: frame.cache()), "r", None)
    rows = found.select(F.substring_index("record_id", ":", -1).alias("key"), "failed").collect()
    return {row["key"]: set(row["failed"] or ()) for row in rows}


def scores(
    failed: Mapping[str, set[str]], truth: Mapping[str, tuple[str, frozenset[str]]], rules: Collection[str]
) -> list[Score]:
    """Return how each of the rules did; a record fails without cause when no defect in it is meant for the rule."""
    result = []
    for rule in sorted(rules):
        must = {key for key, (_, expected) in truth.items() if rule in expected}
        fails = {key for key, found in failed.items() if rule in found}
        result.append(Score(rule, len(must), len(must & fails), len(fails - must)))
    return result
