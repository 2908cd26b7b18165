"""The pages of the review queue: the list, one item with its two records, the graph of a customer, and an answer."""

from __future__ import annotations

from typing import Any, get_args

from markupsafe import Markup
from starlette.responses import Response

from onefold.errors import DataContractError
from onefold.match.judge.asking import Answer
from onefold.match.judge.cluster_page import cluster_sections
from onefold.match.judge.page import section, sentence
from onefold.match.judge.pair_page import records_table, verdict, weight_section
from onefold.match.judge.sides import side_by_side
from onefold.run.desk import EntitySheet
from onefold.run.queue import Item
from onefold.web.call import Call, go_to
from onefold.web.desk import Notice, Place
from onefold.web.gate import RefusedError
from onefold.web.site import Site

__all__ = ["LONGEST_REASON", "answer", "customer", "item", "queue"]

LONGEST_REASON = 300
_A_PAGE = 50
_WORDS: dict[Answer, str] = {"match": "same", "no_match": "different", "unsure": "unsure"}


def queue(site: Site, call: Call) -> Response:
    """Show the open items, the most valuable first."""
    items = site.desk.items()
    pages = max(1, -(-len(items) // _A_PAGE))
    number = min(call.page_number(), pages)
    start = (number - 1) * _A_PAGE
    shown = items[start : start + _A_PAGE]
    if shown:
        site.desk.prepare(shown[0])
    return site.page("queue.html", call, items=shown, start=start, count=len(items), number=number, pages=pages)


def item(site: Site, call: Call) -> Response:
    """Show an item: the two records side by side, the form for the answer, the waterfall, and a suspicious customer's graph."""
    asked, place = _open_item(site, call)
    sheet = site.desk.pair(asked)
    values: dict[str, Any] = {"item": asked, "place": place, "longest": LONGEST_REASON}
    if sheet is None:
        return site.page("item.html", call, records="", sections=(), lead="", gone=True, **values)
    records = records_table(sheet.explanation, side_by_side(sheet.left, sheet.right))
    sections = [Markup(weight_section(sheet.explanation, sheet.least_weight))]  # escaped where it is made
    if asked.kind == "cluster":
        sections += _graph(site, asked.customer_ids[0])
    site.desk.prepare(place.after)
    lead = verdict(sheet.explanation, sheet.least_weight)
    return site.page("item.html", call, records=Markup(records), sections=sections, lead=lead, gone=False, **values)


def customer(site: Site, call: Call) -> Response:
    """Show the graph of one of the customers that an item touches; it is named by its place, so that no id is in the address."""
    asked, _ = _open_item(site, call)
    number = int(call.path["number"])
    if not 1 <= number <= len(asked.customer_ids):
        raise RefusedError(404, "No such customer", "The item touches fewer customers.")
    sections = _graph(site, asked.customer_ids[number - 1])
    return site.page("customer.html", call, item=asked, customer_id=asked.customer_ids[number - 1], sections=sections)


def answer(site: Site, call: Call) -> Response:
    """Take the answer to an item, and go on to the next one."""
    said, reason = call.form.get("answer", ""), " ".join(call.form.get("reason", "").split())
    if said not in get_args(Answer):
        raise RefusedError(400, "No answer", "Choose same, different or unsure. Nothing was recorded.")
    if said != "unsure" and not reason:
        raise RefusedError(400, "No reason given", "Say in a few words why: a decision keeps its reason. Nothing was recorded.")
    if len(reason) > LONGEST_REASON:
        raise RefusedError(400, "The reason is too long", f"{LONGEST_REASON} characters at most. Nothing was recorded.")
    found = site.desk.place(call.path["item_id"])
    if found is None or not site.desk.answer(found[0], said, reason, call.who):  # type: ignore[arg-type]  # checked above
        site.desk.tell(call.who, Notice("refused", f"{call.path['item_id']} is not open any more; nothing was recorded."))
        return go_to("/")
    asked, place = found
    site.desk.tell(call.who, Notice("done", f"{asked.item_id} answered: {_WORDS[said]}."))  # type: ignore[index]
    after = place.after or place.before
    return go_to(f"/item/{after.item_id}" if after else "/")


def _open_item(site: Site, call: Call) -> tuple[Item, Place]:
    found = site.desk.place(call.path["item_id"])
    if found is None:
        raise RefusedError(404, "Not open", "This item is not in the queue: answered, settled by another answer, or never there.")
    return found


def _graph(site: Site, customer_id: str) -> list[Markup]:
    try:
        sheet: EntitySheet = site.desk.entity(customer_id)
    except DataContractError as error:
        return [Markup(section("The customer", Markup("<p>{}</p>").format(sentence(error.message))))]
    return [Markup(part) for part in cluster_sections(sheet.cluster, sheet.values)]  # escaped where it is made
