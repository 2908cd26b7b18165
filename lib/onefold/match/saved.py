"""Trained models as readable YAML: written out of match/model, read back, and refused where the comparisons differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError

from onefold.contracts.settings import Settings
from onefold.errors import ConfigurationError, DataContractError
from onefold.match.model import PRIOR, RELATED, ComparisonModel, LevelModel, Model, Trained
from onefold.match.settings import Comparison

__all__ = ["SavedLevel", "SavedModel", "SavedModels", "as_yaml", "model_of", "parse_saved", "with_frequencies"]

_HEAD = "# A trained onefold model. weight = log2(m / u), m = P(level | match), u = P(level | no match); edit with care.\n"


class SavedLevel(Settings):
    """One level of a comparison, best first; the last one is `else`."""

    level: Annotated[str, Field(description="Label of the level, as the comparisons make it.")]
    m: Annotated[float, Field(gt=0, le=1, description="P(level | match).")]
    u: Annotated[float, Field(gt=0, le=1, description="P(level | no match).")]
    weight: Annotated[float, Field(description="log2(m / u).")]
    trained: Annotated[Trained, Field(description="How the value came about.")]


class SavedModel(Settings):
    """The model of one entity type."""

    party_version: Annotated[int | None, Field(description="Delta version of silver/party that it was trained on.")] = None
    iterations: Annotated[int, Field(description="Most EM iterations that a pass took.")]
    converged: Annotated[bool, Field(description="Whether every pass converged.")]
    prior_weight: Annotated[float, Field(description="log2 odds that two random records match.")]
    related_share: Annotated[float, Field(ge=0, lt=1, description="Share of related pairs among those that do not match.")] = 0.0
    comparisons: Annotated[dict[str, tuple[SavedLevel, ...]], Field(description="Levels by comparison, in order.")]


class SavedModels(Settings):
    """A model file: a model for each entity type that was matched."""

    person: SavedModel | None = None
    company: SavedModel | None = None

    def of(self, entity_type: str) -> SavedModel | None:
        """Return the model of an entity type, None when the file has none."""
        return self.person if entity_type == "person" else self.company


def as_yaml(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows of match/model as the text of a model file.

    Raises:
        DataContractError: when there are no rows.
    """
    types = _by_type(rows)
    if not types:
        raise DataContractError("match/model is empty", hint="run the match stage first")
    return _HEAD + yaml.safe_dump(types, sort_keys=True, allow_unicode=True, width=200)


def _by_type(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    types: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda r: int(r["level_number"])):
        model = types.setdefault(str(row["entity_type"]), {"comparisons": {}})
        version = row["party_version"]
        model |= {
            "party_version": None if _missing(version) else int(version),
            "iterations": int(row["iterations"]),
            "converged": bool(row["converged"]),
        }
        if row["comparison"] == PRIOR:
            model["prior_weight"] = float(row["weight"])
        elif row["comparison"] == RELATED:
            share = row["m"]
            model["related_share"] = 1.0 / (1.0 + 2.0 ** -float(row["weight"])) if _missing(share) else float(share)
        elif row["level_number"] >= 0:
            levels = model["comparisons"].setdefault(str(row["comparison"]), [])
            levels.append({"level": row["level"], **{k: float(row[k]) for k in ("m", "u", "weight")}, "trained": row["trained"]})
    return types


def _missing(value: Any) -> bool:
    return value is None or value != value


def model_of(
    rows: Sequence[Mapping[str, Any]], entity_type: str, comparisons: tuple[Comparison, ...], group_discount: float
) -> Model:
    """Return the model that rows of match/model hold, the very numbers that were trained, term frequencies included.

    Raises:
        ConfigurationError: when it was trained for other comparisons or levels.
        DataContractError: when there is no model of that entity type.
    """
    saved = SavedModels.model_validate(_by_type(rows)).of(entity_type)
    if saved is None:
        raise DataContractError(f"match/model holds no model for {entity_type}", hint="run the match stage again")
    positions = {comparison.name: at for at, comparison in enumerate(comparisons)}
    means = {
        (positions[row["comparison"]], int(row["level_number"])): float(row["mean_others"])
        for row in rows
        if row["entity_type"] == entity_type and row["comparison"] in positions and not _missing(row["mean_others"])
    }
    return with_frequencies(saved, entity_type, comparisons, means, group_discount)


def parse_saved(text: str, place: str) -> SavedModels:
    """Return the models of a file.

    Args:
        text: the file's text.
        place: the file's name, for errors.

    Raises:
        ConfigurationError: when the text is no model file, with every problem found.
    """
    try:
        return SavedModels.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        raise ConfigurationError(f"the model file {place} is not YAML") from error
    except ValidationError as error:
        problems = tuple(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5])
        hint = "write it with onefold model --export"
        raise ConfigurationError(f"{place} is no model file", problems=problems, hint=hint) from None


def with_frequencies(
    saved: SavedModel,
    entity_type: str,
    comparisons: tuple[Comparison, ...],
    mean_others: Mapping[tuple[int, int], float],
    group_discount: float,
) -> Model:
    """Return the model for these comparisons, its term frequencies those of the data at hand.

    Raises:
        ConfigurationError: when the model was trained for other comparisons or levels, naming each difference.
    """
    problems = tuple(_differences(saved, comparisons))
    if problems:
        hint = "train anew (leave training.model out), or use the comparisons that the model was trained for"
        raise ConfigurationError(f"the saved {entity_type} model was trained for other comparisons", problems=problems, hint=hint)
    models = []
    for position, comparison in enumerate(comparisons):
        levels = tuple(
            LevelModel(i, v.level, v.m, v.u, v.weight, v.trained) for i, v in enumerate(saved.comparisons[comparison.name])
        )
        counted = {level: mean for (at, level), mean in mean_others.items() if at == position}
        share, group, shared = comparison.fuzzy_term_frequency, comparison.group, comparison.shared
        models.append(ComparisonModel(comparison.name, levels, counted, share, group, shared))
    trained = (saved.iterations, saved.converged, group_discount)
    return Model(entity_type, saved.prior_weight, tuple(models), *trained, related_share=saved.related_share)


def _differences(saved: SavedModel, comparisons: tuple[Comparison, ...]) -> Iterable[str]:
    names = {c.name for c in comparisons}
    for missing in sorted(names - set(saved.comparisons)):
        yield f"comparison {missing}: not in the model"
    for further in sorted(set(saved.comparisons) - names):
        yield f"comparison {further}: in the model, not in comparisons.yml"
    for comparison in comparisons:
        wanted = [*(level.name for level in comparison.levels), "else"]
        found = [level.level for level in saved.comparisons.get(comparison.name, ())]
        if found and found != wanted:
            yield f"comparison {comparison.name}: levels {', '.join(wanted)} wanted, the model has {', '.join(found)}"
