"""audiences/*.yml: who a campaign may contact, through which channel, how often."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import ConfigDict, Field, field_validator, model_validator

from onefold.contracts.settings import Settings

__all__ = ["AudienceSettings", "Filter", "FrequencyCap", "Interacted"]

Scalar = str | bool | int | float


class Interacted(Settings):
    """Customers by what they did or what was sent to them."""

    kinds: Annotated[tuple[str, ...], Field(description="Kinds of interaction that count; empty for all.")] = ()
    channels: Annotated[tuple[str, ...], Field(description="Channels that count; empty for all.")] = ()
    direction: Annotated[Literal["inbound", "outbound"] | None, Field(description="Direction that counts; default both.")] = None
    within_days: Annotated[int, Field(ge=1, description="Rolling window that ends at the audience's date.")]
    at_least: Annotated[int, Field(ge=1, description="Least number of interactions in the window.")] = 1


class Filter(Settings):
    """One condition on the customer: on an attribute (or `age`, in full years), or on the interactions. All must hold."""

    model_config = ConfigDict(populate_by_name=True)

    name: Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name in the reason; default the attribute.")] = (
        None
    )
    attribute: Annotated[str | None, Field(description="Column of gold/customer, or age.")] = None
    is_: Annotated[tuple[Scalar, ...] | None, Field(alias="is", min_length=1, description="The value is one of these.")] = None
    not_: Annotated[
        tuple[Scalar, ...] | None, Field(alias="not", min_length=1, description="The value is none of these; no value passes.")
    ] = None
    at_least: Annotated[float | date | None, Field(description="The number or date is this or more.")] = None
    at_most: Annotated[float | date | None, Field(description="The number or date is this or less.")] = None
    present: Annotated[bool | None, Field(description="Whether there must be a value (true) or none (false).")] = None
    interacted: Annotated[Interacted | None, Field(description="Condition on interactions instead of an attribute.")] = None

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        tests = (self.is_, self.not_, self.at_least, self.at_most, self.present)
        given = sum(test is not None for test in tests)
        if (self.attribute is None) == (self.interacted is None):
            raise ValueError("give either attribute or interacted")
        if self.attribute is not None and given == 0:
            raise ValueError(f"attribute {self.attribute!r} needs a test: is, not, at_least, at_most or present")
        if self.interacted is not None and given:
            raise ValueError("interacted carries its own within_days and at_least; is, not, ... belong to an attribute")
        return self

    @property
    def label(self) -> str:
        """The filter's name in an exclusion's reason."""
        return self.name or self.attribute or "interacted"


class FrequencyCap(Settings):
    """The most outbound contacts that a customer may have had in a window before one more is too many."""

    max_contacts: Annotated[
        int, Field(ge=1, description="Contacts allowed in the window; a customer who has had as many is left out.")
    ]
    days: Annotated[int | None, Field(ge=1, description="Rolling window: this many days up to the audience's date.")] = None
    calendar: Annotated[
        Literal["day", "week", "month"] | None,
        Field(description="Calendar window instead: the running day, week (from Monday) or month."),
    ] = None
    time_zone: Annotated[str, Field(description="Time zone of the calendar window.")] = "UTC"
    channels: Annotated[
        Literal["same", "any"], Field(description="Count contacts on the campaign's channel only, or on any channel.")
    ] = "any"
    kinds: Annotated[
        tuple[str, ...], Field(description="Kinds of outbound interaction that count as a contact; empty for all of them.")
    ] = ()

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        if (self.days is None) == (self.calendar is None):
            raise ValueError("give either days (a rolling window) or calendar (day, week or month)")
        return self

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"no time zone called {value!r}; names are like Europe/Berlin")
        return value


class AudienceSettings(Settings):
    """One audience, as its YAML file declares it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name of the audience in gold/audience.")]
    description: Annotated[str, Field(description="What the campaign is, for people.")] = ""
    entity_type: Annotated[
        Literal["person", "company"] | None, Field(description="Only people or only companies; default both.")
    ] = None
    filters: Annotated[tuple[Filter, ...], Field(description="Conditions that must all hold.")] = ()
    channel: Annotated[Literal["email", "phone", "post"], Field(description="How the customer is contacted.")]
    purpose: Annotated[str, Field(min_length=1, description="Purpose of the contact, as in the consents.")] = "marketing"
    consent_required: Annotated[
        bool,
        Field(description="Whether only an opt-in will do (unknown is no); false for notices without: opt-outs still exclude."),
    ] = True
    frequency_cap: Annotated[FrequencyCap | None, Field(description="Most contacts in a window; default no cap.")] = None
    limit: Annotated[
        int | None, Field(ge=1, description="Most customers selected; chosen by a stable hash of the customer id.")
    ] = None
    as_of: Annotated[
        datetime | None, Field(description="Date and time (UTC) that windows and ages count from; default the run's start.")
    ] = None
