"""Turns scored pairs into the entity map: edges, components, splitting, identity."""

from onefold.resolve.clustering import Clustering, cluster
from onefold.resolve.components import connected_components
from onefold.resolve.edges import joining_pairs
from onefold.resolve.entities import entity_map
from onefold.resolve.metrics import cluster_metrics, split_reasons
from onefold.resolve.settings import ClusteringSettings
from onefold.resolve.split import Judgements, Plan
from onefold.resolve.thresholds import choose_thresholds

__all__ = [
    "Clustering",
    "ClusteringSettings",
    "Judgements",
    "Plan",
    "choose_thresholds",
    "cluster",
    "cluster_metrics",
    "connected_components",
    "entity_map",
    "joining_pairs",
    "split_reasons",
]
