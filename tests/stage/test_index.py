"""The index answers as matching did: keys, prepared values and weights of records that are put in as prospects."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from tests.stage.test_match import context_of, parties_of, people
from typer.testing import CliRunner

from onefold.catch import CatchIndex
from onefold.catch.functions import python_functions
from onefold.catch.program import Runner
from onefold.catch.programs import raw_schema, standardised, standardising
from onefold.catch.prospect import read_prospect
from onefold.cleanse.settings import StandardiseSettings
from onefold.cli.main import app
from onefold.contracts.gold import CUSTOMER_XREF
from onefold.contracts.match_state import feature_table, key_table
from onefold.contracts.matching import PAIR
from onefold.contracts.silver import PARTY
from onefold.run.catch import run_index
from onefold.run.match import run_match
from onefold.store import Warehouse

NAMES = ("acme tools", "acme toools", "nordic fund 2", "nordic fund ii", "bauer maschinenbau", "bauer maschinenbau berlin")


def companies() -> list[dict[str, Any]]:
    """Companies that are there twice or nearly so."""
    return [
        {
            "id": f"c{n}",
            "entity_type": "company",
            "company_key": f"{NAMES[n % 6]} {'abcdefghij'[n // 6]}x",
            "legal_form": ("gmbh", "ltd", None)[n % 3],
            "duns": f"15048{3700 + n // 2}",
            "city_key": ("berlin", "bern")[n % 2],
            "postcode": f"10{n % 4}15",
            "country": "DE",
            "email": f"info@firm{n // 2}.de",
        }
        for n in range(60)
    ]


def same(found: object, wanted: object) -> bool:
    """Tell whether two prepared values are one; lists in any order, since levels ask only what is in them."""
    if isinstance(found, list) and isinstance(wanted, list):
        return sorted(map(str, found)) == sorted(map(str, wanted))
    return found == wanted


@pytest.fixture(scope="module")
def indexed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse of people and companies, matched, with a crosswalk and an index."""
    warehouse = Warehouse(spark, str(tmp_path_factory.mktemp("indexed")))
    warehouse.overwrite(PARTY, parties_of(spark, [*people(150), *companies()]))
    made = context_of(spark, warehouse)
    context = replace(made, project=made.project.model_copy(update={"sources": ()}))
    run_match(context)
    parties = warehouse.read(PARTY)
    own = {"customer_id": F.concat(F.lit("c-"), "record_id"), "run_id": F.lit("r1")}
    names = [own.get(n, F.col(n) if n in parties.columns else F.lit(None)).alias(n) for n in CUSTOMER_XREF.column_names]
    warehouse.overwrite(CUSTOMER_XREF, parties.select(*names))
    report = run_index(context)
    assert [item.item for item in report.items] == ["person", "company"]
    return warehouse


def test_records_put_in_as_prospects_weigh_what_they_weighed(indexed: Warehouse) -> None:
    index = CatchIndex.open(indexed.root)
    assert index.not_compared == {"company": ("rule name_sound_postcode",)}
    silver = {row["party_id"]: row.asDict(recursive=True) for row in indexed.read(PARTY).collect()}
    pairs = indexed.read(PAIR).collect()
    for kind in ("person", "company"):
        entity = index.entity(kind)
        lost = {n for n, rule in enumerate(entity.rules) if not rule.asked}
        for row in indexed.read(key_table(kind)).collect():
            kept = [key for key in row["keys"] if key >> 56 not in lost]
            assert sorted(set(entity.keys(silver[row["party_id"]]))) == sorted(kept)
        for row in indexed.read(feature_table(kind)).collect():
            wanted = row.asDict(recursive=True)
            found = entity.prepared(silver[row["party_id"]])
            assert found.keys() | {"party_id", "record_id", "source"} == wanted.keys()
            assert [name for name in found if not same(found[name], wanted[name])] == []
        own = [pair for pair in pairs if pair["entity_type"] == kind]
        assert len(own) > 20
        answers = {p: {f.stored[0]: f for f in entity.match(silver[p])} for p in {pair["party_id_l"] for pair in own}}
        for pair in own:
            found = answers[pair["party_id_l"]].get(pair["party_id_r"])
            if found is None:  # only a rule that is not asked here made it
                assert all(pair["rules"] >> n & 1 == 0 for n in range(len(entity.rules)) if n not in lost)
                continue
            assert math.isclose(found.match_weight, pair["match_weight"], abs_tol=1e-6)
            for step, wanted in zip(found.comparisons, pair["comparisons"], strict=True):
                assert (step["name"], step["level"]) == (wanted["name"], wanted["level"])
                assert step["weight"] + step["tf_weight"] == pytest.approx(wanted["weight"] + wanted["tf_weight"], abs=1e-9)


def test_the_command_answers(indexed: Warehouse) -> None:
    person = next(row for row in indexed.read(PARTY).collect() if row["record_id"] == "crm:3")
    names = ("given_name", "family_name")
    prospect = {name: person[f"{name}_key"].title() for name in names} | {"birth_date": str(person["birth_date"])}
    asked = json.dumps({**prospect, "email": person["emails"][0]["value"]})
    command = ["match-one", "--warehouse", indexed.root, "--prospect", "-"]
    done = CliRunner().invoke(app, [*command, "--log-format", "json"], input=asked)
    assert done.exit_code == 0, done.output
    first = json.loads(done.stdout.splitlines()[0])
    assert first["customer_id"].removeprefix("c-") in ("crm:3", "erp:3")
    assert first["match_probability"] > 0.5
    shown = CliRunner().invoke(app, command, input=asked)
    assert "crm:3" in shown.stdout
    assert "match weight" in shown.stdout


PROSPECTS = (
    {"full_name": "DR. MÜLLER, ANNA-MARIA", "birth_date": "3.2.1980", "email": "Anna M <Anna.M@GMX.de>", "phone": "030 901820"},
    {"full_name": "Андрей Петров", "phone": "+41 44 668 18 00", "addresses": [{"full": "Hauptstraße 5a, 10115 Berlin, Germany"}]},
    {"given_name": "o'brien", "family_name": "VAN DER BERG jr.", "birth_date": "19800203", "gender": "F", "country": "NL"},
    {"full_name": "test test", "email": "noreply@test.com; x@y", "birth_date": "1900-01-01", "phone": "000"},
    {
        "given_name": "José",
        "family_name": "n/a",
        "street": "12 High Street, Flat 3",
        "city": "SAINT ALBANS",
        "postcode": "al1 3jq",
    },
    {
        "company_name": "The Müller & Söhne G.m.b.H. & Co. KG",
        "vat": "136 695 976",
        "country": "Deutschland",
        "duns": "15-048-3782",
    },
    {"company_name": "ООО Ромашка", "registration_number": "HRB 1234 B", "email": "jörg@bücher.de"},
    {"company_name": "Acme Widgets Intl. Ltd Hamburg", "addresses": [{"street": "No 7 Ring Rd", "city": "Fort William, TX"}]},
    {"full_name": "李 小龍", "country": "中国", "line": "P.O. Box 12", "house_number": "0", "birth_date": "2001-02-30"},
)


def test_prospects_are_standardised_as_sources_are(spark: SparkSession) -> None:
    settings = StandardiseSettings(default_country="DE")
    rows = [read_prospect(prospect, (), "DE") for prospect in PROSPECTS]
    schema = raw_schema({})
    names = spark.createDataFrame([], schema).columns
    whole = [{name: row.get(name) for name in names} | {"row_number": n} for n, row in enumerate(rows)]
    frame = spark.createDataFrame(whole, schema)
    program = standardising(spark, {}, settings)
    assert program.gaps() == {}
    runner = Runner(program, python_functions(settings.sentinels))
    done = standardised(frame, {}, settings).drop("as_of").collect()
    for row, expected in zip(whole, sorted(done, key=lambda r: r["row_number"]), strict=True):
        assert runner.run(row, expected.asDict()) == expected.asDict(recursive=True)
