"""Turns scored pairs into the entity map: edges, components, splitting, identity."""

from onefold.resolve.assignment import Assignment, assign_customer_ids, first_ids
from onefold.resolve.clustering import Clustering, cluster
from onefold.resolve.components import connected_components
from onefold.resolve.edges import joining_pairs
from onefold.resolve.entities import entity_map, lay_entities
from onefold.resolve.id_history import ID_COLUMNS, adopted, customer_ids, held_by_founders, history_rows, resolve_customer_ids
from onefold.resolve.metrics import cluster_metrics, split_reasons
from onefold.resolve.settings import ClusteringSettings
from onefold.resolve.split import Judgements, Plan
from onefold.resolve.thresholds import choose_thresholds

__all__ = [
    "ID_COLUMNS",
    "Assignment",
    "Clustering",
    "ClusteringSettings",
    "Judgements",
    "Plan",
    "adopted",
    "assign_customer_ids",
    "choose_thresholds",
    "cluster",
    "cluster_metrics",
    "connected_components",
    "customer_ids",
    "entity_map",
    "first_ids",
    "held_by_founders",
    "history_rows",
    "joining_pairs",
    "lay_entities",
    "resolve_customer_ids",
    "split_reasons",
]
