"""catch.yml: whether an index for single prospects is made after each run."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from onefold.contracts.settings import Settings

__all__ = ["CatchSettings"]


class CatchSettings(Settings):
    """The index by which one prospect is held against all customers without Spark."""

    enabled: Annotated[
        bool, Field(description="Make the index after each run that published; `onefold index` makes it at any time.")
    ] = True
    folder: Annotated[
        str | None,
        Field(description="Local folder of the index; default `index` under the warehouse, where that is a local folder."),
    ] = None
    max_candidates: Annotated[
        int,
        Field(ge=1, le=10_000, description="Most records that a prospect is compared with: those that share most rules with it."),
    ] = 500
