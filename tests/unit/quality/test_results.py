"""Results of rules of every level over a few parties: counts, statuses, examples, records, classes; and rules that break."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import Row, SparkSession
from tests.unit.quality.parties import NOW, cutter, made_ready, parties, rule

from onefold.errors import ConfigurationError
from onefold.quality import broken, counts, figures
from onefold.quality.gate import Measure, judge, measures
from onefold.quality.once import failures, judged
from onefold.quality.settings import Assertion, ClassificationSettings, Rule
from onefold.quality.subject import of_parties

PEOPLE: list[dict[str, Any]] = [
    {"country": "DE", "email": "a@x.de", "city": "Berlin", "vat": "V1", "source_updated_at": "2026-05-30T00:00:00Z"},
    {"country": "DE", "email": "a@x.de", "city": "Berlin", "vat": "V1", "source": "erp"},
    {"country": "DE", "email": "b@x.de", "city": "Bonn", "vat": "V1", "source": "erp", "phone": "0"},
    {"country": "FR", "email": None, "city": "Berlin", "vat": "V2", "phone": "2"},
    {"country": " ", "email": "b@x.de", "city": "Berlin", "vat": "V2", "source": "erp"},
    {"country": "FR", "email": "a@x.de", "entity_type": "company", "vat": "V3"},
    {"country": "FR", "email": "z\ufffd@x.de", "entity_type": "company", "t": "x" * 10_000_000, "birth_date": "9999-12-31"},
]
TREE = ClassificationSettings.model_validate(
    {
        "classes": {"fix": "Wrong", "sales": "Right", "enrich": "Too little"},
        "nodes": [
            {"name": "wrong", "fails_any": ["b_email_clean"], "then": "fix"},
            {"name": "many", "when": "size(failed) > 2", "then": "fix"},
            {"name": "has_email", "when": "email is not null", "then": "sales", "otherwise": "enrich"},
        ],
    }
)


def rules() -> list[Rule]:
    one = {"dimension": "completeness"}
    return [
        rule("not_null", id="a_email", attribute="email", warn_below=0.9, fail_below=0.5, severity="blocks", **one),
        rule("charset", id="b_email_clean", attribute="email", entity_type="company", weight=3.0, owner="other-team"),
        rule("not_null", id="c_never_asked", attribute="email", where="country = 'IT'"),
        rule("not_null", id="d_all_null", attribute="street", sources=["erp"], regions=["DE"]),
        rule("unique", id="e_unique_source", attribute="email"),
        rule("unique", id="f_unique_table", attribute="email", params={"within": "table"}),
        rule("unique_together", id="g_together", params={"columns": ["email", "city"], "within": "table"}),
        rule("exists_in", id="h_exists", attribute="phone", params={"column": "phone", "table": "interaction"}, value="phone"),
        rule("cross_source_agreement", id="i_agree", attribute="city", params={"by": "vat"}),
        rule("aggregate", id="j_average", params={"sql": "avg(length(city))", "min": 5.5}, entity_type="person"),
        rule("ratio", id="k_share", params={"of": "email is not null", "min": 0.7}),
        rule("volume", id="l_volume", params={"min": 1, "change": 0.5}),
        rule("freshness", id="m_fresh", params={"days": 1}),
        rule("distribution_drift", id="n_drift", attribute="city", params={"least": 2}),
    ]


@pytest.fixture(scope="module")
def told(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[tuple[str, str, str], Row], dict[str, Row]]:
    folder: Path = tmp_path_factory.mktemp("results")
    frame = parties(spark, folder, PEOPLE)
    ready = made_ready(frame, rules())
    others = {"interaction": spark.createDataFrame([("2",)], "phone string")}
    found = judged(ready, TREE, others, cutter(folder))
    before = spark.createDataFrame(
        [
            ("l_volume", "erp", 7.0, None),
            ("n_drift", "crm", None, '{"n":4,"shares":[' + ",".join(["0.5"] * 2 + ["0"] * 63) + "]}"),
        ],
        "rule_id string, source string, value double, detail string",
    )
    whole = figures.figures(ready, before, ["crm", "erp", "silent"])
    assert whole is not None
    rows = counts.counted(found, 1).unionByName(whole, allowMissingColumns=True)
    rows = counts.finished(rows, "run", NOW, {"erp": "north"}).collect()
    waived = spark.createDataFrame([("crm:3", False, ["a_email"])], "record_id string, every boolean, rules array<string>")
    records = failures(found, "run", waived).collect()
    return {(r["rule_id"], r["source"], r["region"]): r for r in rows}, {r["record_id"]: r for r in records}


def test_rows_are_counted_by_source_and_region(told: Any) -> None:
    results, _ = told
    fr = results["a_email", "crm", "FR"]
    assert (fr["checked"], fr["passed"], fr["failed"], fr["status"], fr["examples"]) == (3, 2, 1, "warn", ["crm:3"])
    assert results["a_email", "erp", "(none)"]["checked"] == 1
    assert results["a_email", "erp", "DE"]["division"] == "north"
    assert results["c_never_asked", "(all)", "(all)"]["status"] == "not_applicable"
    assert {key for key in results if key[0] == "d_all_null"} == {("d_all_null", "erp", "DE")}
    assert results["d_all_null", "erp", "DE"]["status"] == "fail"
    assert results["b_email_clean", "crm", "FR"]["checked"] == 2


def test_rules_among_records_find_each_row_that_is_not_alone(told: Any) -> None:
    _, records = told

    def failing(rule_id: str) -> set[str]:
        return {name for name, r in records.items() if rule_id in (r["failed"] or ())}

    assert failing("e_unique_source") == {"crm:0", "crm:5", "crm:2", "crm:4"}
    assert failing("f_unique_table") == {"crm:0", "crm:1", "crm:5", "crm:2", "crm:4"}
    assert failing("g_together") == {"crm:0", "crm:1"}
    assert failing("h_exists") == {"crm:2"}
    assert failing("i_agree") == {"crm:2"}


def test_records_have_reasons_class_and_path(told: Any) -> None:
    _, records = told
    assert records["crm:6"]["failed"] == ["b_email_clean"]
    assert (records["crm:6"]["class"], records["crm:6"]["path"]) == ("fix", ["wrong: yes"])
    assert (records["crm:3"]["class"], records["crm:3"]["path"]) == ("enrich", ["wrong: no", "many: no", "has_email: no"])
    assert records["crm:2"]["class"] == "fix"
    assert (records["crm:3"]["failed"], records["crm:3"]["blocked_by"]) == (["a_email"], None)  # waived
    assert {r["party_id"] is not None for r in records.values()} == {True}


def test_figures_of_whole_sources(told: Any) -> None:
    results, _ = told
    found = {key[:2]: (r["status"], r["value"]) for key, r in results.items() if r["rule_id"] >= "j"}
    assert found["j_average", "crm"] == ("pass", 6.0)
    assert found["j_average", "erp"] == ("fail", pytest.approx(16 / 3))
    assert found["k_share", "crm"] == ("pass", 0.75)
    assert found["l_volume", "erp"] == ("fail", 3.0)  # 7 before
    assert found["l_volume", "silent"] == ("fail", 0.0)
    assert found["m_fresh", "crm"] == ("pass", 0.5)
    assert found["m_fresh", "silent"] == ("not_applicable", None)
    assert found["n_drift", "crm"][1] is not None
    assert found["n_drift", "erp"] == ("not_applicable", None)
    assert results["n_drift", "erp", "(all)"]["detail"].startswith('{"n":3,"shares":[')


def test_rules_that_do_not_fit_are_refused_together_with_their_place(spark: SparkSession, tmp_path: Path) -> None:
    frame = parties(spark, tmp_path, PEOPLE[:1])
    wrong = [
        rule("sql", 1, params={"sql": "emial = 'x'"}, place="a.yml:3"),
        rule("sql", 2, params={"sql": "email = = 'x'"}, place="a.yml:9"),
        rule("sql", 3, params={"sql": "count(*) > 1"}, place="a.yml:12"),
        rule("not_null", 4, attribute="emial", place="b.yml:4"),
        rule("not_null", 5, where="nothing > 1", place="b.yml:9"),
        rule("not_null", 6, attribute="email"),
    ]
    with pytest.raises(ConfigurationError) as caught:
        made_ready(frame, wrong)
    if len(caught.value.problems) < 5:  # what does not parse is said first
        parsed = [r for r in wrong if r.place not in {p.partition(": ")[0] for p in caught.value.problems}]
        with pytest.raises(ConfigurationError) as again:
            made_ready(frame, parsed)
        problems = caught.value.problems + again.value.problems
    else:
        problems = caught.value.problems
    assert sorted(p.partition(": ")[0] for p in problems) == ["a.yml:12", "a.yml:3", "a.yml:9", "b.yml:4", "b.yml:9"]


def test_a_rule_that_divides_by_zero_breaks_alone(spark: SparkSession, tmp_path: Path) -> None:
    was = spark.conf.get("spark.sql.ansi.enabled")
    spark.conf.set("spark.sql.ansi.enabled", "true")
    try:
        frame = parties(spark, tmp_path, [{"email": "a@x.de"}, {"email": None}])
        good = [rule("not_null", n, attribute="email") for n in range(1, 8)]
        bad = rule("sql", 5000, params={"sql": "1 / length(coalesce(email, '')) < 1"})
        whole = rule("aggregate", 6000, params={"sql": "1 / count_if(email = 'x')"})
        ready = made_ready(frame, [*good, bad, whole])
        found = broken.find_broken(ready)
        assert set(found) == {bad.id, whole.id}
        assert set(found.values()) == {"DIVIDE_BY_ZERO"}
        rest = ready.without(tuple(found))
        rows = failures(judged(rest, None, {}, cutter(tmp_path)), "run", None).collect()
        assert {len(r["failed"] or ()) for r in rows} == {0, 7}
        (row,) = broken.of_broken(frame, [(bad, found[bad.id])]).select("status", "detail", "checked").collect()
        assert tuple(row) == ("error", "DIVIDE_BY_ZERO", 0)
    finally:
        spark.conf.set("spark.sql.ansi.enabled", was or "false")


def test_no_party_and_no_rule_are_no_trouble(spark: SparkSession, tmp_path: Path) -> None:
    frame = parties(spark, tmp_path, PEOPLE[:1])
    found = judged(made_ready(frame, []), None, {}, cutter(tmp_path))
    (row,) = failures(found, "run", None).collect()
    assert (row["failed"], row["blocked_by"], row["class"]) == (None, None, None)
    nobody = replace(of_parties(frame, "country"), frame=frame.limit(0))
    assert nobody.frame.count() == 0
    assert counts.counted(found, 5).count() == 0


def test_assertions_hold_stop_or_warn(spark: SparkSession) -> None:
    rows = [("a", "email", "one", 1.0, 10, 9, 1), ("b", "email", "two", 3.0, 10, 5, 5), ("c", "phone", "one", 1.0, 0, 0, 0)]
    names = "rule_id string, attribute string, owner string, weight double, checked int, passed int, failed int"
    asserted = [
        Assertion(min=0.5),
        Assertion(level="attribute", subject="email", min=0.7),
        Assertion(level="rule", subject="a", metric="failed", max=0),
        Assertion(level="attribute", subject="phone", min=0.1, owner="me"),
    ]
    measured = measures(spark.createDataFrame(rows, names), asserted)
    assert measured["overall", "(all)"] == Measure(24 / 40, 20, 6, "two")
    found = judge(asserted, measured)
    assert [(f.stops, f.owner) for f in found] == [(True, "two"), (False, "one"), (False, "me")]
    assert found[0].text() == "score of attribute email is 0.6, below the 0.7 asserted; two answers for it"
    assert judge([Assertion(min=0.6)], measured) == ()
    assert NOW + timedelta(0) == NOW
