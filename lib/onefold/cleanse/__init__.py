"""Bronze to silver: one canonical model of people and companies, standardised, every raw value kept beside."""

from onefold.cleanse.attributes import attribute_types
from onefold.cleanse.cleansed import Cleansed, cleanse_interaction, cleanse_interactions, cleanse_parties, cleanse_party
from onefold.cleanse.current import State, current_rows, newest_state
from onefold.cleanse.mapping import Mapped, Source, map_interaction, map_party
from onefold.cleanse.settings import CleanseSource, StandardiseSettings
from onefold.cleanse.unchanged import Before

__all__ = [
    "Before",
    "CleanseSource",
    "Cleansed",
    "Mapped",
    "Source",
    "StandardiseSettings",
    "State",
    "attribute_types",
    "cleanse_interaction",
    "cleanse_interactions",
    "cleanse_parties",
    "cleanse_party",
    "current_rows",
    "map_interaction",
    "map_party",
    "newest_state",
]
