"""An index is switched in one step; a build that was killed changes nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from onefold.catch.layout import built_folder, current_folder, index_root, read_manifest, switch_to
from onefold.errors import MissingInputError, RuntimeSetupError


def test_the_switch_and_what_a_killed_build_leaves(tmp_path: Path) -> None:
    root = index_root(str(tmp_path), None)
    with pytest.raises(MissingInputError, match="onefold index"):
        current_folder(root)
    first = built_folder(root, "r1")
    switch_to(first, {"run_id": "r1"})
    assert current_folder(root) == first
    assert read_manifest(first)["run_id"] == "r1"
    killed = built_folder(root, "r2")
    (killed / "person.sqlite").touch()
    assert current_folder(root) == first
    third = built_folder(root, "r3")
    switch_to(third, {"run_id": "r3"})
    assert current_folder(root) == third
    assert sorted(path.name for path in root.iterdir()) == ["current", "r3"]
    assert stat.S_IMODE(root.stat().st_mode) == stat.S_IMODE(third.stat().st_mode) == 0o700


def test_an_index_of_another_version_is_refused(tmp_path: Path) -> None:
    folder = built_folder(tmp_path, "r1")
    switch_to(folder, {"format": 0})
    with pytest.raises(MissingInputError, match="another version"):
        read_manifest(folder)


def test_an_index_needs_a_local_folder(tmp_path: Path) -> None:
    assert index_root(f"file://{tmp_path}", None) == tmp_path / "index"
    assert index_root("s3://bucket/warehouse", str(tmp_path)) == tmp_path
    with pytest.raises(RuntimeSetupError, match="local folder"):
        index_root("s3://bucket/warehouse", None)
