"""Loads a configuration folder into one validated `Project`, or says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from onefold.campaign.settings import AudienceSettings
from onefold.config.checks import cross_checks
from onefold.config.document import Document
from onefold.config.explain_errors import explain_errors
from onefold.config.folder import SINGLE, Folder, read_folder
from onefold.config.overrides import apply_overrides, split_settings
from onefold.config.project import Project, Source
from onefold.config.rules import rule_checks
from onefold.errors import ConfigurationError
from onefold.quality.settings import RuleFile

__all__ = ["load_project"]

_MODELS: dict[str, Any] = {name: Project.model_fields[name].annotation for name in SINGLE}
_REQUIRED = tuple(name for name in SINGLE if Project.model_fields[name].is_required())


def load_project(conf: str | Path, settings: Sequence[str] = ()) -> Project:
    """Return the validated configuration of a folder.

    Args:
        conf: the folder; its `onefold.yml` may name another to extend.
        settings: `NAME=value` for `${NAME}`, or `section.key=value`.

    Raises:
        ConfigurationError: with every problem found, each with file, line, key path and remedy.
    """
    variables, overrides = split_settings(settings)
    folder = read_folder(Path(conf), variables)
    apply_overrides(folder, overrides)
    problems = list(folder.problems)
    parts: dict[str, Any] = {}
    for name in SINGLE:
        if name in folder.single:
            parts[name] = _validated(folder.single[name], _MODELS[name], problems)
        elif name in _REQUIRED:
            problems.append(f"{folder.root / name}.yml: the section {name} is missing; `extends: ../../base` brings defaults")
    parts["sources"] = _many(folder, "sources", Source, "source", problems)
    for document in folder.many["rules"].values():
        _say_where(document)
    parts["rules"] = _many(folder, "rules", RuleFile, "name", problems)
    parts["audiences"] = _many(folder, "audiences", AudienceSettings, "name", problems)
    if not folder.many["sources"]:
        problems.append(f"{folder.root / 'sources'}: no source; write one YAML file a source")
    problems += cross_checks(folder, parts["sources"])
    problems += rule_checks(folder, parts)
    if problems:
        raise ConfigurationError(
            f"the configuration {conf} has {len(problems)} problem{'s'[: len(problems) != 1]}", problems=tuple(problems)
        )
    return Project.model_construct(**parts)


def _many(folder: Folder, section: str, model: type[BaseModel], name_key: str, problems: list[str]) -> tuple[Any, ...]:
    found = []
    for stem, document in folder.many[section].items():
        if isinstance(document.value, dict) and name_key not in document.value:
            # The file's name is the name unless the file says otherwise.
            document.value[name_key] = stem
        validated = _validated(document, model, problems)
        if validated is not None:
            found.append(validated)
    return tuple(found)


def _say_where(document: Document) -> None:
    """Tell each quality rule where it stands, for what is found wrong with it once the tables are known."""
    rules = document.value.get("rules") if isinstance(document.value, dict) else None
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            rule["place"] = document.where(("rules", number))


def _validated(document: Document, model: type[BaseModel], problems: list[str]) -> BaseModel | None:
    problems += document.problems
    if not document.lines and document.problems:  # not even YAML: its keys would all seem to be missing
        return None
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        problems += explain_errors(error, document, model)
        return None
