"""Getting in and out, the health of the server, and the question who a prospect may be."""

from __future__ import annotations

import json
from threading import Lock

from starlette.responses import Response

from onefold import __version__
from onefold.errors import DataContractError, OnefoldError
from onefold.web.call import Call, asset, go_to, json_answer
from onefold.web.gate import RefusedError
from onefold.web.site import Index, Site

__all__ = ["Catcher", "health", "log_in", "log_out", "login", "own_file"]


def login(site: Site, call: Call) -> Response:
    """Show the form to log in."""
    return go_to("/") if call.session or not site.gate.asks else site.page("login.html", call, problem="", name="")


def log_in(site: Site, call: Call) -> Response:
    """Let a person in who gives the right password; what is wrong is said in the form."""
    if not site.gate.asks:
        return go_to("/")
    name = call.form.get("name", "").strip()[:64]
    try:
        session = site.gate.enter(name, call.form.get("password", ""), call.address)
    except RefusedError as refused:
        return site.page("login.html", call, status=refused.status, problem=f"{refused.title}. {refused.text}", name=name)
    response = go_to("/")
    response.set_cookie(site.cookie, session.key, httponly=True, samesite="strict", secure=site.secure, path="/")
    return response


def log_out(site: Site, call: Call) -> Response:
    """End the session."""
    if call.session:
        site.gate.leave(call.session)
    response = go_to("/login")
    response.delete_cookie(site.cookie, path="/", httponly=True, samesite="strict", secure=site.secure)
    return response


def health(site: Site, _call: Call) -> Response:
    """Say that the server lives, and how many answers are still to be written; nothing personal."""
    return json_answer({"status": "ok", "version": __version__, "writing": site.desk.worker.writing})


def own_file(name: str, call: Call) -> Response:
    """Return our style sheet or script."""
    text, kind, mark = asset(name)
    lasting = "public, max-age=31536000, immutable" if call.query.get("v") == mark else "no-cache"
    return Response(text, media_type=kind, headers={"Cache-Control": lasting})


class Catcher:
    """Answers match-one from the index: opened once, again when a newer one is there, and asked by one request after another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._index: Index | None = None

    def __call__(self, site: Site, call: Call) -> Response:
        """Answer with the customers that the prospect (a JSON object) may be."""
        try:
            prospect = json.loads(call.body)
        except ValueError:
            prospect = None
        if not isinstance(prospect, dict):
            raise RefusedError(400, "No prospect", "Send one JSON object with the prospect's attributes.")
        with self._lock:
            index = self._newest(site)
            try:
                found = index.match(prospect)
            except DataContractError as error:
                raise RefusedError(422, "Not a prospect", str(error)) from error
        return json_answer({"matches": [each.to_dict() for each in found]})

    def _newest(self, site: Site) -> Index:
        try:
            if self._index is None or not self._index.fresh:
                self._index = site.open_index()
        except OnefoldError as error:
            raise RefusedError(503, "There is no index to ask", str(error)) from error
        return self._index
