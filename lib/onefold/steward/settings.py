"""review.yml: how much of what is unsure is put before people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from onefold.contracts.settings import Settings

__all__ = ["ReviewSettings"]


class ReviewSettings(Settings):
    """How long the review queue is and how far from the threshold it looks."""

    max_items: Annotated[
        int, Field(ge=1, le=100_000, description="Most items in gold/review_queue, the most valuable first.")
    ] = 1_000
    near_weight: Annotated[
        float,
        Field(
            gt=0, description="Pairs within this many bits of the threshold are unsure enough to ask about (4: odds of 16 to 1)."
        ),
    ] = 4.0
