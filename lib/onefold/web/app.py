"""The application: its addresses, and what every request passes before and after its handler."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from onefold.errors import OnefoldError, StageOrderError
from onefold.web import decided, entry, review
from onefold.web.call import HEADERS, Call, go_to, json_answer, page_of
from onefold.web.gate import RefusedError
from onefold.web.site import Site
from onefold.web.worker import BusyError

__all__ = ["Site", "make_app"]

logger = logging.getLogger(__name__)

_MOST_BYTES = 64 * 1024
Handler = Callable[[Site, Call], Response]


@dataclass(frozen=True)
class _Way:
    """A handler and what is asked of its callers: `free`: no login, `machine`: JSON in and out, no form and no cookie made."""

    path: str
    handle: Handler
    method: str = "GET"
    free: bool = False
    machine: bool = False


def _ways() -> tuple[_Way, ...]:
    return (
        _Way("/", review.queue),
        _Way("/item/{item_id}", review.item),
        _Way("/item/{item_id}", review.answer, "POST"),
        _Way("/item/{item_id}/customer/{number:int}", review.customer),
        _Way("/decisions", decided.decisions),
        _Way("/decisions/{decision_id}/revoke", decided.revoke, "POST"),
        _Way("/login", entry.login, free=True),
        _Way("/login", entry.log_in, "POST", free=True),
        _Way("/logout", entry.log_out, "POST"),
        _Way("/match-one", entry.Catcher(), "POST", machine=True),
        _Way("/health", entry.health, free=True, machine=True),
        *(_Way(f"/{name}", partial(_file, name), free=True, machine=True) for name in ("style.css", "keys.js")),
    )


def _file(name: str, _site: Site, call: Call) -> Response:
    return entry.own_file(name, call)


def make_app(site: Site) -> Starlette:
    """Return the application of a site."""
    routes = [Route(way.path, _endpoint(site, way), methods=[way.method]) for way in _ways()]
    lost = {404: "There is nothing here", 405: "Not done this way"}

    async def missing(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 404)
        session = site.gate.session(request.cookies.get(site.cookie))
        return _finished(_told(site, Call(session), status, lost[status], "The address is wrong, or the page has gone."))

    return Starlette(routes=routes, exception_handlers=dict.fromkeys(lost, missing))


def _endpoint(site: Site, way: _Way) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        started = time.monotonic()
        body = await _body(request)
        response = await run_in_threadpool(_served, site, way, request, body)
        told = {"method": request.method, "route": way.path, "status": response.status_code}
        logger.info("request", extra=told | {"ms": round((time.monotonic() - started) * 1000)})
        return _finished(response)

    return endpoint


async def _body(request: Request) -> bytes | None:
    """Return the body; None when it is too large."""
    taken = b""
    async for piece in request.stream():
        taken += piece
        if len(taken) > _MOST_BYTES:
            return None
    return taken


def _served(site: Site, way: _Way, request: Request, body: bytes | None) -> Response:
    session = site.gate.session(request.cookies.get(site.cookie))
    made = None
    if session is None and not (way.free or way.machine):
        session = made = site.gate.visit()
    call = Call(session, request.path_params, dict(request.query_params), address=request.client.host if request.client else "")
    try:
        response = _answered(site, way, request, body, call)
    except Exception as error:
        response = _failed(site, way, call, error)
    if made is not None:
        response.set_cookie(site.cookie, made.key, httponly=True, samesite="strict", secure=site.secure, path="/")
    return response


def _answered(site: Site, way: _Way, request: Request, body: bytes | None, call: Call) -> Response:
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if site.own_hosts is not None and host not in site.own_hosts:
        raise RefusedError(400, "Asked for by another name", "Open the address that the server printed when it started.")
    if call.session is None and site.gate.asks and not way.free:
        if way.machine:
            raise RefusedError(401, "Not logged in", "POST name and password to /login, and send the cookie along.")
        return go_to("/login")
    if way.method == "GET":
        return way.handle(site, call)
    site.gate.check_origin(request.headers)
    if body is None:
        raise RefusedError(413, "Too much", f"{_MOST_BYTES} bytes at most.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != ("application/json" if way.machine else "application/x-www-form-urlencoded"):
        raise RefusedError(415, "Not in this form", "Pages send forms; /match-one takes application/json.")
    if way.machine:
        return way.handle(site, _with(call, body=body))
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))
    if call.session is not None:
        site.gate.check_token(call.session, form.get("token", ""))
    return way.handle(site, _with(call, form=form))


def _with(call: Call, *, form: dict[str, str] | None = None, body: bytes = b"") -> Call:
    return Call(call.session, call.path, call.query, form or {}, body, call.address)


def _failed(site: Site, way: _Way, call: Call, error: Exception) -> Response:
    """Answer for what was raised; of the unexpected only the kind is said and logged, its text may hold values."""
    if isinstance(error, RefusedError):
        status, title, text = error.status, error.title, error.text
    elif isinstance(error, BusyError):
        status, title = 503, "One moment"
        text = "Spark is reading what you asked for, after what others asked for before. This page opens by itself."
    elif isinstance(error, OnefoldError):
        status, title, text = (503 if isinstance(error, StageOrderError) else 500), "It did not work", error.message
    else:
        status, title, text = 500, "It did not work", f"{type(error).__name__}; the server's log says where."
        logger.error("request failed", extra={"route": way.path, "kind": type(error).__name__, "place": _place(error)})
    if way.machine:
        return json_answer({"error": title, "detail": text}, status)
    return _told(site, call, status, title, text, refresh=2 if isinstance(error, BusyError) else 0)


def _place(error: Exception) -> str:
    """Return the innermost of our own lines that the error came through."""
    found, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "onefold" in code.co_filename:
            found = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _told(site: Site, call: Call, status: int, title: str, text: str, *, refresh: int = 0) -> Response:
    if refresh:  # notices wait for the page that stays
        return page_of("message.html", call, status=status, title=title, text=text, refresh=refresh)
    return site.page("message.html", call, status=status, title=title, text=text)


def _finished(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
