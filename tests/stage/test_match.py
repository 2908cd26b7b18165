"""The match stage on a few hundred people made by hand: right pairs, both tables, the same again, nothing left behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from pyspark.sql import DataFrame, SparkSession
from tests.unit.match.conftest import MakeParties, make_parties

from onefold.config import Project
from onefold.contracts.matching import MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import ConfigurationError, MissingInputError, StageOrderError
from onefold.match.settings import BlockingSettings, ComparisonSettings
from onefold.run.context import RunContext
from onefold.run.knowledge import export_model
from onefold.run.match import run_match
from onefold.store import Warehouse

__all__ = ["make_parties"]

BASE = Path(__file__).resolve().parents[2] / "conf" / "base"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
GIVEN = ("anna", "bertha", "carla", "doris", "emil", "felix", "gustav", "hugo")
FAMILY = ("abel", "brandt", "conrad", "decker", "engel", "fischer", "graf", "hahn", "illig", "jost")


def people(number: int) -> list[dict[str, Any]]:
    """Everyone once in crm, and every second one again in erp with a new e-mail or a mistyped name."""
    random = np.random.default_rng(11)
    rows: list[dict[str, Any]] = []
    for n in range(number):
        one = {
            "given_name_key": GIVEN[random.integers(len(GIVEN))],
            "family_name_key": FAMILY[random.integers(len(FAMILY))],
            "birth_date": str(np.datetime64("1950-01-01") + int(random.integers(15_000))),
            "postcode": str(10_000 + int(random.integers(40))),
            "city_key": "berlin",
            "email": f"person{n}@mail.org",
            "id": n,
        }
        rows.append(one)
        if n % 2:
            again = {**one, "source": "erp", "email": None if n % 4 == 1 else one["email"]}
            if n % 3 == 0:
                again["family_name_key"] = again["family_name_key"][:-1] + "x"
            rows.append(again)
    rows.append({"id": "lonely", "entity_type": "company", "company_key": "acme"})
    return rows


def parties_of(spark: SparkSession, rows: list[dict[str, Any]]) -> DataFrame:
    """Silver parties with what these rows say and what the contract demands."""
    seen = NOW
    common = {"entity_type": "person", "batch": "b", "file": "f", "file_hash": "h", "row_number": 1, "as_of": seen}
    full = []
    for number, row in enumerate(rows, start=1):
        source, key, email = row.get("source", "crm"), str(row["id"]), row.get("email")
        born = row.get("birth_date")
        one = {"party_id": number, "record_id": f"{source}:{key}", "source": source, "source_key": key, **common, **row}
        one["birth_date"] = date.fromisoformat(born) if born else None
        one["emails"] = [(email, "mail.org", "free", email)] if email else []
        one["full_name_key"] = " ".join(row[k] for k in ("given_name_key", "family_name_key") if k in row) or None
        full.append(tuple(one.get(name) for name in PARTY.column_names))
    return spark.createDataFrame(full, PARTY.schema)


def context_of(spark: SparkSession, warehouse: Warehouse) -> RunContext:
    blocking = BlockingSettings.model_validate(yaml.safe_load((BASE / "blocking.yml").read_text()))
    compared = ComparisonSettings.model_validate(yaml.safe_load((BASE / "comparisons.yml").read_text()))
    project = Project.model_construct(blocking=blocking, comparisons=compared)
    return RunContext(spark, warehouse, project, "r1", NOW)


def test_match_needs_silver(spark: SparkSession, warehouse: Warehouse) -> None:
    with pytest.raises(StageOrderError):
        run_match(context_of(spark, warehouse))


def test_match_writes_pairs_and_model(spark: SparkSession, warehouse: Warehouse, make_parties: MakeParties) -> None:
    warehouse.overwrite(PARTY, parties_of(spark, people(240)))
    context = context_of(spark, warehouse)
    report = run_match(context)
    pairs = warehouse.read(PAIR).toPandas()
    sure = pairs[pairs["match_probability"] > 0.95]
    same = sure["record_id_l"].str.split(":").str[1] == sure["record_id_r"].str.split(":").str[1]
    assert len(sure) >= 115
    assert same.mean() > 0.97
    assert (pairs["party_id_l"] < pairs["party_id_r"]).all()
    first = pairs.iloc[0]
    assert len(first["comparisons"]) == 10
    model = warehouse.read(MODEL).toPandas()
    assert set(model["entity_type"]) == {"person", "company"}
    assert model.loc[model["comparison"] == "(prior)", "weight"].notna().all()
    assert {item.item for item in report.items} == {"person", "company", PAIR.name, MODEL.name}
    assert not list(Path(warehouse.root).glob("_scratch/*"))
    run_match(context)
    again = warehouse.read(PAIR).toPandas()
    keys = ["party_id_l", "party_id_r"]
    assert pairs.sort_values(keys)["match_weight"].tolist() == again.sort_values(keys)["match_weight"].tolist()


def test_a_saved_model_and_labels_take_the_place_of_training(spark: SparkSession, warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.overwrite(PARTY, parties_of(spark, people(120)))
    context = context_of(spark, warehouse)
    run_match(context)
    weights = warehouse.read(PAIR).agg({"match_weight": "sum"}).collect()[0][0]
    model, labels = tmp_path / "model.yml", tmp_path / "labels.csv"
    model.write_text(export_model(context))
    labels.write_text("left_id,right_id,is_match\n" + "".join(f"crm:{n},erp:{n},true\n" for n in range(1, 120, 2)))

    def trained(**settings: Any) -> Any:
        compared = context.project.comparisons
        given = compared.model_copy(update={"training": compared.training.model_copy(update=settings)})
        project = Project.model_construct(blocking=context.project.blocking, comparisons=given)
        return run_match(replace(context, project=project))

    report = trained(model=str(model))
    assert "EM" not in (report.items[0].note or "")
    assert warehouse.read(PAIR).agg({"match_weight": "sum"}).collect()[0][0] == pytest.approx(weights)
    trained(labels=str(labels), labels_with_em=False)
    exact = warehouse.read(MODEL).where("comparison = 'birth_date' AND level = 'exact'").collect()[0]
    assert (exact["trained"], exact["m"] > 0.9) == ("em", True)
    with pytest.raises(MissingInputError, match=r"training\.labels"):
        trained(labels="nowhere.csv")
    with pytest.raises(ConfigurationError, match="both model and labels"):
        trained(labels=str(labels), model=str(model))
