"""The page of decisions, and taking one back."""

from __future__ import annotations

from starlette.responses import Response

from onefold.web.call import Call, go_to
from onefold.web.desk import Notice
from onefold.web.gate import RefusedError
from onefold.web.review import LONGEST_REASON
from onefold.web.site import Site

__all__ = ["decisions", "revoke"]

_A_PAGE = 50


def decisions(site: Site, call: Call) -> Response:
    """Show all decisions with their states, the newest first."""
    found = site.desk.decisions()
    pages = max(1, -(-len(found) // _A_PAGE))
    number = min(call.page_number(), pages)
    shown = found[(number - 1) * _A_PAGE : number * _A_PAGE]
    return site.page(
        "decisions.html", call, decisions=shown, count=len(found), number=number, pages=pages, longest=LONGEST_REASON
    )


def revoke(site: Site, call: Call) -> Response:
    """Take a decision back, and show the list again."""
    wanted, reason = call.path["decision_id"], " ".join(call.form.get("reason", "").split())
    known = next((d for d in site.desk.decisions() if d["decision"] == wanted), None)
    if known is None:
        raise RefusedError(404, "No such decision", "The list shows those there are.")
    if not reason or len(reason) > LONGEST_REASON:
        raise RefusedError(400, "No reason given", f"Say why it is taken back, in {LONGEST_REASON} characters at most.")
    site.desk.tell(call.who, Notice("done", f"{wanted} is being taken back."))
    site.desk.revoke(wanted, reason, call.who)
    return go_to("/decisions")
