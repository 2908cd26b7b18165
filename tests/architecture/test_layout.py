"""The shape of the code: sizes, exports, and what each room may touch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "lib" / "onefold"
MODULES = sorted(LIBRARY.rglob("*.py"))
JOBS = sorted((ROOT / "jobs").glob("*.py"))
STAGES = ("ingest", "quality", "cleanse", "match", "resolve", "publish", "campaign", "steward", "profile")
# Ingest is given the session, because reading raw files is its work, and GraphFrames needs its checkpoint folder.
SESSION_HOLDERS = ("ingest/", "resolve/components.py")
COLLECTING = {"collect", "toPandas", "toLocalIterator", "toArrow"}
# A line with this comment brings a result of a known small size to the driver, and says which.
MARKER = "# bounded:"

MODULE_LINES, FUNCTION_LINES, PARAMETERS, JOB_LINES = 300, 60, 6, 25


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def stage_of(path: Path) -> str | None:
    room = path.relative_to(LIBRARY).parts[0]
    return room if room in STAGES else None


def test_the_library_is_found() -> None:
    assert len(MODULES) > 30
    assert {"ingest", "cleanse", "match", "resolve", "publish"} <= {p.name for p in LIBRARY.iterdir()}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_is_small_and_states_its_exports(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    targets = [t for n in tree.body if isinstance(n, ast.Assign) for t in n.targets]
    targets += [n.target for n in tree.body if isinstance(n, ast.AnnAssign)]
    exports = {t.id for t in targets if isinstance(t, ast.Name)}
    assert len(text.splitlines()) <= MODULE_LINES
    assert ast.get_docstring(tree), "a module says what it is for"
    assert "__all__" in exports, "a module states its exports"


@pytest.mark.parametrize("path", [*MODULES, *JOBS], ids=name)
def test_functions_are_short(path: Path) -> None:
    long = [f.name for f in functions(path) if (f.end_lineno or f.lineno) - f.lineno + 1 > FUNCTION_LINES]
    assert long == []


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name != "cli"], ids=name)
def test_functions_take_few_parameters(path: Path) -> None:
    def count(f: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        positional = [a for a in (*f.args.posonlyargs, *f.args.args) if a.arg not in ("self", "cls")]
        return len(positional)

    assert [f.name for f in functions(path) if count(f) > PARAMETERS] == []


@pytest.mark.parametrize("path", [p for p in MODULES if stage_of(p)], ids=name)
def test_stage_rooms_take_frames_and_give_frames(path: Path) -> None:
    lines = path.read_text().splitlines()
    place = str(path.relative_to(LIBRARY))
    found = []
    for node in ast.walk(ast.parse("\n".join(lines))):
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        word = node.attr if isinstance(node, ast.Attribute) else node.id
        # The marker stands on the line or on the one above it.
        excused = any(MARKER in line for line in lines[max(0, node.lineno - 2) : node.end_lineno])
        if isinstance(node, ast.Attribute) and (
            (word in COLLECTING and not excused) or word in {"write", "writeTo", "writeStream"}
        ):
            found.append(f"{node.lineno}: .{word}")
        if word == "SparkSession" and not place.startswith(SESSION_HOLDERS):
            found.append(f"{node.lineno}: {word}")
    assert found == []


def test_collecting_is_explained() -> None:
    marked = [line for path in MODULES for line in path.read_text().splitlines() if MARKER in line]
    assert [line.strip() for line in marked if len(line.partition(MARKER)[2].strip()) < 10] == []


@pytest.mark.parametrize(("package", "allowed"), [("delta", ["store/"]), ("graphframes", ["resolve/components.py"])])
def test_packages_are_imported_in_one_room_only(package: str, allowed: list[str]) -> None:
    importers = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            if any(m.split(".")[0] == package for m in modules):
                importers.add(str(path.relative_to(LIBRARY)))
    assert importers, f"nothing imports {package} any more"
    assert {i for i in importers if not i.startswith(tuple(allowed))} == set()


@pytest.mark.parametrize("path", JOBS, ids=name)
def test_jobs_are_thin(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= JOB_LINES


def test_every_stage_has_its_job() -> None:
    expected = {"ingest", "cleanse", "quality", "match", "resolve", "publish", "audience", "evaluate", "run_all"}
    assert {path.stem for path in JOBS} >= expected
