"""Every check of single records, on many small cases in one query: each case is a row, and a rule for that row alone."""

from __future__ import annotations

import csv
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from tests.unit.quality.parties import cutter, made_ready, parties, rule

from onefold.quality.catalogue import CHECKS
from onefold.quality.checks.postcodes import POSTCODE_COUNTRIES
from onefold.quality.once import failures, judged

E_MAIL = [{"value": "a@trash1.example", "domain": "trash1.example", "class": "disposable", "raw": "a@trash1.example"}]
PHONES = [{"value": "+4930123456", "region": "DE", "kind": "fixed", "raw": "030 123456"}, {"value": None, "raw": "123"}]
IDENTIFIERS = [{"scheme": "vat", "value": "DE1", "valid": False, "raw": "DE1"}, {"scheme": "tax", "value": "1", "valid": None}]
LONG = "x" * 10_000_000

# check, parameters, whether it passes, and the row's columns (t where only a text is given)
CASES: list[tuple[str, dict[str, Any], bool, Any]] = [
    ("not_null", {}, True, "a"),
    ("not_null", {}, False, None),
    ("not_blank", {}, False, " \t"),
    ("not_blank", {}, False, None),
    ("not_blank", {"value": "emails"}, False, {}),
    ("not_blank", {"value": "emails"}, True, {"emails": E_MAIL}),
    ("not_sentinel", {}, False, " N/A "),
    ("not_sentinel", {"params": {"values": ["Keine"]}}, False, "keine"),
    ("not_sentinel", {}, True, None),
    ("any_of", {"params": {"columns": ["email", "phone"]}}, False, {"email": " "}),
    ("any_of", {"params": {"columns": ["email", "phones"]}}, True, {"phones": PHONES}),
    ("exactly_one_of", {"params": {"columns": ["email", "phone"]}}, False, {"email": "a", "phone": "b"}),
    ("exactly_one_of", {"params": {"columns": ["email", "phone"]}}, True, {"phone": "b"}),
    ("all_or_none", {"params": {"columns": ["street", "city"]}}, False, {"street": "a"}),
    ("all_or_none", {"params": {"columns": ["street", "city"]}}, True, {}),
    ("required_if", {"params": {"when": "country = 'DE'"}}, False, {"country": "DE"}),
    ("required_if", {"params": {"when": "country = 'DE'"}}, True, {}),
    ("raw_kept", {"attribute": "birth_date"}, False, {"raw": {"birth_date": "31.02.1990"}}),
    ("raw_kept", {"attribute": "birth_date"}, True, {"raw": {"birth_date": " "}}),
    ("raw_kept", {"attribute": "birth_date"}, True, {"raw": {"birth_date": " \t"}}),
    ("pattern", {"params": {"pattern": "a+|b"}}, True, "aaa"),
    ("pattern", {"params": {"pattern": "a+|b"}}, False, "ab"),
    ("pattern", {"params": {"pattern": "a+"}}, False, "a\n"),
    ("pattern", {"params": {"pattern": "a+", "part": True}}, True, "bab"),
    ("pattern", {"params": {"pattern": "a+", "negate": True}}, False, "a"),
    ("pattern", {"params": {"pattern": "(?:x|y)*"}}, True, LONG),
    ("length", {"params": {"min": 2, "max": 3}}, False, "a"),
    ("length", {"params": {"min": 2, "max": 3}}, True, "äöü"),
    ("length", {"params": {"max": 100}}, False, LONG),
    ("length", {"params": {"min": 1}}, True, None),
    ("length", {"params": {"min": 1}, "value": "emails"}, False, {}),
    ("charset", {}, False, "a\u0000b"),
    ("charset", {}, False, "a\ufffdb"),
    ("charset", {}, True, "Łódź 北京\t!"),
    ("charset", {"params": {"allow": "latin"}}, False, "Иван"),
    ("charset", {"params": {"allow": "latin"}}, True, "Łódź-5"),
    ("charset", {"params": {"allow": "ascii"}}, False, "é"),
    ("charset", {"params": {"allow": "digits"}}, False, "12a"),
    ("mojibake", {}, False, "MÃ¼ller"),
    ("mojibake", {}, False, "donâ€™t"),
    ("mojibake", {}, True, "SÃO PAULO, Müller, Ångström"),
    ("repeated_characters", {}, False, "Aaaa"),
    ("repeated_characters", {}, True, "Aaa"),
    ("repeated_characters", {"params": {"times": 3}}, False, "1000"),
    ("keyboard_mash", {}, False, "asdf"),
    ("keyboard_mash", {}, False, "Mr Qwertz"),
    ("keyboard_mash", {}, False, "12345"),
    ("keyboard_mash", {}, True, "Property 12345 Asdrubal"),
    ("placeholder_name", {}, False, "Mustermann,  Max"),
    ("placeholder_name", {"params": {"values": ["Kunde"]}}, False, "KUNDE"),
    ("placeholder_name", {}, True, "Testarossa"),
    ("range", {"params": {"min": 1, "max": 2}}, True, "2"),
    ("range", {"params": {"min": 1, "max": 2}}, False, "2.1"),
    ("range", {"params": {"min": 1}}, False, "many"),
    ("range", {"params": {"max": "2026-01-01"}, "value": "birth_date"}, False, {"birth_date": "9999-12-31"}),
    ("range", {"params": {"min": "1900-01-01"}, "value": "birth_date"}, True, {}),
    ("in_set", {"params": {"values": ["a", "b"]}}, False, "A"),
    ("in_set", {"params": {"values": ["a", "b"], "ignore_case": True}}, True, "A"),
    ("in_set", {"params": {"values": ["a"], "negate": True}}, False, "a"),
    ("in_set", {"params": {"values": ["a"]}}, True, None),
    ("in_reference", {"params": {"reference": "countries"}}, True, "DE"),
    ("in_reference", {"params": {"reference": "countries"}}, False, "XX"),
    ("in_reference", {"params": {"reference": "countries"}}, True, None),
    ("in_reference", {"params": {"reference": "disposable_domains", "negate": True}}, False, "trash7.example"),
    ("differs_from", {"params": {"other": "city"}}, False, {"t": "Anna", "city": "ANNA"}),
    ("differs_from", {"params": {"other": "city"}}, True, {"t": "Anna"}),
    ("date_valid", {}, False, "2026-02-30"),
    ("date_valid", {}, True, "2024-02-29"),
    ("date_valid", {"params": {"format": "dd.MM.yyyy"}}, True, "29.02.2024"),
    ("date_valid", {"value": "birth_date"}, False, {"birth_date": "9999-12-31"}),
    ("not_future", {"value": "birth_date"}, False, {"birth_date": "9999-12-31"}),
    ("not_future", {"value": "birth_date"}, True, {"birth_date": "2026-06-01"}),
    ("not_future", {"params": {"days": 1}, "value": "birth_date"}, True, {"birth_date": "2026-06-02"}),
    ("date_order", {"params": {"not_after": "source_created_at"}, "value": "birth_date"}, False,
     {"birth_date": "2020-01-02", "source_created_at": "2020-01-01T00:00:00Z"}),
    ("date_order", {"params": {"not_before": "source_created_at"}, "value": "birth_date"}, True, {"birth_date": "2020-01-02"}),
    ("max_age", {"params": {"days": 30}, "value": "source_updated_at"}, False, {"source_updated_at": "2026-05-01T00:00:00Z"}),
    ("max_age", {"params": {"days": 31}, "value": "source_updated_at"}, True, {"source_updated_at": "2026-05-01T00:00:00Z"}),
    ("max_age", {"params": {"days": 1, "relative_to": "as_of"}, "value": "source_updated_at"}, True,
     {"source_updated_at": "9999-12-31T00:00:00Z"}),
    ("email_syntax", {}, True, "jörg.o'neil+x@bücher.co.uk"),
    ("email_syntax", {}, False, "a..b@example.com"),
    ("email_syntax", {}, False, "a@b"),
    ("email_syntax", {}, False, "a@b.c"),
    ("email_syntax", {}, False, "a@example.com\n"),
    ("email_class", {"value": "email"}, False, {"email": "a@trash1.example", "emails": E_MAIL}),
    ("email_class", {"value": "email", "params": {"refuse": ["role"]}}, True, {"email": "a@trash1.example", "emails": E_MAIL}),
    ("phone_valid", {}, True, "+4930123456"),
    ("phone_valid", {}, False, "030 123456"),
    ("phone_valid", {"params": {"kinds": ["mobile"]}}, False, {"t": "+4930123456", "phones": PHONES}),
    ("phone_valid", {"params": {"every": True}}, False, {"t": "+4930123456", "phones": PHONES}),
    ("postcode_for_country", {}, True, {"t": "SW1A 1AA", "country": "GB"}),
    ("postcode_for_country", {}, False, {"t": "SW1A 1AA", "country": "DE"}),
    ("postcode_for_country", {}, True, {"t": "anything", "country": "XX"}),
    ("postcode_for_country", {}, True, {"t": "PL-00950"[3:], "country": "PL"}),
    ("check_digit", {"params": {"scheme": "vat"}}, False, {"identifiers": IDENTIFIERS}),
    ("check_digit", {"params": {"scheme": "tax"}}, True, {"identifiers": IDENTIFIERS}),
    ("no_doubt", {"attribute": "phone"}, False, {"reasons": ["email:syntax", "phone:digits"]}),
    ("no_doubt", {"attribute": "phone", "params": {"reasons": ["syntax"]}}, True, {"reasons": ["email:syntax", "phone:digits"]}),
    ("no_doubt", {"attribute": "email", "params": {"reasons": ["syntax"]}}, False, {"reasons": ["email:syntax"]}),
    ("cross_field", {"params": {"sql": "country = left(t, 2)"}}, False, {"t": "FR1", "country": "DE"}),
    ("cross_field", {"params": {"sql": "country = left(t, 2)"}}, True, {"t": "FR1"}),
    ("sql", {"params": {"sql": "size(reasons) = 0"}}, True, {}),
    ("sql", {"params": {"sql": "city = 'a'", "null_fails": True}}, False, {}),
]  # fmt: skip


@pytest.fixture(scope="module")
def found(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The rules that each case's row fails."""
    folder: Path = tmp_path_factory.mktemp("checks")
    rows = [row if isinstance(row, dict) else {"t": row} for *_, row in CASES]
    frame = parties(spark, folder, rows)
    rules = [rule(check, number, where=f"record_id = 'crm:{number}'", **more) for number, (check, more, _, _) in enumerate(CASES)]
    was = spark.conf.get("spark.sql.ansi.enabled")
    spark.conf.set("spark.sql.ansi.enabled", "true")
    try:
        done = judged(made_ready(frame, rules), None, {}, cutter(folder))
        told = failures(done, "run", None).select("record_id", "failed").collect()
    finally:
        spark.conf.set("spark.sql.ansi.enabled", was or "false")
    return {row["record_id"]: list(row["failed"] or ()) for row in told}


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{CASES[n][0]}-{n}")
def test_case(found: dict[str, list[str]], number: int) -> None:
    check, more, passing, _ = CASES[number]
    assert found[f"crm:{number}"] == ([] if passing else [f"r{number:03d}"]), (check, more)


def test_every_check_of_single_records_has_a_case_that_passes_and_one_that_fails() -> None:
    wanted = {(name, passing) for name, check in CHECKS.items() if check.level == "row" for passing in (True, False)}
    assert wanted - {(check, passing) for check, _, passing, _ in CASES} == set()


def test_a_country_has_one_form_of_postcode() -> None:
    text = resources.files("onefold.quality.reference").joinpath("postcode_patterns.csv").read_text(encoding="utf-8")
    countries = [row["country"] for row in csv.DictReader(text.splitlines())]
    assert len(countries) == len(set(countries)) > 90
    assert set(countries) == POSTCODE_COUNTRIES


def test_the_page_of_checks_is_up_to_date() -> None:
    script = Path(__file__).resolve().parents[3] / "scripts" / "describe_quality_checks.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
