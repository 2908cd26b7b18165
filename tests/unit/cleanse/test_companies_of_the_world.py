"""Legal forms of the world, and the lists that they come from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from onefold.cleanse.companies import standardise_companies
from onefold.cleanse.reference import legal_form_countries, legal_forms, versions

# name, country of the record: core, legal form
WORLD: dict[tuple[str, str | None], tuple[str, str | None]] = {
    ("Distribuidora Andina C.A.", "VE"): ("distribuidora andina", "ca"),
    ("Acme Tools Fresno CA", "US"): ("acme tools fresno ca", None),
    ("SC Dacia Plant SRL", "RO"): ("dacia plant", "srl"),
    ("SC Johnson", "US"): ("sc johnson", None),
    ("AS Latvenergo", "LV"): ("latvenergo", "as"),
    ("AS Roma", "IT"): ("as roma", None),
    ("Schmied e.U.", "AT"): ("schmied", "eu"),
    ("Müller OG", "AT"): ("muller", "og"),
    ("Sorli d.o.o.", "SI"): ("sorli", "doo"),
    ("Marel hf.", "IS"): ("marel", "hf"),
    ("Bakkafrost P/F", "FO"): ("bakkafrost", "pf"),
    ("ТОВ «Ромашка»", "UA"): ("ромашка", "tov"),
    ("Σίγμα Α.Ε.", "GR"): ("σίγμα", "ae"),
    ("כהן בע״מ", "IL"): ("כהן", "ltd"),
    ("شركة النور المحدودة", "SA"): ("النور", "llc"),
    ("บริษัท เอบีซี จำกัด", "TH"): ("เอบีซี", "co ltd"),
    ("Công ty TNHH Hoa Sen", "VN"): ("hoa sen", "tnhh"),
    ("PT Maju Jaya Tbk", "ID"): ("maju jaya", "pt tbk"),
    ("合同会社サクラ", "JP"): ("サクラ", "gk"),
    ("주식회사 한빛", "KR"): ("한빛", "kr"),
    ("Kaspi ТОО", "KZ"): ("kaspi", "too"),
    ("Al Noor Trading W.L.L.", "BH"): ("al noor trading", "wll"),
    ("Safari Tours (Pty) Ltd", "ZA"): ("safari tours", "pty ltd"),
    ("Kilimo Ltd", "KE"): ("kilimo", "ltd"),
    ("Comercial Sur S.A.C.", "PE"): ("comercial sur", "sac"),
    ("Grupo Norte S. de R.L. de C.V.", "MX"): ("grupo norte", "srl de cv"),
    ("Yıldız Tekstil San. ve Tic. A.Ş.", "TR"): ("yildiz tekstil", "as"),
    ("San Diego Zoo", "US"): ("san diego zoo", None),
}


def test_companies_of_the_world(spark: SparkSession) -> None:
    frame = spark.createDataFrame(list(WORLD), "company_name string, _country string").coalesce(1)
    rows = standardise_companies(frame).collect()
    found = {(row["company_name"], row["_country"]): (row["_company"], row["legal_form"]) for row in rows}
    assert found == WORLD


def test_the_table_covers_the_world() -> None:
    countries = legal_form_countries()
    assert len(countries) >= 120
    assert countries["DE"] >= {"gmbh", "ag", "kg", "ug", "gmbh & co kg"}
    assert {form.place for form in legal_forms()} == {"before", "after", "either"}


def test_every_list_states_where_it_comes_from() -> None:
    script = Path(__file__).resolve().parents[3] / "scripts" / "refresh_reference"
    checked = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert all(versions().values())
