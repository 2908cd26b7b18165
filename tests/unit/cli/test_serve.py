"""The command that serves: what it refuses before Spark starts, and how users are added."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onefold.cli.main import app, main

PLACE = ["--conf", "conf/examples/demo", "--warehouse", "nowhere"]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


def test_its_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "--help") == 0
    told = capsys.readouterr().out
    assert all(option in told for option in ("--users", "--add-user", "--host", "--certificate"))


def test_another_host_without_users_is_refused_before_spark_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "--host", "0.0.0.0", *PLACE) == 2
    assert "nobody would have to log in" in capsys.readouterr().err


def test_what_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve") == 2
    assert run("serve", "--add-user", "ann") == 2
    assert run("serve", "--users", str(tmp_path / "none"), *PLACE) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert "--conf and --warehouse" in told
    assert "--add-user needs the file" in told


def test_a_user_is_added_and_no_password_is_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "users"
    arguments = ["serve", "--users", str(file), "--add-user", "ann"]
    done = CliRunner().invoke(app, arguments, input="correct horse\ncorrect horse\n")
    assert done.exit_code == 0, done.output
    assert file.read_text().startswith("ann:scrypt$")
    assert "correct horse" not in done.output + caplog.text
