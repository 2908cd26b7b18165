"""What a data owner does in the morning: the page, the incidents, the distances, what was set aside, who holds what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["gaps"], "iban"),
        (["incidents"], "none: every measure"),
        (["quarantine", "list"], "set aside"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_lists(run_command: Run, demo: Any, words: list[str], told: str) -> None:
    assert told in run_command("onefold", *words, *demo.arguments()).stdout.lower()


@pytest.mark.parametrize(
    ("words", "told"),
    [(["dashboard"], "Attribute by source"), (["as-is"], "UStIdNr"), (["profile", "silver/party"], "family_name")],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_pages(run_command: Run, demo: Any, tmp_path: Path, words: list[str], told: str) -> None:
    page = tmp_path / "page.html"
    run_command("onefold", *words, *demo.arguments(), "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert told in text
    assert "<script src" not in text
    assert page.stat().st_mode & 0o077 == 0
