"""Names of people taken apart."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from onefold.cleanse.names import standardise_names

CASES: dict[str, tuple[str | None, ...]] = {
    # whole name: title, given, middle, family, suffix
    "John Smith": (None, "John", None, "Smith", None),
    "Smith, John Q.": (None, "John", "Q.", "Smith", None),
    "John Smith, Jr.": (None, "John", None, "Smith", "jr"),
    "Jane Ann Doe-Roe PhD": (None, "Jane", "Ann", "Doe-Roe", "phd"),
    "Ludwig van Beethoven": (None, "Ludwig", None, "van Beethoven", None),
    "Juan Carlos de la Vega": (None, "Juan", "Carlos", "de la Vega", None),
    "Mohammed bin Salman": (None, "Mohammed", None, "bin Salman", None),
    "Prof. Dr. Anna Schmidt": ("prof dr", "Anna", None, "Schmidt", None),
    "Herr Müller": ("herr", None, None, "Müller", None),
    "M. Dupont": ("m", None, None, "Dupont", None),
    "M Night Shyamalan": (None, "M", "Night", "Shyamalan", None),
    "J. R. R. Tolkien": (None, "J.", "R. R.", "Tolkien", None),
    "Robert (Bob) Jones": (None, "Robert", None, "Jones", None),
    "MARY O'NEILL": (None, "Mary", None, "O'Neill", None),
    "Cher": (None, "Cher", None, None, None),
    "John Doe": (None, "John", None, "Doe", None),
    "Test Smith": (None, None, None, "Smith", None),
    "山田 花子": (None, "花子", None, "山田", None),
    "123": (None, None, None, None, None),
}
PARTS = ("name_title", "given_name", "middle_name", "family_name", "name_suffix")


def test_whole_names(spark: SparkSession) -> None:
    rows = [(name, name, "auto", None, None, None, None, None) for name in CASES]
    rows.append(("first", "Nagy János Pál", "family_first", None, None, None, None, None))
    rows.append(("given", "ignored entirely", "auto", None, "Dr. Eva", None, "BRAUN Jr.", None))
    frame = spark.createDataFrame(
        rows, "case string, full_name string, name_order string, " + ", ".join(f"{p} string" for p in PARTS)
    )
    found = {row["case"]: row for row in standardise_names(frame).collect()}
    wanted = CASES | {"first": (None, "János", "Pál", "Nagy", None), "given": ("dr", "Eva", None, "Braun", "jr")}
    assert {case: tuple(row[p] for p in PARTS) for case, row in found.items()} == wanted
    assert found["Smith, John Q."]["full_name"] == "John Q. Smith"
    assert found["given"]["full_name"] == "Eva Braun"
    assert found["123"]["full_name"] is None
    doubts = {case: row["_name_reasons"] for case, row in found.items() if row["_name_reasons"]}
    assert doubts == {"John Doe": ["name:placeholder"], "Test Smith": ["name:placeholder"]}


def test_companies(spark: SparkSession) -> None:
    from onefold.cleanse.companies import standardise_companies

    cases = {
        "Müller & Söhne GmbH & Co. KG": ("muller and sohne", "gmbh & co kg"),
        "Acme Inc.": ("acme", "inc"),
        "ACME, L.L.C.": ("acme", "llc"),
        "The Acme Company Ltd": ("acme", "ltd"),
        "Bar S.A. de C.V.": ("bar", "sa de cv"),
        "Foo Sp. z o.o.": ("foo", "sp zoo"),
        "Foo Pty. Ltd.": ("foo", "pty ltd"),
        "ООО Ромашка": ("ромашка", "ooo"),
        "株式会社トヨタ": ("トヨタ", "kk"),
        "㈱トヨタ": ("トヨタ", "kk"),
        "华为技术有限公司": ("华为技术", "co ltd"),
        "Intl. Mfg Bros": ("international manufacturing brothers", None),
        "S.A.": ("sa", None),
        "Maersk A/S": ("maersk", "as"),
        "AT&T Corp": ("at and t", "corp"),
        "Acme Foods GmbH Hamburg": ("acme foods hamburg", "gmbh"),
        "Acme Limited - Accounts Payable": ("acme accounts payable", "ltd"),
        "Spa Resort Hotel": ("spa resort hotel", None),
        "Capital Fund V L.P.": ("capital fund v", "lp"),
        "Open Joint Stock Company Severny": ("severny", "oao"),
        "U.S. Steel Corp.": ("usa steel", "corp"),
        "United States Steel Corporation": ("usa steel", "corp"),
        None: (None, None),
    }
    frame = spark.createDataFrame([(name,) for name in cases], "company_name string")
    found = {row["company_name"]: (row["_company"], row["legal_form"]) for row in standardise_companies(frame).collect()}
    assert found == cases


@pytest.mark.parametrize("missing", [None])
def test_nothing_is_made_of_nothing(spark: SparkSession, missing: None) -> None:
    frame = spark.createDataFrame(
        [(missing, "auto", *[missing] * 5)], "full_name string, name_order string, " + ", ".join(f"{p} string" for p in PARTS)
    )
    row = standardise_names(frame).collect()[0]
    assert [row[p] for p in (*PARTS, "full_name")] == [None] * 6
