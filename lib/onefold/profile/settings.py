"""profile.yml: how much of a table a profile looks at, and how much of it is shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from onefold.contracts.settings import Settings

__all__ = ["ProfileSettings"]


class ProfileSettings(Settings):
    """How tables are profiled."""

    exact_distinct: Annotated[
        int,
        Field(
            ge=100, description="Columns with fewer different values (about) are counted value by value, whole; others by sample."
        ),
    ] = 50_000
    sample_rows: Annotated[
        int, Field(ge=1_000, description="Rows, chosen by a hash of their content, that the other columns are judged by.")
    ] = 100_000
    listed: Annotated[int, Field(ge=1, le=100, description="Patterns and most frequent values kept of each column.")] = 10
    type_share: Annotated[
        float, Field(gt=0.5, le=1, description="Share of a text column's values that must be of one kind for it to be its type.")
    ] = 0.9
    hide_from: Annotated[
        float,
        Field(ge=0, le=1, description="Confidence that a column is personal from which its values are not shown."),
    ] = 0.3
    unique_share: Annotated[
        float, Field(gt=0.5, le=1, description="Distinct values a row (about) from which a column is counted exactly as a key.")
    ] = 0.9
    sentinels: Annotated[
        tuple[str, ...], Field(description="Values that mean nothing, beside those of standardise.yml; without case.")
    ] = ("n/k", "no data", "not applicable", "#n/a", "nan", "(null)", "\\n")
