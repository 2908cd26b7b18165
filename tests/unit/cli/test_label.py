"""The terminal shows both records and what differs, never the model's opinion, and reads one key."""

from __future__ import annotations

import io

import pytest

from onefold.cli.display import Display
from onefold.cli.label import TerminalAsk
from onefold.cli.options import LogFormat
from onefold.match.judge.asking import Sheet
from onefold.match.judge.choose import Question
from onefold.match.judge.sides import Line

SHEET = Sheet(
    1,
    20,
    Question("person", 1, 2, "crm:1", "erp:2", 7.7, 0.99, "6 to 8", 70, None),
    (
        Line("name", "Meyer", "Meier", "close"),
        Line("born", "1990-01-01", "1991-02-03", "differs"),
        Line("phone", "", "1", "one side"),
    ),
)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("y\n", "match"), ("N\n", "no_match"), ("u\n", "unsure"), ("q\n", None), ("", None), ("what\ny\n", "match")],
)
def test_keys(typed: str, answer: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert TerminalAsk(Display(LogFormat.TEXT))(SHEET) == answer
    printed = capsys.readouterr().out
    for shown in ("crm:1", "erp:2", "Meyer", "Meier", "≈", "≠", "1 of 20"):
        assert shown in printed
    assert "7.7" not in printed
    assert "0.99" not in printed
    assert ("keys: y, n, u, q" in printed) == typed.startswith("what")
