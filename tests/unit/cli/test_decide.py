"""The commands of stewards teach, and refuse before Spark starts what they can."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.cli.main import main
from onefold.cli.review import told
from onefold.match.judge.choose import Question
from onefold.run.decide import listed
from onefold.run.queue import Item

PLACE = ["--conf", "conf/examples/demo", "--warehouse", "nowhere"]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


@pytest.mark.parametrize("command", ["must-link", "cannot-link", "unmerge", "reassign", "override", "revoke", "list"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("decide", command, "--help") == 0
    assert "--warehouse" in capsys.readouterr().out


def test_the_help_of_all_teaches_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("decide", "--help") == 0
    assert "onefold decide unmerge crm:4711" in " ".join(capsys.readouterr().out.split()).replace("│ ", "")


def test_a_decision_needs_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("decide", "must-link", "a", "b", *PLACE) == 2
    assert "--reason" in capsys.readouterr().err


def test_a_wrong_date_and_a_missing_place_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("decide", "must-link", "a", "b", "--reason", "why", "--expires", "soon", *PLACE) == 2
    assert "--expires is no date" in capsys.readouterr().err
    assert run("decide", "--from", "some.csv") == 2
    assert "--conf and --warehouse" in capsys.readouterr().err


def test_a_file_is_read_before_spark_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("decide", "--from", str(tmp_path / "none.csv"), *PLACE) == 3
    file = tmp_path / "some.csv"
    file.write_text("kind,record_id\nmerge,crm:1\nsplit,crm:2\n")
    assert run("decide", "--from", str(file), *PLACE) == 3
    said = capsys.readouterr().err
    assert "line 2: kind" in said
    assert "line 3: kind" in said


def test_a_listed_decision_keeps_its_ids_whole() -> None:
    names = ("decision", "kind", "state", "records", "attribute", "value", "policy", "by", "at", "expires", "reason")
    values = ("D20261101T000000-0123456789", "override", "in force", "legacy_crm:0000004711", "email", "***", "always")
    said = listed(dict(zip(names, (*values, "ann", "2026-11-01 00:00", "2027-01-31 00:00", "seen the papers"), strict=True)))
    assert said.splitlines() == [
        "D20261101T000000-0123456789  in force  override legacy_crm:0000004711 email *** always",
        "    ann, 2026-11-01 00:00, until 2027-01-31 00:00: seen the papers",
    ]


def test_an_item_is_told_with_its_weight_and_why() -> None:
    question = Question("person", 1, 2, "crm:1", "erp:2", 3.25, 0.905, None, None, None)
    said = told(Item("R1", "pair", question, ("P1", "P2"), "would join customers of 2 and 3 records", 2.58))
    for words in ("R1 (pair, value 2.58)", "would join customers of 2 and 3", "weight 3.2", "probability 0.905", "P1 and P2"):
        assert words in said
