"""clustering.yml: from which score on two records are one customer, and how components are found."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from onefold.contracts.settings import Settings

__all__ = ["ClusteringSettings", "EntityThreshold"]


class EntityThreshold(Settings):
    """The score from which a pair joins two records, as a probability or as a weight; exactly one of them."""

    threshold: Annotated[
        float | None, Field(gt=0, lt=1, description="Least match probability of a pair that joins, between 0 and 1.")
    ] = None
    threshold_weight: Annotated[
        float | None, Field(description="Least match weight (log base 2 of the odds) of a pair that joins.")
    ] = None

    @model_validator(mode="after")
    def _one_threshold(self) -> Self:
        if (self.threshold is None) == (self.threshold_weight is None):
            raise ValueError("give exactly one of threshold (a probability) and threshold_weight")
        return self

    @property
    def least_weight(self) -> float:
        """The threshold as a match weight: log base 2 of the odds.

        >>> EntityThreshold(threshold=0.5).least_weight
        0.0
        """
        if self.threshold_weight is not None:
            return self.threshold_weight
        probability = self.threshold or 0.5
        return math.log2(probability / (1 - probability))


class ClusteringSettings(Settings):
    """How scored pairs become entities."""

    person: Annotated[EntityThreshold, Field(description="Threshold for pairs of people.")] = EntityThreshold(threshold=0.95)
    company: Annotated[EntityThreshold, Field(description="Threshold for pairs of companies.")] = EntityThreshold(threshold=0.95)
    algorithm: Annotated[
        Literal["graphframes", "graphx"],
        Field(description="Connected components: graphframes (rounds grow with log of the size) or graphx (with the diameter)."),
    ] = "graphframes"
    contraction_rounds: Annotated[
        int,
        Field(ge=0, le=5, description="Rounds that fold each record into its smallest neighbour before the graph is built."),
    ] = 3
    checkpoint_interval: Annotated[
        int, Field(ge=1, description="Rounds between checkpoints of the component search (graphframes only).")
    ] = 1
