"""What a steward asks for, in the words of a command or of a line of a file, before it is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import get_args

from onefold.errors import DataContractError
from onefold.steward.decisions import Kind, Origin, Policy

__all__ = ["COLUMNS", "Request", "moment", "read_requests"]

COLUMNS = (
    "kind",
    "record_id",
    "other_record_id",
    "with_records",
    "attribute",
    "value",
    "policy",
    "reason",
    "expires_at",
    "revokes",
)


@dataclass(frozen=True)
class Request:
    """One decision asked for; ids are record ids, or customer ids where that makes sense.

    `place` says where it stands ("line 3"), for the messages; empty for the only one of a command.
    """

    kind: Kind
    reason: str
    by: str
    record: str | None = None
    other: str | None = None
    with_records: tuple[str, ...] = ()
    attribute: str | None = None
    value: str | None = field(default=None, repr=False)
    policy: Policy = "always"
    expires_at: datetime | None = None
    revokes: str | None = None
    origin: Origin = "command"
    place: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """Every record or customer that it names."""
        return tuple(i for i in (self.record, self.other, *self.with_records) if i)


def moment(text: str) -> datetime | None:
    """Return the moment that a date or an ISO date and time names, in UTC; None when it names none.

    A date alone is its beginning.
    """
    try:
        found = datetime.combine(date.fromisoformat(text), time()) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def read_requests(lines: Iterable[Mapping[str | None, str | None]], by: str, reason: str | None) -> tuple[Request, ...]:
    """Return the requests of a file, a line each.

    Args:
        lines: the lines as column to text, as csv.DictReader gives them.
        by: who decides.
        reason: the reason of lines that give none.

    Raises:
        DataContractError: with every line that cannot be read, and why; values are not repeated.
    """
    requests, problems = [], []
    for number, line in enumerate(lines, 2):  # the header is line 1
        cells = {str(k): (v or "").strip() for k, v in line.items() if k is not None}
        wrong = [*(["more cells than the header has"] if None in line else []), *_wrong(cells)]
        problems += [f"line {number}: {what}" for what in wrong]
        if not wrong:
            requests.append(_request(cells, by, cells.get("reason") or reason or "", f"line {number}"))
    if problems:
        raise DataContractError(
            f"{len(problems)} problem{'s'[: len(problems) != 1]} in the file, nothing recorded\n  - " + "\n  - ".join(problems),
            hint=f"columns: {', '.join(COLUMNS)}; kinds: {', '.join(get_args(Kind))}; with_records are joined by |",
        )
    return tuple(requests)


def _wrong(cells: Mapping[str, str]) -> Iterator[str]:
    for column in sorted(set(cells) - set(COLUMNS)):
        yield f"unknown column {column}"
    if cells.get("kind") not in get_args(Kind):
        yield "kind is none of the known ones"
    if cells.get("policy") and cells["policy"] not in get_args(Policy):
        yield f"policy is none of {', '.join(get_args(Policy))}"
    if cells.get("expires_at") and moment(cells["expires_at"]) is None:
        yield "expires_at is no date (2027-01-31, or 2027-01-31T18:00)"


def _request(cells: Mapping[str, str], by: str, reason: str, place: str) -> Request:
    texts = {name: cells.get(name) or None for name in COLUMNS}
    return Request(
        kind=cells["kind"],  # type: ignore[arg-type]  # checked before
        reason=reason,
        by=by,
        record=texts["record_id"],
        other=texts["other_record_id"],
        with_records=tuple(i for i in (cells.get("with_records") or "").split("|") if i),
        attribute=texts["attribute"],
        value=texts["value"],
        policy=texts["policy"] or "always",  # type: ignore[arg-type]  # checked before
        expires_at=moment(cells["expires_at"]) if texts["expires_at"] else None,
        revokes=texts["revokes"],
        origin="file",
        place=place,
    )
