"""The part of quality.yml that speaks of time and money: what is watched, what failures cost, targets, alarms."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from onefold.contracts.settings import Settings

__all__ = ["AlarmSettings", "CostSettings", "TargetSettings", "WatchSettings"]

Share = Annotated[float, Field(ge=0, le=1)]


class WatchSettings(Settings):
    """When a change is an incident."""

    levels: Annotated[
        tuple[
            Literal["overall", "dimension", "attribute", "attribute_source", "source", "region", "division", "owner", "rule"], ...
        ],
        Field(description="Levels whose scores are watched; volumes and ages are watched by source in any case."),
    ] = ("rule",)
    false_a_month: Annotated[
        float, Field(gt=0, description="False incidents a month that are accepted, over all series together.")
    ] = 1.0
    history_days: Annotated[int, Field(ge=14, le=400, description="Days back that are looked at.")] = 90
    first_points: Annotated[int, Field(ge=7, description="Days that a history has before anything is an incident.")] = 7
    confirm: Annotated[int, Field(ge=1, description="Days in a row before a change opens an incident.")] = 2
    accept_after: Annotated[int, Field(ge=7, description="Days after which a changed state counts as the normal one.")] = 56
    least_score: Annotated[float, Field(ge=0, description="Changes of a score below this are never an incident.")] = 0.01
    large_score: Annotated[float, Field(gt=0, description="A score that falls by this opens one at once.")] = 0.10
    least_volume: Annotated[float, Field(ge=0, description="Changes of a volume below this share never are.")] = 0.2
    large_volume: Annotated[float, Field(gt=0, description="A volume that changes by this share opens one at once.")] = 0.3
    least_age_days: Annotated[float, Field(ge=0, description="A feed later than its habit by less than this never is.")] = 1.5


class CostSettings(Settings):
    """What one failure costs, by estimate; the most particular entry counts: rule, attribute, dimension, default."""

    currency: Annotated[str, Field(min_length=1, max_length=8, description="Shown beside every cost.")] = "EUR"
    default: Annotated[float | None, Field(ge=0, description="Cost of one failure; none: no estimate.")] = None
    dimensions: Annotated[dict[str, float], Field(description="Cost of one failure by dimension.")] = {}
    attributes: Annotated[dict[str, float], Field(description="Cost of one failure by attribute.")] = {}
    rules: Annotated[dict[str, float], Field(description="Cost of one failure by rule.")] = {}

    def of(self, rule: str, attribute: str, dimension: str) -> float | None:
        """Return what one failure of a rule costs."""
        return self.rules.get(rule, self.attributes.get(attribute, self.dimensions.get(dimension, self.default)))


class TargetSettings(Settings):
    """Which score is to be reached; the most particular entry counts."""

    default: Annotated[Share, Field(description="Target of every attribute.")] = 0.95
    dimensions: Annotated[dict[str, Share], Field(description="Target by dimension.")] = {}
    attributes: Annotated[
        dict[str, Share | dict[str, Share]],
        Field(description="Target by attribute: a number, or one for each dimension, (all) for the whole attribute."),
    ] = {}

    def of(self, attribute: str, dimension: str) -> float:
        """Return the target of an attribute in a dimension, or in all of them: (all)."""
        own = self.attributes.get(attribute)
        if isinstance(own, dict):
            own = own.get(dimension, own.get("(all)"))
        return self.dimensions.get(dimension, self.default) if own is None else own


class AlarmSettings(Settings):
    """Who is told of incidents, and when a run fails by them."""

    webhook_env: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Z][A-Z0-9_]*$",
            description="Environment variable that holds the address incidents are sent to; never the address itself.",
        ),
    ] = None
    timeout_seconds: Annotated[float, Field(gt=0, le=60, description="How long one try may take.")] = 5.0
    tries: Annotated[int, Field(ge=1, le=5, description="Tries before giving up; the run goes on in any case.")] = 3
    fail_on: Annotated[
        Literal["stops", "incidents", "open"],
        Field(
            description="When a run exits with code 5: stops, only when publication was stopped; incidents, when one was "
            "opened; open, as long as one is open."
        ),
    ] = "stops"
