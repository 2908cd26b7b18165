"""What is answered about a prospect: the customers that it may be, with the evidence for each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Answer", "Evidence"]


@dataclass(frozen=True)
class Evidence:
    """What one comparison says: the level reached and its weight (log2), with what the value's rarity adds."""

    name: str
    level: str
    weight: float
    tf_weight: float


@dataclass(frozen=True)
class Answer:
    """A customer that the prospect may be, by its record that is nearest to it.

    `records` counts the customer's records that were compared; `rules` are the blocking rules that found the nearest one;
    `not_compared` names comparisons that this index cannot make, which weigh nothing. `customer_id` is None for a record that
    no release holds yet.
    """

    customer_id: str | None
    record_id: str
    source: str
    entity_type: str
    match_weight: float
    match_probability: float
    comparisons: tuple[Evidence, ...]
    rules: tuple[str, ...]
    records: int
    not_compared: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain values, for JSON."""
        return asdict(self)
