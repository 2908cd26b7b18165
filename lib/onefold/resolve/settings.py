"""clustering.yml: from which score on two records are one customer, how components are found and when they are split."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from onefold.contracts.settings import Settings

__all__ = ["ClusteringSettings", "Contradiction", "EntityClustering", "SplittingSettings"]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Contradiction(Settings):
    """An attribute of which one entity has one value: two that differ forbid that their records are one entity."""

    attribute: Annotated[Name, Field(description="Column of silver/party, such as duns or birth_date.")]
    tolerance: Annotated[
        Literal["none", "typo"],
        Field(description="typo: one slip is no difference (an edit, neighbours swapped, day and month of a date swapped)."),
    ] = "typo"
    confirmed: Annotated[
        int, Field(ge=1, description="A value counts only when this many records of a cluster have it; 2 forgives single errors.")
    ] = 1


class EntityClustering(Settings):
    """The score from which a pair joins (a probability, a weight, or auto) and what an entity of this type cannot be."""

    threshold: Annotated[
        float | Literal["auto"] | None,
        Field(
            description="Least match probability of a pair that joins, or auto: best expected F1 (0.95 for an untrained model)."
        ),
    ] = None
    threshold_weight: Annotated[
        float | None, Field(description="Least match weight (log base 2 of the odds) of a pair that joins.")
    ] = None
    contradictions: Annotated[
        tuple[Contradiction, ...], Field(description="Attributes whose differing values forbid one entity.")
    ] = ()
    clean_sources: Annotated[
        tuple[Name, ...], Field(description="Sources without duplicates: an entity has at most one record of each.")
    ] = ()
    max_per_source: Annotated[
        dict[Name, Annotated[int, Field(ge=1)]], Field(description="Most records of a source in one entity, by source.")
    ] = {}
    max_size: Annotated[int | None, Field(ge=2, description="Most records in one entity, all sources together.")] = None

    @model_validator(mode="after")
    def _one_threshold(self) -> Self:
        if (self.threshold is None) == (self.threshold_weight is None):
            raise ValueError("give exactly one of threshold (a probability, or auto) and threshold_weight")
        if isinstance(self.threshold, float) and not 0 < self.threshold < 1:
            raise ValueError("threshold is a probability between 0 and 1, or auto")
        names = [c.attribute for c in self.contradictions]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"contradictions: each attribute once; given more than once: {', '.join(twice)}")
        return self

    @property
    def automatic(self) -> bool:
        """Whether the threshold is chosen from the scored pairs."""
        return self.threshold == "auto"

    @property
    def least_weight(self) -> float:
        """The threshold as a match weight, log base 2 of the odds; even odds while an automatic one is not chosen yet.

        >>> EntityClustering(threshold=0.5).least_weight
        0.0
        """
        if self.threshold_weight is not None:
            return self.threshold_weight
        probability = self.threshold if isinstance(self.threshold, float) else 0.5
        return math.log2(probability / (1 - probability))

    @property
    def source_limits(self) -> dict[str, int]:
        """The most records of a source in one entity; clean sources have one."""
        return {**self.max_per_source, **dict.fromkeys(self.clean_sources, 1)}


class SplittingSettings(Settings):
    """When and how a component that joins too much is split."""

    enabled: Annotated[bool, Field(description="Whether components are split; constraints are enforced only then.")] = True
    sure_weight: Annotated[
        float,
        Field(gt=0, description="Pairs from this weight on are believed as scored; they tell what lighter ones are worth."),
    ] = 8.0
    absent_weight: Annotated[
        Annotated[float, Field(le=0)] | Literal["auto"],
        Field(description="What a pair counts that was never made or scored too low to store; auto: estimated from the pairs."),
    ] = "auto"
    max_edges: Annotated[
        int,
        Field(ge=10, description="Components with more joining pairs drop their weakest fifth first, again and again."),
    ] = 200_000


class ClusteringSettings(Settings):
    """How scored pairs become entities."""

    person: Annotated[EntityClustering, Field(description="Threshold and constraints of people.")] = EntityClustering(
        threshold=0.95
    )
    company: Annotated[EntityClustering, Field(description="Threshold and constraints of companies.")] = EntityClustering(
        threshold=0.95
    )
    splitting: Annotated[SplittingSettings, Field(description="How components that join too much are split.")] = (
        SplittingSettings()
    )
    algorithm: Annotated[
        Literal["graphframes", "graphx"],
        Field(description="Connected components: graphframes (rounds grow with log of the size) or graphx (with the diameter)."),
    ] = "graphframes"
    contraction_rounds: Annotated[
        int,
        Field(ge=0, le=5, description="Rounds that fold each record into its smallest neighbour while more edges are open."),
    ] = 3
    one_task_edges: Annotated[
        int,
        Field(ge=0, description="With this many edges or fewer left, components are found in one task, without rounds of jobs."),
    ] = 2_000_000
    checkpoint_interval: Annotated[
        int, Field(ge=1, description="Rounds between checkpoints of the component search (graphframes only).")
    ] = 1

    def of(self, entity_type: str) -> EntityClustering:
        """Return the settings of person or company."""
        return self.person if entity_type == "person" else self.company

    @property
    def attributes(self) -> tuple[str, ...]:
        """The columns of silver/party that contradictions name, of both entity types."""
        return tuple(sorted({c.attribute for chosen in (self.person, self.company) for c in chosen.contradictions}))
