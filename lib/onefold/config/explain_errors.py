"""Turns pydantic's errors into lines that name file, line, key path, what was found and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from onefold.config.document import Document, KeyPath, dotted

__all__ = ["explain_errors"]

_MAX_FOUND = 60


def explain_errors(error: ValidationError, document: Document, model: type[BaseModel]) -> list[str]:
    """Return one line a problem, in the order of the file, each with its remedy."""
    lines: list[str] = []
    for detail in error.errors(include_url=False):
        path = _known_part(detail["loc"], document)
        text = f"{document.where(path)}: {dotted(path)}: {_say(detail, model)}"
        if text not in lines:
            lines.append(text)
    return lines


def _known_part(location: tuple[int | str, ...], document: Document) -> KeyPath:
    """Drop the parts that pydantic adds for unions; keep the missing key's own name at the end."""
    path: KeyPath = ()
    for position, part in enumerate(location):
        last = position == len(location) - 1
        if (*path, part) in document.lines or last:
            path = (*path, part)
    if path not in document.lines and len(path) > 1 and isinstance(path[-1], str) and path[-1][:1].isupper():
        return path[:-1]
    return path


def _say(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, location = detail["type"], detail["loc"]
    if kind == "extra_forbidden":
        allowed = sorted(_allowed(model, location[:-1]))
        near = difflib.get_close_matches(str(location[-1]), allowed, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return f"unknown key; {hint}allowed: {', '.join(allowed) or 'none'}"
    if kind == "missing":
        return "is missing and has no default"
    found = repr(detail["input"])
    found = found if len(found) <= _MAX_FOUND else found[: _MAX_FOUND - 3] + "..."
    message = detail["msg"].removeprefix("Value error, ")
    if isinstance(detail["input"], dict | list) and kind == "value_error":
        return message
    return f"{message}; found {found}"


def _allowed(model: type[BaseModel], location: tuple[int | str, ...]) -> set[str]:
    models = [model]
    for part in location:
        fields = [m.model_fields[part] for m in models if isinstance(part, str) and part in m.model_fields]
        if fields:
            models = [found for f in fields for found in _models(f.annotation)]
    return {name for m in models for name in m.model_fields}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
