"""Quality rules, the decision tree and assertions: what is wrong is refused with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.config import load_project
from onefold.errors import ConfigurationError

BASE = Path(__file__).resolve().parents[3] / "conf" / "base"
SOURCE = "owner: {team: Sales}\npath: x.csv\nformat: csv\nkey: [id]\nentity_type: person\nparty: {full_name: n}\n"
RULES = """\
owner: crm-team
attribute: email
rules:
  - id: email_there_at_all
    dimension: completeness
    check: not_null
    description: There is an e-mail address.
  - id: email_short
    dimension: correctness
    check: length
    params: {max: 100}
    owner: mail-team
    description: The e-mail address is not too long.
"""
BAD = """\
owner: crm-team
rules:
  - id: one
    attribute: email
    dimension: completness
    check: not_nul
    description: There is an e-mail address.
  - id: two
    attribute: email
    dimension: correctness
    check: length
    params: {maximum: 100}
    descripton: The e-mail address is not too long.
  - id: three
    attribute: email
    dimension: correctness
    check: pattern
    params: {pattern: "a("}
    severity: blocks
    warn_below: 0.5
    fail_below: 0.9
    description: It has a form.
  - id: email_there_at_all
    attribute: email
    dimension: correctness
    check: not_null
    sources: [crn]
    description: There is an e-mail address.
"""


@pytest.fixture()
def conf(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "sources" / "crm.yml").write_text(SOURCE)
    (tmp_path / "rules" / "mine.yml").write_text(RULES)
    (tmp_path / "onefold.yml").write_text(f"name: t\nextends: {BASE}\n")
    return tmp_path


def problems(conf: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_project(conf)
    return "\n".join(caught.value.problems)


def test_what_a_file_says_once_holds_for_its_rules(conf: Path) -> None:
    rules = {r.id: r for r in load_project(conf).quality_rules}
    assert (rules["email_there_at_all"].attribute, rules["email_there_at_all"].owner) == ("email", "crm-team")
    assert rules["email_short"].owner == "mail-team"
    assert rules["email_short"].params.max == 100
    assert rules["email_short"].place.endswith("mine.yml:8")


def test_the_fingerprint_is_of_what_is_checked(conf: Path) -> None:
    (rule,) = (r for r in load_project(conf).quality_rules if r.id == "email_short")
    assert rule.model_copy(update={"warn_below": 0.5, "description": "Other words."}).fingerprint == rule.fingerprint
    assert rule.model_copy(update={"where": "true"}).fingerprint != rule.fingerprint
    assert len(rule.fingerprint) == 16


def test_a_wrong_file_is_refused_with_every_line(conf: Path) -> None:
    (conf / "rules" / "bad.yml").write_text(BAD)
    told = problems(conf)
    assert "bad.yml:5: rules[0].dimension: Input should be 'completeness'" in told
    assert "bad.yml:6: rules[0].check: no such check; did you mean 'not_null'?" in told
    assert "bad.yml:12: rules[1].params: maximum: unknown; the check length has: min, max" in told
    assert "bad.yml:13: rules[1].descripton: unknown key; did you mean 'description'?" in told
    assert "bad.yml:18: rules[2].params: pattern: not a regular expression" in told


def test_names_that_lead_nowhere_are_refused(conf: Path) -> None:
    (conf / "rules" / "more.yml").write_text(
        "rules:\n" + BAD[BAD.index("  - id: email_there_at_all") :].replace("crn]", "crn]\n    owner: me")
    )
    (conf / "quality.yml").write_text(
        "assertions:\n  - {level: attribute, subject: emial, min: 0.9}\n  - {level: overall, subject: x, min: 1}\n  - {}\n"
    )
    (conf / "classification.yml").write_text(
        "classes: {fix: Wrong}\nnodes:\n  - {name: a, fails_any: [emial_there], then: fix, otherwise: b}\n"
        "  - {name: b, then: a, when: 'true'}\n"
    )
    told = problems(conf)
    assert "mine.yml" in told and "the rule 'email_there_at_all' is there already" in told
    assert "no source called 'crn'; did you mean 'crm'?" in told
    assert "quality.yml:3: assertions[1]: level overall needs no subject" in told
    assert "quality.yml:4: assertions[2]: give min, max or both" in told
    assert "classification.yml:1: (top): nodes[1] b: 'a' is neither a class nor a later node" in told
    (conf / "quality.yml").write_text("assertions:\n  - {level: attribute, subject: emial, min: 0.9}\n")
    (conf / "classification.yml").write_text(
        "classes: {fix: Wrong}\nnodes:\n  - {name: a, fails_any: [email_shart], then: fix, otherwise: fix}\n"
    )
    told = problems(conf)
    assert "quality.yml:2: assertions[0].subject: no attribute called 'emial'; did you mean 'email'?" in told
    assert "classification.yml:3: nodes[0]: no rule of parties called 'email_shart'; did you mean 'email_short'?" in told


def test_blocking_is_for_rules_that_judge_records(conf: Path) -> None:
    (conf / "rules" / "bad.yml").write_text(
        "owner: me\nrules:\n  - {id: v, attribute: email, dimension: correctness, check: volume, severity: blocks, "
        "description: There are enough.}\n"
    )
    assert "severity blocks is for rules that judge records" in problems(conf)
