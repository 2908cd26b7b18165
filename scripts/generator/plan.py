"""What is asked for, how it is cut into chunks, and how complete and how dirty each system is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

__all__ = ["CHUNK_RECORDS", "PROFILES", "SYSTEMS", "Chunk", "Profile", "Request"]

CHUNK_RECORDS = 60_000
PEOPLE_SHARE = 0.70


@dataclass(frozen=True)
class Request:
    """One call of the generator."""

    out: Path
    records: int = 60_000
    seed: int = 7
    as_of: date = date(2026, 11, 20)

    def chunks(self) -> Iterator[Chunk]:
        """Cut the records into chunks of bounded size; entities never cross a chunk."""
        for number, start in enumerate(range(0, self.records, CHUNK_RECORDS)):
            size = min(CHUNK_RECORDS, self.records - start)
            people = round(size * PEOPLE_SHARE)
            yield Chunk(number, people, size - people)


@dataclass(frozen=True)
class Chunk:
    """Numbers of one chunk: how many party records of people and of companies it holds."""

    number: int
    person_records: int
    company_records: int


@dataclass(frozen=True)
class Profile:
    """How one system sees its parties: membership, completeness and error rates (all are probabilities)."""

    person: float
    company: float
    stale: float
    dirt: float
    nickname: float = 0.05
    native: float = 0.0
    folded: float = 0.05
    alternate_email: float = 0.08
    second_surname: float = 0.75
    middle: float = 0.5
    has: dict[str, float] = field(default_factory=dict)
    enough: int = 2


PROFILES: dict[str, Profile] = {
    "legacy_crm": Profile(
        0.30, 0.40, stale=0.40, dirt=1.6, nickname=0.03, folded=0.6, second_surname=0.5,
        has={"email": 0.40, "phone": 0.80, "mobile": 0.15, "birth": 0.65, "address": 0.96, "employer": 0.2,
             "duns": 0.25, "vat": 0.0, "registration": 0.0},
    ),
    "crm": Profile(
        0.42, 0.66, stale=0.22, dirt=1.0, native=0.25,
        has={"email": 0.90, "email2": 0.15, "phone": 0.55, "mobile": 0.72, "birth": 0.62, "address": 0.88, "employer": 0.7,
             "duns": 0.55, "vat": 0.35, "registration": 0.2},
    ),
    "erp": Profile(
        0.06, 0.75, stale=0.25, dirt=0.8, nickname=0.02, folded=0.3,
        has={"email": 0.72, "phone": 0.85, "mobile": 0.2, "birth": 0.45, "address": 0.985, "employer": 0.1,
             "duns": 0.62, "vat": 0.78, "registration": 0.55},
    ),
    "marketing": Profile(
        0.50, 0.0, stale=0.18, dirt=1.1, nickname=0.09, native=0.5, enough=1,
        has={"email": 0.97, "mobile": 0.55, "birth": 0.40, "address": 0.62, "employer": 0.5},
    ),
    "web": Profile(
        0.32, 0.0, stale=0.10, dirt=0.9, nickname=0.10, native=0.5, folded=0.12, middle=0.05, enough=1,
        has={"email": 1.0, "mobile": 0.2, "birth": 0.10, "address": 0.8, "employer": 0.4},
    ),
    "support": Profile(
        0.20, 0.14, stale=0.12, dirt=1.5, nickname=0.12, folded=0.12, middle=0.1, enough=1,
        has={"email": 0.93, "phone": 0.25, "mobile": 0.62, "address": 0.55, "employer": 0.6},
    ),
    "shop": Profile(
        0.20, 0.20, stale=0.10, dirt=0.6, native=0.3, middle=0.15,
        has={"email": 1.0, "phone": 0.15, "mobile": 0.82, "birth": 0.32, "address": 0.97, "employer": 0.1, "vat": 0.5},
    ),
    "events": Profile(
        0.16, 0.0, stale=0.12, dirt=1.5, nickname=0.10, folded=0.15, middle=0.1, enough=1,
        has={"email": 0.93, "mobile": 0.50, "address": 0.55, "employer": 0.85},
    ),
}  # fmt: skip

SYSTEMS: tuple[str, ...] = tuple(PROFILES)
