from __future__ import annotations

import pytest

from onefold.errors import ConfigurationError, DataContractError
from onefold.match.model import ComparisonModel, LevelModel, Model
from onefold.match.saved import as_yaml, model_of, parse_saved, with_frequencies
from onefold.match.settings import Comparison

BORN = Comparison.model_validate({"name": "born", "column": "birth_date", "levels": ["exact", "date_typo"]})
LEVELS = (
    LevelModel(0, "exact", 0.9, 0.001, 9.8, "em"),
    LevelModel(1, "date_typo", 0.06, 0.002, 4.9, "floor"),
    LevelModel(2, "else", 0.04, 0.997, -4.6, "em"),
)
MODEL = Model("person", -12.5, (ComparisonModel("born", LEVELS, {}),), 17, True, related_share=0.001)
COLUMNS = (
    "entity_type", "comparison", "level_number", "level", "m", "u", "weight", "trained", "iterations", "converged",
    "party_version", "mean_others",
)  # fmt: skip


def text() -> str:
    return as_yaml(dict(zip(COLUMNS, row, strict=True)) for row in MODEL.rows(4))


def test_a_model_written_and_read_is_the_same() -> None:
    saved = parse_saved(text(), "model.yml").of("person")
    assert saved is not None
    assert (saved.party_version, saved.iterations, saved.converged) == (4, 17, True)
    assert saved.prior_weight == -12.5
    assert saved.related_share == pytest.approx(0.001)
    again = with_frequencies(saved, "person", (BORN,), {(0, 0): 3.0}, 0.5)
    assert again.comparisons[0].levels == LEVELS
    assert again.comparisons[0].mean_others == {0: 3.0}
    assert parse_saved(text(), "model.yml").of("company") is None


def test_the_stored_model_is_the_trained_one_to_the_last_digit() -> None:
    third = 1.0 / 3.0
    counted = ComparisonModel("born", LEVELS, {0: 1.0 + third})
    model = Model("person", -12.5 - third, (counted,), 17, True, 0.5, related_share=third / 1000)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in model.rows(4)]
    assert model_of(rows, "person", (BORN,), 0.5) == model
    with pytest.raises(DataContractError, match="no model for company"):
        model_of(rows, "company", (BORN,), 0.5)


@pytest.mark.parametrize(
    ("comparison", "said"),
    [
        (
            {"name": "born", "column": "birth_date", "levels": ["exact"]},
            "levels exact, else wanted, the model has exact, date_typo",
        ),
        ({"name": "mail", "column": "email", "levels": ["exact"]}, "comparison mail: not in the model"),
    ],
)
def test_a_model_for_other_comparisons_is_refused(comparison: dict[str, object], said: str) -> None:
    saved = parse_saved(text(), "model.yml").of("person")
    assert saved is not None
    with pytest.raises(ConfigurationError, match="trained for other comparisons") as caught:
        with_frequencies(saved, "person", (Comparison.model_validate(comparison),), {}, 0.5)
    assert said in str(caught.value)


@pytest.mark.parametrize("wrong", ["person: [1, 2", "person: {prior_weight: much}", "people: {}"])
def test_what_is_no_model_file_is_said(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match=r"model\.yml"):
        parse_saved(wrong, "model.yml")


def test_there_must_be_a_model_to_write() -> None:
    with pytest.raises(DataContractError, match="empty"):
        as_yaml([])
