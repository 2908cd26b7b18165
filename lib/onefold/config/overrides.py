"""`--set` on the command line: variables for `${NAME}`, and single values by their key path."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from onefold.config.document import Document, plain_value
from onefold.config.folder import MANY, SINGLE, Folder
from onefold.errors import ConfigurationError

__all__ = ["apply_overrides", "split_settings"]


def split_settings(settings: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Split `NAME=value` (a variable) from `section.key=value` (an override); the environment fills further variables.

    >>> split_settings(["clustering.person.threshold=0.9"])[1]
    {'clustering.person.threshold': '0.9'}
    """
    variables, overrides = dict(os.environ), {}
    problems = []
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            problems.append(f"--set {setting}: write it as NAME=value or section.key=value")
        elif "." in name:
            overrides[name] = value
        else:
            variables[name] = value
    if problems:
        raise ConfigurationError("the --set options cannot be read", problems=tuple(problems))
    return variables, overrides


def apply_overrides(folder: Folder, overrides: Mapping[str, str]) -> None:
    """Put each override into its document; what it names is checked with everything else afterwards."""
    for name, text in overrides.items():
        section, *keys = name.split(".")
        documents = folder.many[section] if section in MANY else folder.single
        stem = keys.pop(0) if section in MANY and keys else section
        if section not in (*SINGLE, *MANY) or (section in MANY and stem not in documents) or not keys:
            known = ", ".join((*SINGLE, *(f"{m}.NAME" for m in MANY)))
            folder.problems.append(f"--set {name}: no such section; it starts with one of {known} and names a key")
            continue
        document = documents.get(stem) or Document(folder.root / f"{stem}.yml", {})
        documents[stem] = replace(document, value=_put(document.value, keys, plain_value(text)))


def _put(value: object, keys: Sequence[str], new: object) -> object:
    if not keys:
        return new
    head, rest = keys[0], keys[1:]
    if isinstance(value, list) and head.isdigit() and int(head) < len(value):
        return [_put(item, rest, new) if index == int(head) else item for index, item in enumerate(value)]
    mapping = dict(value) if isinstance(value, dict) else {}
    mapping[head] = _put(mapping.get(head, {}), rest, new)
    return mapping
