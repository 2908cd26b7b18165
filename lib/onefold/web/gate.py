"""Who is at the other end: sessions, the login, its limits, and that a form was sent from our own page."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from onefold.web.users import Users

__all__ = ["Gate", "RefusedError", "Session"]

_IDLE, _LONGEST = 3_600.0, 12 * 3_600.0  # seconds after which a session ends: unused, and in any case
_SESSIONS = 2_000
_WINDOW = 900.0  # seconds over which failed logins count
_FAILURES = {"address": 10, "name": 20}


class RefusedError(Exception):
    """A request that is not served: its HTTP status, and what the person is told."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(title)
        self.status, self.title, self.text = status, title, text


@dataclass
class Session:
    """One person at one browser: the cookie's value, the token that forms carry, and when it was made and last used."""

    name: str
    key: str
    token: str
    made: float
    used: float


class Gate:
    """Knows the sessions; without users everybody who reaches the server is its operator."""

    def __init__(self, users: Users | None, operator: str) -> None:
        self._users, self._operator = users, operator
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._failed: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._lock = Lock()

    @property
    def asks(self) -> bool:
        """Whether people have to log in."""
        return self._users is not None

    def session(self, key: str | None) -> Session | None:
        """Return the session of a cookie; None when there is none, or it has ended."""
        now = time.monotonic()
        with self._lock:
            found = self._sessions.get(key or "")
            if found is None:
                return None
            if now - found.used > _IDLE or now - found.made > _LONGEST:
                del self._sessions[found.key]
                return None
            found.used = now
            self._sessions.move_to_end(found.key)
            return found

    def visit(self) -> Session | None:
        """Open a session for the operator where nobody has to log in."""
        return None if self.asks else self._open(self._operator)

    def enter(self, name: str, password: str, address: str) -> Session:
        """Open a session for who gives the right password.

        Raises:
            RefusedError: when it is wrong, or too many were.
        """
        sources = (("address", address), ("name", name))
        if self._users is None or any(self._count(source) >= _FAILURES[source[0]] for source in sources):
            minutes = int(_WINDOW // 60)
            raise RefusedError(429, "Too many failed logins", f"Wait {minutes} minutes, then try again.")
        now = time.monotonic()
        with self._lock:  # counted before it is known, so that many at once do not slip through
            for source in sources:
                self._failed[source].append(now)
        if not self._users.knows(name, password):
            raise RefusedError(401, "Not logged in", "The name or the password is wrong.")
        with self._lock:
            for source in sources:
                self._failed[source].remove(now)
        return self._open(name)

    def leave(self, session: Session) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(session.key, None)

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """Refuse what another site's page makes a browser send.

        Raises:
            RefusedError: when the browser names another origin.
        """
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        foreign = site is not None and site not in ("same-origin", "none")
        if foreign or (origin is not None and urlsplit(origin).netloc != headers.get("host", "")):
            raise RefusedError(403, "Sent from another site", "This was not sent from a page of this server, and not done.")

    def check_token(self, session: Session, given: str) -> None:
        """Refuse a form that is not of this session.

        Raises:
            RefusedError: when its token is another.
        """
        if not hmac.compare_digest(session.token.encode(), given.encode()):
            raise RefusedError(403, "The page was too old", "It belonged to another session. Nothing was done; open it again.")

    def _open(self, name: str) -> Session:
        now = time.monotonic()
        made = Session(name, secrets.token_urlsafe(32), secrets.token_urlsafe(32), now, now)
        with self._lock:
            self._sessions[made.key] = made
            while len(self._sessions) > _SESSIONS:
                self._sessions.popitem(last=False)
        return made

    def _count(self, source: tuple[str, str]) -> int:
        with self._lock:
            times = self._failed[source]
            while times and time.monotonic() - times[0] > _WINDOW:
                times.popleft()
            if not times:
                del self._failed[source]
            return len(times)
