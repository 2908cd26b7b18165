"""The command line teaches, and ends with the exit code that a scheduler needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onefold.cli.main import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "ingest",
        "cleanse",
        "match",
        "resolve",
        "publish",
        "evaluate",
        "explain",
        "label",
        "audience",
        "blocking",
        "suggest-blocking",
        "releases",
        "rollback",
        "changes",
        "maintain",
        "id",
        "quality",
        "incidents",
        "gaps",
        "dashboard",
        "as-is",
    ],
)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    assert "--warehouse" in capsys.readouterr().out


def test_every_command_of_profiles_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("silver/party", "compare", "overlap", "runs"):
        assert run("profile", command, "--help") == 0
        assert "--warehouse" in capsys.readouterr().out
    assert run("profile", "--help") == 0
    assert "onefold profile" in " ".join(capsys.readouterr().out.split())


def test_no_arguments_teach_the_first_command(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    printed = capsys.readouterr()
    assert "onefold run --conf conf/examples/demo" in " ".join((printed.out + printed.err).split()).replace("│ ", "")


def test_a_wrong_option_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", "--confg", "x") == 2
    assert "--conf" in capsys.readouterr().err


def test_a_wrong_configuration_exits_with_2_before_spark_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", "--conf", str(tmp_path / "none"), "--warehouse", str(tmp_path)) == 2
    assert "is not there" in capsys.readouterr().err


def test_errors_are_json_for_a_scheduler(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "--conf", str(tmp_path / "none"), "--warehouse", str(tmp_path), "--log-format", "json"]
    assert run(*arguments) == 2
    line = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    assert line["kind"] == "ConfigurationError"
