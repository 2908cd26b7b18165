"""Turns scored pairs into the entity map: edges, components, identity."""

from onefold.resolve.components import connected_components
from onefold.resolve.edges import joining_pairs
from onefold.resolve.entities import entity_map
from onefold.resolve.settings import ClusteringSettings

__all__ = ["ClusteringSettings", "connected_components", "entity_map", "joining_pairs"]
