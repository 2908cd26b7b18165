"""What stewards decide, how it holds together, and what they should look at next. Knows no terminal and no page."""

from onefold.steward.answered import Answered, answers_of, unanswered
from onefold.steward.contradictions import Conflict, find_conflicts
from onefold.steward.decisions import Decision, in_force, links, read_decisions, states, tabled
from onefold.steward.draft import Drafted, Known, Record, draft
from onefold.steward.overrides import Chosen, choose_overrides, seen_hashes
from onefold.steward.queue import Matched, review_queue
from onefold.steward.requests import Request, read_requests
from onefold.steward.settings import ReviewSettings

__all__ = [
    "Answered",
    "Chosen",
    "Conflict",
    "Decision",
    "Drafted",
    "Known",
    "Matched",
    "Record",
    "Request",
    "ReviewSettings",
    "answers_of",
    "choose_overrides",
    "draft",
    "find_conflicts",
    "in_force",
    "links",
    "read_decisions",
    "read_requests",
    "review_queue",
    "seen_hashes",
    "states",
    "tabled",
    "unanswered",
]
