from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from onefold.match.em import Patterns
from onefold.match.settings import BlockingRule, Comparison, TrainingSettings
from onefold.match.train import Evidence, Frequency, discounted, fixed_by, train

NAME = Comparison.model_validate({"name": "name", "column": "family_name_key", "term_frequency": True, "levels": ["exact"]})
BORN = Comparison.model_validate({"name": "born", "column": "birth_date", "levels": ["exact", "date_typo"]})
MAIL = Comparison.model_validate({"name": "mail", "column": "email", "levels": ["exact"]})
STREET = Comparison.model_validate({"name": "street", "column": "street_key", "group": "address", "levels": ["exact"]})
TOWN = Comparison.model_validate({"name": "town", "column": "city_key", "group": "address", "levels": ["exact"]})
ALL = (NAME, BORN, MAIL, STREET, TOWN)


def rule(name: str, *keys: str) -> BlockingRule:
    return BlockingRule(name=name, keys=keys)


def patterns(rows: list[tuple[list[int], float]], rules: int = 0) -> Patterns:
    levels = np.array([levels for levels, _ in rows], dtype=np.int64).reshape(len(rows), -1)
    return Patterns(levels, np.array([n for _, n in rows]), np.full(len(rows), rules, dtype=np.int64))


def evidence(blocked: Patterns, random: Patterns) -> Evidence:
    return Evidence(blocked, 1.0, random, 10_000_000.0, {(0, 0): Frequency(4_000, 8.0)})


def test_a_rule_fixes_its_comparisons_and_their_group() -> None:
    assert fixed_by(rule("a", "full_name_key|tokens", "birth_date|year"), ALL) == {0, 1}
    assert fixed_by(rule("b", "emails.value"), ALL) == {2}
    assert fixed_by(rule("c", "street_key"), ALL) == {3, 4}


def test_training_tells_matches_from_others_and_is_repeatable() -> None:
    blocked = patterns([([0, 0, -1], 900.0), ([0, 1, -1], 60.0), ([1, 2, -1], 5_000.0), ([0, 2, -1], 40.0)], rules=1)
    random = patterns([([1, 2, 1], 99_000.0), ([0, 2, 1], 200.0), ([1, 0, 1], 30.0), ([1, 1, 1], 300.0)])
    rules = (rule("mail", "emails.value"),)
    first = train("person", (NAME, BORN, MAIL), rules, evidence(blocked, random), TrainingSettings())
    assert first == train("person", (NAME, BORN, MAIL), rules, evidence(blocked, random), TrainingSettings())
    name, born, mail = first.comparisons
    assert first.converged
    assert name.levels[0].weight > 5 > 0 > name.levels[1].weight
    assert born.levels[0].weight > born.levels[1].weight > 0 > born.levels[2].weight
    assert name.mean_others == {0: 8.0}
    assert [level.trained for level in mail.levels] == ["default", "default"]
    assert any("mail" in warning for warning in first.warnings)
    assert -14 < first.prior_weight < -12  # about 1,000 matches of 10,000,000 pairs


def test_nothing_to_train_on_is_said_and_survived() -> None:
    empty = Patterns(np.zeros((0, 3), dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.int64))
    nothing = Evidence(empty, 1.0, empty, 1.0, {})
    model = train("person", (NAME, BORN, MAIL), (rule("mail", "email"),), nothing, TrainingSettings())
    assert "default m is used throughout" in model.warnings[0]
    assert not model.converged
    assert all(np.isfinite(level.weight) for c in model.comparisons for level in c.levels)


def test_further_weights_of_a_group_are_discounted() -> None:
    each = np.array([[4.0, -3.0], [2.0, -1.0], [1.0, 1.0]])
    assert discounted(each, ("a", "a", None), 0.5) == pytest.approx([6.0, -2.5])
    assert discounted(each, (None, None, None), 0.5) == pytest.approx([7.0, -3.0])


def test_model_rows_have_the_prior_and_a_missing_level() -> None:
    random = patterns([([1, 2, 1], 99_000.0)])
    model = train("person", (NAME, BORN, MAIL), (), evidence(patterns([([0, 0, 0], 5.0)]), random), TrainingSettings())
    rows = model.rows(3)
    assert rows[0][1:4] == ("(prior)", 0, "prior")
    assert [row[3] for row in rows if row[1] == "born"] == ["missing", "exact", "date_typo", "else"]
    assert {row[-2] for row in rows} == {3}


def test_a_neutral_level_weighs_nothing() -> None:
    levels = ["exact", {"date_typo": True, "neutral": True}]
    born = Comparison.model_validate({"name": "born", "column": "birth_date", "levels": levels})
    blocked = patterns([([0, 0, -1], 900.0), ([0, 1, -1], 60.0), ([1, 2, -1], 5_000.0), ([0, 2, -1], 40.0)], rules=1)
    random = patterns([([1, 2, 1], 99_000.0), ([0, 2, 1], 200.0), ([1, 0, 1], 30.0), ([1, 1, 1], 300.0)])
    model = train("person", (NAME, born, MAIL), (rule("mail", "emails.value"),), evidence(blocked, random), TrainingSettings())
    exact, typo, other = (level.weight for level in model.comparisons[1].levels)
    assert exact > 0.0 > other
    assert typo == 0.0


def test_a_comparison_that_rules_fix_by_parts_is_trained_all_the_same() -> None:
    card = Comparison.model_validate({"name": "card", "column": "card", "levels": ["exact", {"damerau": 2}]})
    blocked = patterns(
        [([0, 0, 0], 300.0), ([0, 0, 1], 500.0), ([0, 2, 1], 30.0), ([1, 2, 2], 20_000.0), ([1, 0, 2], 20.0), ([1, 2, 0], 4.0)], 1
    )
    random = patterns([([1, 2, 2], 99_800.0), ([0, 2, 2], 200.0)])
    rules = (rule("part", "card|qgrams(4)"),)
    model = train("person", (NAME, BORN, card), rules, evidence(blocked, random), TrainingSettings())
    assert model.comparisons[2].levels[1].trained == "em"
    assert model.comparisons[2].levels[1].u < 1e-6  # none of 10,000,000 pairs that should not
    assert model.comparisons[2].levels[1].weight > 15
    assert model.passes[-1].rule == "a part of card"
    assert model.training_note().startswith("EM in 2 passes of ")


def test_labels_alone_train_m() -> None:
    random = patterns([([1, 2, 1], 99_000.0)])
    labelled = patterns([([0, 0, 0], 90.0), ([1, 0, 0], 10.0)])
    given = replace(evidence(patterns([([0, 0, 0], 5.0)]), random), labelled=labelled)
    alone = train("person", (NAME, BORN, MAIL), (), given, TrainingSettings(labels_with_em=False))
    assert alone.comparisons[0].levels[0].m == pytest.approx(0.9, abs=0.01)
    assert alone.comparisons[0].levels[0].trained == "em"
    assert (alone.converged, alone.passes, alone.warnings) == (True, (), ())
    few = train("person", (NAME, BORN, MAIL), (), replace(given, labelled=patterns([([0, 0, 0], 2.0)])), TrainingSettings())
    assert any("only 2 labelled matches" in warning for warning in few.warnings)


def test_a_column_without_values_and_a_pass_that_did_not_converge_are_said() -> None:
    blocked = patterns([([0, 0, -1], 900.0), ([0, 1, -1], 60.0), ([1, 2, -1], 5_000.0), ([0, 2, -1], 40.0)], rules=1)
    random = patterns([([1, 2, -1], 99_000.0), ([0, 2, -1], 200.0)])
    hurried = TrainingSettings(max_iterations=2, tolerance=1e-9)
    model = train("person", (NAME, BORN, MAIL), (rule("mail", "email"),), evidence(blocked, random), hurried)
    assert not model.converged
    assert any("no pair has a value on both sides of mail" in warning for warning in model.warnings)
    assert any("stopped at its iteration limit in the passes of mail (last change" in warning for warning in model.warnings)
    assert "mail exact" in model.training_note()
