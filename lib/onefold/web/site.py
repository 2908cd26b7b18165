"""What all handlers share: the desk, the gate, and the opener of the index that match-one asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.responses import Response

from onefold.web.call import Call, page_of
from onefold.web.desk import Desk
from onefold.web.gate import Gate

__all__ = ["Index", "Site", "Told"]


class Told(Protocol):
    """One customer that a prospect may be."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can say it."""


class Index(Protocol):
    """Finds the customers that a prospect may be, without Spark; used by one thread after another."""

    @property
    def fresh(self) -> bool:
        """Whether no newer index is there."""

    def match(self, prospect: Mapping[str, Any], /) -> Sequence[Told]:
        """Return them, the likeliest first."""


@dataclass(frozen=True)
class Site:
    """The server's own state; `open_index` opens the newest index, and raises an OnefoldError when there is none."""

    desk: Desk
    gate: Gate
    open_index: Callable[[], Index]
    secure: bool = False
    own_hosts: frozenset[str] | None = None
    """Names by which the server may be asked for; None: any (who is asked to log in cannot be tricked by another name)."""
    cookie: str = "onefold"

    def page(self, template: str, call: Call, *, status: int = 200, **values: Any) -> Response:
        """Return a page with what the person has to be told at its top."""
        told = self.desk.told(call.who) if call.session else ()
        given = {"notices": told, "writing": self.desk.worker.writing, "logout": self.gate.asks}
        return page_of(template, call, status=status, **(given | values))
