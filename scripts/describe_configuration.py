"""Writes docs/configuration.md from the settings models, so that the page cannot fall behind the code.

Usage: python scripts/describe_configuration.py [--check]
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from onefold.campaign.settings import AudienceSettings
from onefold.config import Project, Source
from onefold.config.folder import MANY
from onefold.quality.settings import RuleFile

PAGE = Path(__file__).resolve().parent.parent / "docs" / "configuration.md"
SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("sources/NAME.yml", Source),
    *((f"{name}.yml", field.annotation) for name, field in Project.model_fields.items() if name not in MANY),
    ("rules/NAME.yml", RuleFile),
    ("audiences/NAME.yml", AudienceSettings),
)
INTRODUCTION = """\
# Configuration

A configuration is a folder of YAML files. `onefold.yml` names it and may extend another folder
(`extends: ../../base`): a file of the folder then stands in for the base's file of the same name.
`${NAME}` is filled from `--set NAME=value` or the environment, `${NAME:-default}` has a default, and
`--set section.key=value` replaces a single value. Everything is checked before Spark starts; every problem is said
at once with file, line, key and what is allowed.

This page is written by `scripts/describe_configuration.py` from the models themselves.
"""


def page() -> str:
    """Return the whole page."""
    parts, seen = [INTRODUCTION], set()
    for title, model in SECTIONS:
        parts.append(f"\n## `{title}`\n\n{_doc(model)}\n\n{_table(model)}")
        for inner in _inner(model):
            if inner not in seen:
                seen.add(inner)
                parts.append(f"\n### {inner.__name__}\n\n{_doc(inner)}\n\n{_table(inner)}")
    return "\n".join(parts) + "\n"


def _doc(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _table(model: type[BaseModel]) -> str:
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        default = "required" if field.is_required() else _default(field.get_default(call_default_factory=True))
        cells = (f"`{field.alias or name}`", _type(field.annotation), default, field.description or "")
        lines.append("| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |")
    return "\n".join(lines)


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "required"
    if value is None or (isinstance(value, tuple | dict | str) and not value):
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return "see its section" if isinstance(value, BaseModel) else f"`{text}`" if len(text) < 90 else f"`{text[:86]}...`"


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return " or ".join(str(a) for a in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(_type(a) for a in arguments if a is not type(None))
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"map of {_type(arguments[0])} to {_type(arguments[1])}"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    return names.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _inner(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for field in model.model_fields.values():
        for found in _models(field.annotation):
            yield found
            yield from _inner(found)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == page() else f"{PAGE.name} is out of date; run without --check")
    PAGE.write_text(page(), encoding="utf-8")
