"""What the README shows is true: its source file is complete, its Python runs, the files that it names are there."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
LOYALTY = """\
member_no;first_name;surname;born;mail;mobile;street_and_number;zip;town;newsletter;tier;changed;points
1;Ada;Lovelace;10.12.1985;ada@lovelace.example.org;0151 23456789;Hauptstraße 5;10115;Berlin;Y;gold;2026-10-01 09:30;12
2;Grace;Hopper;;grace@hopper.example.org;;;;;N;;2026-10-01 09:30;0
"""


def blocks(language: str) -> list[str]:
    """Return the README's fenced blocks of a language that are marked `test`."""
    return re.findall(rf"^```{language} test\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_source_of_the_readme_is_complete(tmp_path: Path, run_command: Callable[..., Any]) -> None:
    [text] = blocks("yaml")
    shutil.copytree(ROOT / "conf" / "base", tmp_path / "conf" / "base")
    conf = tmp_path / "conf" / "local" / "mine"
    (conf / "sources").mkdir(parents=True)
    (conf / "onefold.yml").write_text("name: mine\ndescription: The README's own source\nextends: ../../base\n")
    (conf / "sources" / "loyalty.yml").write_text(text)
    raw = tmp_path / "raw" / "loyalty"
    raw.mkdir(parents=True)
    (raw / "loyalty_20261120.csv").write_text(LOYALTY)
    where = ["--conf", str(conf), "--warehouse", str(tmp_path / "warehouse"), "--set", f"DATA={tmp_path}"]
    run_command("onefold", "run", "--stages", "ingest,cleanse", *where, "--set", "spark.generated_code=false")  # two rows
    party = DeltaTable(str(tmp_path / "warehouse" / "silver" / "party")).to_pandas().set_index("record_id")
    assert sorted(party.index) == ["loyalty:1", "loyalty:2"]
    ada = party.loc["loyalty:1"]
    assert (ada["given_name"], ada["email"], ada["country"], ada["tier"]) == ("Ada", "ada@lovelace.example.org", "DE", "GOLD")
    assert ada["phone"] == "+4915123456789"
    assert (ada["house_number"], ada["postcode"]) == ("5", "10115")
    assert [c["status"] for c in party.loc["loyalty:2"]["consents"]] == ["opt_out"]


def test_the_python_of_the_readme_runs(demo: Any, run_command: Callable[..., Any]) -> None:
    [text] = blocks("python")
    said = run_command(sys.executable, "-c", text, env={"ONEFOLD_WAREHOUSE": str(demo.warehouse)}).stdout
    assert "person" in said
    assert "company" in said


def test_the_files_that_the_readme_names_are_there() -> None:
    linked = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target]
    named = re.findall(r"(?<![\w/])((?:scripts|jobs|conf/examples|notebooks|docs)/[\w./-]+\w)", README)
    assert len(linked) > 4
    assert len(named) > 10
    missing = [path for path in {*linked, *named} if not (ROOT / path).exists()]
    assert missing == []
