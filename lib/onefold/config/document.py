"""Reads one YAML file into plain values, remembering the line of every key and filling in `${NAME}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

__all__ = ["Document", "KeyPath", "dotted", "plain_value", "read_document"]

KeyPath = tuple[str | int, ...]
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


@dataclass(frozen=True)
class Document:
    """One configuration file: its values, the line of every key path, and what was wrong with reading it."""

    path: Path
    value: object
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def where(self, key_path: KeyPath) -> str:
        """Return `file:line` of the key path, or of its nearest parent that the file holds."""
        while key_path and key_path not in self.lines:
            key_path = key_path[:-1]
        return f"{self.path}:{self.lines.get(key_path, 1)}"


def read_document(path: Path, variables: Mapping[str, str]) -> Document:
    """Return the file's values with variables filled in; problems are collected, never raised."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        what = getattr(error, "problem", None) or "the file is not UTF-8 text"
        return Document(path, {}, {}, (f"{place}: not valid YAML: {what}",))
    reader = _Reader(path, variables)
    value = {} if node is None else reader.read(node, ())
    return Document(path, value, reader.lines, tuple(reader.problems))


def plain_value(text: str) -> object:
    """Return the value of an unquoted YAML scalar by the rules of YAML 1.2, where NO is Norway and 010 is a code.

    >>> [plain_value(t) for t in ("NO", "010", "12", "0.5", "true", "~", "2026-01-01")]
    ['NO', '010', 12, 0.5, True, None, '2026-01-01']
    """
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|-?\.[0-9]+", text) and not re.fullmatch(r"-?0[0-9]+", text):
        return float(text)
    return text


class _Reader:
    """Walks the YAML nodes of one file."""

    def __init__(self, path: Path, variables: Mapping[str, str]) -> None:
        self.path = path
        self.variables = variables
        self.lines: dict[KeyPath, int] = {}
        self.problems: list[str] = []

    def read(self, node: yaml.Node, at: KeyPath) -> object:
        self.lines.setdefault(at, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*at, index)) for index, child in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, at)

    def _mapping(self, node: yaml.MappingNode, at: KeyPath) -> dict[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            # Keys stay text as written: YAML would read a code such as Y or 01 as true or 1.
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in values:
                self.problems.append(f"{self.path}:{line}: the key {key!r} stands twice; keep one")
            self.lines[(*at, key)] = line
            values[key] = self.read(value_node, (*at, key))
        return values

    def _scalar(self, node: yaml.ScalarNode, at: KeyPath) -> object:
        filled = _VARIABLE.sub(lambda found: self._variable(found, node, at), str(node.value))
        return plain_value(filled) if node.style is None else filled

    def _variable(self, found: re.Match[str], node: yaml.Node, at: KeyPath) -> str:
        name, default = found.group(1), found.group(2)
        if name in self.variables:
            return self.variables[name]
        if default is not None:
            return default
        line = node.start_mark.line + 1
        self.problems.append(
            f"{self.path}:{line}: {dotted(at)} uses ${{{name}}}, which has no value; give it with --set {name}=..."
        )
        return ""


def dotted(path: KeyPath) -> str:
    """Return a key path as people write it, `rules[2].name`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "(top)"
