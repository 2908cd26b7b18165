"""What a data owner does in the morning: the page, the incidents, the distances, what was set aside, who holds what."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

LISTS = {"gaps": "iban", "incidents": "none: every measure", "quarantine list": "set aside"}
PAGES = {"dashboard": "Attribute by source", "as-is": "UStIdNr", "profile silver/party": "family_name"}

# Every command as anybody would type it; in one process, so that Spark starts once.
PROGRAM = """
import json, sys
from onefold.cli.main import main
for words in json.load(sys.stdin):
    print("\\f", end="", flush=True)
    try:
        main(words)
    except SystemExit as ended:
        assert not ended.code, (words, ended.code)
"""


@pytest.fixture(scope="module")
def told(run_command: Run, demo: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run all commands; return what each printed, or the page that it wrote."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {words: folder / f"{words.split()[0]}.html" for words in PAGES}
    lists = [[*words.split(), *demo.arguments()] for words in LISTS]
    written = [[*words.split(), *demo.arguments(), "--html", str(page)] for words, page in pages.items()]
    printed = run_command(sys.executable, "-c", PROGRAM, given=json.dumps(lists + written)).stdout.split("\f")[1:]
    assert all(page.stat().st_mode & 0o077 == 0 for page in pages.values())
    texts = {words: page.read_text(encoding="utf-8") for words, page in pages.items()}
    return dict(zip(LISTS, printed, strict=False)) | texts


@pytest.mark.parametrize("words", LISTS)
def test_lists(told: dict[str, str], words: str) -> None:
    assert LISTS[words] in told[words].lower()


@pytest.mark.parametrize("words", PAGES)
def test_pages(told: dict[str, str], words: str) -> None:
    assert PAGES[words] in told[words]
    assert "<script src" not in told[words]
