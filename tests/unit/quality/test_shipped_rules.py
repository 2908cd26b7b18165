"""The rules that come with the product: whose they are, what they say, and that each can be evaluated."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.cleanse.emails import FREE_DOMAINS, ROLES
from onefold.cleanse.reference import disposable_domains, legal_forms
from onefold.contracts.gold import CUSTOMER
from onefold.contracts.silver import INTERACTION, PARTY
from onefold.quality.checks import Surroundings
from onefold.quality.counts import counted
from onefold.quality.figures import figures
from onefold.quality.once import judged
from onefold.quality.ready import Rules, ready
from onefold.quality.reference import REFERENCES, postcode_patterns, reference
from onefold.quality.settings import ClassificationSettings, QualitySettings, Rule, RuleFile
from onefold.quality.subject import Subject, of_customers, of_interactions, of_parties

ROOT = Path(__file__).resolve().parents[3]
BASE = ROOT / "conf" / "base"
NOW = datetime(2026, 11, 1, 12)
FILES = [
    RuleFile.model_validate(yaml.safe_load(path.read_text("utf-8")) | {"name": path.stem})
    for path in sorted((BASE / "rules").glob("*.yml"))
]
RULES: list[Rule] = [rule for file in FILES for rule in file.rules]
SETS = {name: reference(name) for name in REFERENCES} | {
    "disposable_domains": disposable_domains(),
    "free_domains": frozenset(FREE_DOMAINS),
    "role_names": frozenset(ROLES),
    "legal_forms": frozenset(form.form for form in legal_forms()),
}


def test_there_are_enough_of_every_dimension() -> None:
    dimensions = Counter(rule.dimension for rule in RULES)
    assert len(RULES) >= 160
    assert min(dimensions.values()) >= 15
    assert len(dimensions) == 4


def test_ids_differ_and_texts_are_of_use() -> None:
    assert [name for name, n in Counter(rule.id for rule in RULES).items() if n > 1] == []
    for field in ("description", "impact", "action"):
        short = [rule.id for rule in RULES if len(getattr(rule, field) or "") < 20]
        assert short == [], field
    assert [text for text, n in Counter(rule.description for rule in RULES).items() if n > 1] == []


def test_an_attribute_has_one_owner() -> None:
    owners = defaultdict(set)
    for rule in RULES:
        owners[rule.attribute].add(rule.owner)
    assert {attribute: found for attribute, found in owners.items() if len(found) > 1} == {}


def test_targets_and_costs_name_what_there_is() -> None:
    quality = yaml.safe_load((BASE / "quality.yml").read_text("utf-8"))
    targets, costs = quality.get("targets", {}), quality.get("costs", {})
    named = {*targets.get("attributes", {}), *costs.get("attributes", {})}
    assert named <= {rule.attribute for rule in RULES}
    assert set(costs.get("rules", {})) <= {rule.id for rule in RULES}


def test_few_rules_block() -> None:
    assert {rule.id for rule in RULES if rule.severity == "blocks"} == {
        "birth_date_possible",
        "record_is_no_test",
        "record_names_or_reaches_somebody",
    }


def test_a_missing_value_is_not_counted_as_a_good_one() -> None:
    always = {"source_key", "record_id", "entity_type", "record_count", "source_count"}
    unasked = [
        rule.id
        for rule in RULES
        if rule.kind.level == "row"
        and rule.kind.null == "passes"
        and not rule.where
        and (rule.value or rule.attribute) not in always
    ]
    assert unasked == []


def test_the_decision_tree_asks_known_rules_and_reaches_every_class() -> None:
    tree = ClassificationSettings.model_validate(yaml.safe_load((BASE / "classification.yml").read_text("utf-8")))
    asked = {name for node in tree.nodes for name in (*node.fails_any, *node.fails_all)}
    assert asked <= {rule.id for rule in RULES if rule.table == "party"}
    assert set(tree.classes) == {"fit_for_campaign", "fit_for_sales", "fit_for_billing", "fix", "enrich", "retire"}
    assert {target for node in tree.nodes for target in (node.then, node.otherwise)} >= set(tree.classes)


@pytest.mark.parametrize("table", ["party", "interaction", "customer"])
def test_every_rule_can_be_evaluated(spark: SparkSession, table: str) -> None:
    """On an empty table no rule finds anything; on a record in which all that may be null is null, none breaks."""
    empty, bare = (_rules(_subject(spark, table, bare=one)) for one in (False, True))
    assert len(empty.all) == sum(rule.table == table for rule in RULES) > 15
    judging = [r.fails.alias(r.rule.id) for r in empty.of("row") if r.fails is not None]
    assert empty.subject.frame.select(*judging).collect() == []
    # Thirteen rules of agreement take most of the time and differ in two expressions each, so these are only resolved.
    agreeing = [r for r in bare.all if r.rule.check == "cross_source_agreement"]
    asked = [F.expr(r.rule.params.by) for r in agreeing] + [r.value.column for r in agreeing if r.value is not None]
    assert bare.subject.frame.select("*", *asked).count() == 1
    bare = bare.without([r.rule.id for r in agreeing])
    others = {"party": spark.createDataFrame([], PARTY.schema), "interaction": spark.createDataFrame([], INTERACTION.schema)}
    found = counted(judged(bare, None, others, lambda frame, _: frame.cache()), 1)
    results = {row["rule_id"]: row for row in found.select("rule_id", "status", "checked", "failed").collect()}
    assert set(results) == {r.rule.id for r in bare.all if r.rule.kind.level != "aggregate"}
    assert all(row["failed"] <= row["checked"] <= 1 for row in results.values())
    whole = figures(bare, spark.createDataFrame([], "rule_id string, source string, value double, detail string"), [])
    assert whole is not None
    assert "error" not in {row["status"] for row in whole.select("status").collect()}


def _rules(subject: Subject) -> Rules:
    return ready(RULES, subject, Surroundings(subject.frame, NOW, QualitySettings().sentinels, SETS))


def _subject(spark: SparkSession, table: str, *, bare: bool) -> Subject:
    contract = {"party": PARTY, "interaction": INTERACTION, "customer": CUSTOMER}[table]
    values = {"bigint": 1, "timestamp": NOW, "string": "person", "array<string>": ["crm"]}
    row = [None if field.nullable else values[field.dataType.simpleString()] for field in contract.schema.fields]
    frame = spark.createDataFrame([tuple(row)] if bare else [], contract.schema)
    if table == "interaction":
        return of_interactions(frame)
    return of_parties(frame, "country") if table == "party" else of_customers(frame, "country")


def test_postcode_patterns_match_their_examples() -> None:
    with (ROOT / "lib/onefold/quality/reference/postcode_patterns.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 170
    assert [
        r["country"] for r in rows if r["example"] and not re.fullmatch(postcode_patterns()[r["country"]], r["example"])
    ] == []
    assert {r["country"] for r in rows} <= reference("countries") | {"AC", "TA"}


def test_the_rule_of_legal_forms_asks_the_forms_of_the_list() -> None:
    rule = next(r for r in RULES if r.id == "legal_form_fits_country")
    asked = set(re.findall(r"'([^']+)'", rule.where or ""))
    listed = {pair.rsplit(" ", 1)[0] for pair in reference("legal_form_countries")}
    assert asked == listed
    assert listed <= SETS["legal_forms"]


def test_page_of_the_rules_is_fresh() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "describe_quality_rules.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
