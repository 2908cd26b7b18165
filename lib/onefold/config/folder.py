"""Finds the configuration's files: a folder, on top of the folders that it extends."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from onefold.config.document import Document, read_document
from onefold.errors import ConfigurationError

__all__ = ["MANY", "SINGLE", "Folder", "read_folder"]

SINGLE = (
    "standardise",
    "blocking",
    "comparisons",
    "clustering",
    "survivorship",
    "review",
    "spark",
    "warehouse",
    "catch",
    "quality",
    "classification",
    "profile",
)
MANY = ("sources", "audiences", "rules")
_ABOUT = "onefold"


@dataclass
class Folder:
    """The documents of a configuration by section; a file of the child replaces the base's file of that name."""

    root: Path
    single: dict[str, Document] = field(default_factory=dict)
    many: dict[str, dict[str, Document]] = field(default_factory=lambda: {name: {} for name in MANY})
    problems: list[str] = field(default_factory=list)


def read_folder(root: Path, variables: Mapping[str, str], _seen: tuple[Path, ...] = ()) -> Folder:
    """Return every document under the folder and under those it extends.

    Raises:
        ConfigurationError: when the folder is not there, or folders extend each other in a circle.
    """
    if not root.is_dir():
        raise ConfigurationError(f"configuration folder {root} is not there", hint="give a folder with --conf")
    if root.resolve() in _seen:
        raise ConfigurationError(f"configuration folder {root} extends itself")
    about = _about(root, variables)
    extends = about.value.get("extends") if isinstance(about, Document) and isinstance(about.value, dict) else None
    folder = read_folder(root / str(extends), variables, (*_seen, root.resolve())) if extends else Folder(root)
    folder.root = root
    if about:
        folder.problems += about.problems
        folder.problems += _check_about(about)
    for path in sorted(root.iterdir()):
        _take(folder, path, variables)
    return folder


def _about(root: Path, variables: Mapping[str, str]) -> Document | None:
    paths = [p for p in sorted(root.glob(f"{_ABOUT}.y*ml")) if p.suffix in (".yml", ".yaml")]
    return read_document(paths[0], variables) if paths else None


def _check_about(about: Document) -> list[str]:
    keys = about.value if isinstance(about.value, dict) else {}
    allowed = ("name", "description", "extends")
    return [f"{about.where((k,))}: {k}: unknown key; allowed: {', '.join(allowed)}" for k in keys if k not in allowed]


def _take(folder: Folder, path: Path, variables: Mapping[str, str]) -> None:
    if path.is_dir() and path.name in MANY:
        for child in sorted(path.iterdir()):
            if child.suffix in (".yml", ".yaml"):
                folder.many[path.name][child.stem] = read_document(child, variables)
    elif path.suffix in (".yml", ".yaml") and path.stem != _ABOUT:
        if path.stem in SINGLE:
            folder.single[path.stem] = read_document(path, variables)
        else:
            near = difflib.get_close_matches(path.stem, SINGLE, n=1)
            hint = f"did you mean {near[0]}.yml? " if near else ""
            folder.problems.append(f"{path}: unknown section; {hint}allowed: {', '.join(SINGLE)}, {', '.join(MANY)}/")
