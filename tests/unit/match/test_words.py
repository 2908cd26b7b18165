from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.match.words import edits, roman_number, skeleton, word_number, word_similarity

WORDS = st.text(alphabet="abcdehisz", max_size=12)


@pytest.mark.parametrize(("left", "right", "slips"), [("ab", "ba", 1), ("abc", "abc", 0), ("abc", "abxd", 2), ("", "ab", 2)])
def test_slips_are_counted(left: str, right: str, slips: int) -> None:
    assert edits(left, right, 3) == slips


@given(WORDS, WORDS)
def test_similarity_is_symmetric_and_bounded(left: str, right: str) -> None:
    found = word_similarity(left, right)
    assert 0.0 <= found <= 1.0
    assert found == word_similarity(right, left)
    assert (found == 1.0) == (left == right)


@given(WORDS, WORDS, st.integers(0, 3))
def test_the_bound_only_cuts(left: str, right: str, most: int) -> None:
    assert edits(left, right, most) == min(edits(left, right, 99), most + 1)


@pytest.mark.parametrize(("left", "right"), [("yousef", "youssef"), ("sergey", "sergej"), ("vladimir", "wladimir")])
def test_romanisations_have_one_skeleton(left: str, right: str) -> None:
    assert skeleton(left) == skeleton(right)


def test_numbers_are_read() -> None:
    assert [word_number(w) for w in ("007", "22nd", "ninth", "forty", "acme")] == [7, 22, 9, 40, None]
    assert [roman_number(w) for w in ("iv", "xix", "vv", "mix", "")] == [4, 19, None, None, None]
