"""Turns the entity map and silver into gold: golden records, crosswalk, pairs, consent and interactions."""

from onefold.publish.changes import change_counts, customer_changes
from onefold.publish.consents import consents
from onefold.publish.crosswalk import crosswalk, match_pairs
from onefold.publish.customers import customers
from onefold.publish.interactions import customer_interactions
from onefold.publish.settings import SurvivorshipSettings

__all__ = [
    "SurvivorshipSettings",
    "change_counts",
    "consents",
    "crosswalk",
    "customer_changes",
    "customer_interactions",
    "customers",
    "match_pairs",
]
