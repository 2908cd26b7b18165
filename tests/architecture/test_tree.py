"""What is committed: no registry addresses, no paths of one machine, pinned versions, no hidden steps."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Package index addresses and home or scratch folders, written so that this file does not name one itself.
REGISTRY = re.compile(r"https?://\S+/(simple|maven2|packages/[0-9a-f]{2})\b|(pypi|repo1|files)\.(org|maven|pythonhosted)")
HOME = re.compile(r"(?<![\w.$}/-])/(?:root|home|Users|work)/\w")
PIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.!+]+$")

# onefold itself, and what comes as a part of pyspark and of pydantic.
OWN_AND_PARTS = ("onefold", "py4j", "pydantic_core")


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
    return {name.partition(".")[0] for name in names}


def committed_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    texts = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 2_000_000:
            try:
                texts.append((name, path.read_text()))
            except UnicodeDecodeError:
                continue
    return texts


def test_no_registry_address_and_no_path_of_one_machine() -> None:
    found = [
        f"{name}:{number}"
        for name, text in committed_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if REGISTRY.search(line) or HOME.search(line)
    ]
    assert found == []


def test_constraints_pin_exact_versions_and_nothing_else() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not PIN.match(line)] == []
    assert len({line.partition("==")[0].lower() for line in lines}) == len(lines)


def test_every_dependency_is_pinned_alike_in_both_files() -> None:
    def normal(pin: str) -> str:
        name, _, version = pin.partition("==")
        return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {normal(pin) for group in (project["dependencies"], *project["optional-dependencies"].values()) for pin in group}
    pinned = {normal(line) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert wanted - pinned == set()


def test_what_the_library_imports_is_declared() -> None:
    """A package that is there only because a development tool needs it is missing where the product is installed alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.sub(r"[-_.]+", "-", pin.partition("==")[0]).lower() for pin in project["dependencies"]}
    providers = importlib.metadata.packages_distributions()
    undeclared = {
        module
        for path in (ROOT / "lib").rglob("*.py")
        for module in imported(path)
        if module not in sys.stdlib_module_names
        and module not in OWN_AND_PARTS
        and declared.isdisjoint(re.sub(r"[-_.]+", "-", name).lower() for name in providers.get(module, []))
    }
    assert undeclared == set()


def test_ci_runs_the_tests_and_nothing_hidden() -> None:
    code = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.strip() and not line.startswith("#")]
    assert code == ["set -euo pipefail", 'exec "$(dirname "$0")/../scripts/test"']
