"""A table's profile as plain values: what the terminal, the page, Delta and a comparison are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ColumnProfile", "Counted", "Personal", "TableProfile"]


@dataclass(frozen=True)
class Counted:
    """A pattern, value, year or kind, and how many values have it: exactly, or by the sample's share of the whole."""

    label: str | None
    count: int
    share: float


@dataclass(frozen=True)
class Personal:
    """A guess what a column says of a person: what it is, its class, how sure, and why."""

    what: str
    personal_data: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class ColumnProfile:
    """Everything that is known of one column.

    `rows` counts elements where the column is a field of a list. `filled` is what is neither null nor blank nor a sentinel.
    `whole` tells whether kinds, patterns, values, years and quantiles count the whole column or a sample of its rows.
    `shows_values` tells whether values, minimum, maximum and quantiles may be seen; where not they are absent.
    """

    position: int
    name: str
    declared_type: str
    type: str
    type_share: float | None
    rows: int
    filled: int
    nulls: int
    blanks: int
    sentinels: int
    invalid: int
    distinct: int
    distinct_exact: bool
    unique: bool | None
    shortest: int | None
    longest: int | None
    mean_length: float | None
    numbers: int
    minimum: str | None
    maximum: str | None
    mean: float | None
    deviation: float | None
    quantiles: tuple[float, ...]
    kinds: tuple[Counted, ...]
    formats: tuple[Counted, ...]
    patterns: tuple[Counted, ...]
    shapes: tuple[Counted, ...]
    years: tuple[Counted, ...]
    values: tuple[Counted, ...]
    whole: bool
    shows_values: bool
    personal: Personal | None
    listed: bool = False

    @property
    def filled_share(self) -> float:
        """Share of the rows that say something."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def drawn(self) -> tuple[Counted, ...]:
        """The patterns that say more: exact ones where a few of them cover half of the values, else those without lengths."""
        covered = sum(p.share for p in self.patterns[:5])
        return self.patterns if covered >= 0.5 or not self.shapes else self.shapes

    def written_type(self) -> str:
        """Return the inferred type with its formats, e.g. `date (dd.MM.yyyy, yyyy-MM-dd)`."""
        shown = ", ".join(str(f.label) for f in self.formats[:3]) if self.type in ("date", "timestamp") else ""
        return f"{self.type} ({shown})" if shown else self.type


@dataclass(frozen=True)
class TableProfile:
    """The profile of one table or file."""

    table: str
    version: int | None
    rows: int
    columns: tuple[ColumnProfile, ...]
    sample_share: float
    keys: Mapping[tuple[str, ...], bool]
    """Candidate keys that were counted, one column or several, and whether each is filled and unique in every row."""
    seconds: float = 0.0

    @property
    def unique_keys(self) -> tuple[str, ...]:
        """The keys that hold, columns of one joined by a plus."""
        return tuple(" + ".join(names) for names, holds in self.keys.items() if holds)
