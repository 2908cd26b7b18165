"""What a handler is given, what it may answer, and the pages made of the templates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from onefold.match.judge.page import STYLE
from onefold.web.gate import Session

__all__ = ["HEADERS", "Call", "asset", "go_to", "json_answer", "page_of"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""Sent with every answer. Attributes may carry style (the drawings do); no style sheet and no script but our own is taken."""

_PAGES = Environment(
    loader=PackageLoader("onefold.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True)
class Call:
    """One request as a handler sees it."""

    session: Session | None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = ""

    @property
    def who(self) -> str:
        """The name of the person; empty when nobody is logged in."""
        return self.session.name if self.session else ""

    def page_number(self) -> int:
        """Return the page of a list that was asked for, from 1."""
        wanted = self.query.get("page", "1")
        return max(1, int(wanted)) if wanted.isdecimal() and len(wanted) < 7 else 1


def page_of(template: str, call: Call, *, status: int = 200, **values: Any) -> Response:
    """Return a page; every value that a template shows is escaped unless it is Markup."""
    given: dict[str, Any] = {"who": call.who, "token": call.session.token if call.session else "", "style": asset("style.css")[2]}
    given |= {"keys": asset("keys.js")[2], "notices": (), "writing": 0, "logout": False, "refresh": 0}
    return HTMLResponse(_PAGES.get_template(template).render(given | values), status_code=status)


def go_to(where: str) -> Response:
    """Send the browser on, after a form was taken."""
    return RedirectResponse(where, status_code=303)


def json_answer(value: object, status: int = 200) -> Response:
    """Return a value as JSON; what JSON does not know (a date) becomes text."""
    return Response(json.dumps(value, default=str), status, media_type="application/json")


@cache
def asset(name: str) -> tuple[str, str, str]:
    """Return the text of one of our own files, its media type, and a mark that changes with it."""
    text = (resources.files("onefold.web") / "static" / name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        text = STYLE + text
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return text, kind, hashlib.sha256(text.encode()).hexdigest()[:12]
