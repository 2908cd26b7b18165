"""The whole configuration of one run, composed of each stage's own settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from onefold.campaign.settings import AudienceSettings
from onefold.catch.settings import CatchSettings
from onefold.cleanse.settings import CleanseSource, StandardiseSettings
from onefold.contracts import Settings
from onefold.ingest.settings import IngestSource
from onefold.match.settings import BlockingSettings, ComparisonSettings
from onefold.profile.settings import ProfileSettings
from onefold.publish.settings import SurvivorshipSettings
from onefold.quality.settings import ClassificationSettings, QualitySettings, Rule, RuleFile
from onefold.resolve.settings import ClusteringSettings
from onefold.steward.settings import ReviewSettings
from onefold.store.settings import SparkSettings, WarehouseSettings

__all__ = ["Project", "Source"]


class Source(IngestSource, CleanseSource):
    """One source, as its YAML file declares it: what ingest reads and what cleanse maps."""


class Project(Settings):
    """Everything a run needs, validated; each field is a file (or folder) of the configuration."""

    sources: Annotated[tuple[Source, ...], Field(description="sources/*.yml")]
    standardise: Annotated[StandardiseSettings, Field(description="standardise.yml")] = StandardiseSettings()
    blocking: Annotated[BlockingSettings, Field(description="blocking.yml")]
    comparisons: Annotated[ComparisonSettings, Field(description="comparisons.yml")]
    clustering: Annotated[ClusteringSettings, Field(description="clustering.yml")]
    survivorship: Annotated[SurvivorshipSettings, Field(description="survivorship.yml")]
    review: Annotated[ReviewSettings, Field(description="review.yml")] = ReviewSettings()
    spark: Annotated[SparkSettings, Field(description="spark.yml")] = SparkSettings()
    warehouse: Annotated[WarehouseSettings, Field(description="warehouse.yml")] = WarehouseSettings()
    catch: Annotated[CatchSettings, Field(description="catch.yml")] = CatchSettings()
    quality: Annotated[QualitySettings, Field(description="quality.yml")] = QualitySettings()
    classification: Annotated[ClassificationSettings, Field(description="classification.yml")] = ClassificationSettings()
    rules: Annotated[tuple[RuleFile, ...], Field(description="rules/*.yml")] = ()
    profile: Annotated[ProfileSettings, Field(description="profile.yml")] = ProfileSettings()
    audiences: Annotated[tuple[AudienceSettings, ...], Field(description="audiences/*.yml")] = ()

    @property
    def quality_rules(self) -> tuple[Rule, ...]:
        """The quality rules of all files."""
        return tuple(rule for file in self.rules for rule in file.rules)
