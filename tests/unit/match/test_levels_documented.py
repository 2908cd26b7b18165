"""Every kind of level is explained where people look for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.match.levels import KINDS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "comparisons.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_kind_is_on_the_page(kind: str) -> None:
    assert f"`{kind}" in PAGE
