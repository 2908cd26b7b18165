"""Where an index lies: a folder for each build, and a pointer to the one in use, which is changed in one step."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from onefold.errors import MissingInputError, RuntimeSetupError

__all__ = ["FORMAT", "built_folder", "current_folder", "index_root", "read_manifest", "switch_to", "write_text"]

FORMAT = 1
"""Raised when programs or files of an index change in a way that older code cannot read."""

_POINTER, _MANIFEST = "current", "manifest.json"
_HINT = "make one with `onefold index --conf DIR --warehouse DIR`"


def index_root(warehouse: str, folder: str | None) -> Path:
    """Return the folder that holds the builds.

    Raises:
        RuntimeSetupError: when it is not a local folder.
    """
    place = folder or f"{warehouse.rstrip('/')}/index"
    plain = place.removeprefix("file://") if place.startswith("file:///") else place.removeprefix("file:")
    if "://" in plain:
        raise RuntimeSetupError(
            "the index for single prospects lies in a local folder, and the warehouse is not in one",
            hint="name a local folder as catch.folder, or set catch.enabled to false",
        )
    return Path(plain).absolute()


def built_folder(root: Path, name: str) -> Path:
    """Return a new, empty folder for a build, readable by its owner alone; what a killed build of this name left is gone."""
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    folder = root / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def switch_to(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Make a finished build the one in use, in one step, and delete the others; readers that have one open keep it."""
    write_text(folder / _MANIFEST, json.dumps({"format": FORMAT, **manifest}))
    pointer = folder.parent / f".{_POINTER}-{folder.name}"
    write_text(pointer, folder.name)
    pointer.replace(folder.parent / _POINTER)
    for other in folder.parent.iterdir():
        if other.name not in (folder.name, _POINTER):
            shutil.rmtree(other, ignore_errors=True) if other.is_dir() else other.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, through to the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def current_folder(root: Path) -> Path:
    """Return the folder of the build in use.

    Raises:
        MissingInputError: when there is no index.
    """
    pointer = root / _POINTER
    folder = root / pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None
    if folder is None or not (folder / _MANIFEST).is_file():
        raise MissingInputError(f"there is no index for single prospects under {root}", hint=_HINT)
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what a build says of itself.

    Raises:
        MissingInputError: when it was made by a version of onefold that wrote it otherwise.
    """
    found: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    if found.get("format") != FORMAT:
        raise MissingInputError("the index was made by another version of onefold", hint=_HINT)
    return found
