from __future__ import annotations

import pytest

from onefold.match.levels import KINDS, check_level, level_label, read_level


def test_short_forms_become_fields() -> None:
    assert read_level("exact") == {"kind": "exact"}
    assert read_level({"equal": ["a", "b"], "label": "both"}) == {"kind": "equal", "value": ("a", "b"), "label": "both"}
    assert read_level(7) == 7


@pytest.mark.parametrize("given", ["exat", {"jaro_winkle": 0.9}, {"exact": True, "damerau": 1}, {"label": "x"}])
def test_an_unknown_level_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match=r"unknown level|one test"):
        read_level(given)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("jaro_winkler", 1.5), ("jaro_winkler", True), ("damerau", 0.5), ("swapped_with", None), ("equal", ()), ("exact", 3)],
)
def test_a_value_that_does_not_fit_is_refused(kind: str, value: object) -> None:
    with pytest.raises(ValueError, match=kind):
        check_level(kind, value)


def test_every_kind_has_a_label_and_usual_chances() -> None:
    for kind, about in KINDS.items():
        assert kind in level_label(kind, ("a", "b") if about.wants == "keys" else 1, None)
        assert 0 < about.default_u < 1
        assert 0 < about.default_m < 1
        assert (about.default_u < about.default_m) == ("speaks against" not in about.says)
    assert level_label("damerau", 1.0, "phone") == "damerau <= 1 of phone"
