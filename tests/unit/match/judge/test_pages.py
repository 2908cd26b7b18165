"""The pages are whole, fetch nothing, escape what customers typed, and hold as tables what they draw."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from onefold.match.evaluate import Evaluation
from onefold.match.explain import Explanation, Step
from onefold.match.judge.cluster import Cluster
from onefold.match.judge.cluster_page import cluster_page
from onefold.match.judge.curve import Curve, Point
from onefold.match.judge.evaluation_page import estimate_page, evaluation_page
from onefold.match.judge.expected import expected
from onefold.match.judge.graph import Link
from onefold.match.judge.labelled import from_labels
from onefold.match.judge.measures import Measures, Score
from onefold.match.judge.near_rules import KeyState, NearRule
from onefold.match.judge.page import table
from onefold.match.judge.pair_page import pair_page
from onefold.match.judge.report import Estimate, Report
from onefold.match.judge.review_plan import review_plan
from onefold.match.judge.sample_errors import ErrorPair, Errors
from onefold.match.judge.strata import Answered, Stratum

_VOID = {"meta", "br", "circle", "line", "rect", "polyline"}


class _Balanced(HTMLParser):
    """Fails on a tag that is closed in the wrong order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag


def checked(page: str) -> list[str]:
    """Return the tags of a page that is well formed and self-contained."""
    parser = _Balanced()
    parser.feed(page)
    assert parser.open == []
    assert "script" not in parser.tags
    assert not re.search(r"(?:src|href)=|url\(|https?://", page)
    assert 'lang="en"' in page
    assert "prefers-color-scheme: dark" in page
    assert page.count("<svg") == page.count('role="img"')
    assert page.count("<table") == page.count("<caption")
    return parser.tags


VALUES: dict[str, dict[str, Any]] = {
    "crm:1": {
        "record_id": "crm:1",
        "entity_type": "person",
        "full_name": "<b>Ada</b> Lovelace",
        "emails": [{"value": "a@x.org"}],
    },
    "erp:2": {"record_id": "erp:2", "entity_type": "person", "full_name": "<b>Ada</b> Lovelase"},
}
STEPS = (
    Step("prior", "before anything is compared", -14.0, -14.0),
    Step("email", "exact", 20.5, 6.5),
    Step("phone", "missing", 0, 6.5),
)


def test_the_page_of_a_pair() -> None:
    explanation = Explanation("crm:1", "erp:2", "person", True, ("email",), STEPS, 6.5, 0.989)
    page = pair_page(explanation, VALUES["crm:1"], VALUES["erp:2"], 4.25)
    tags = checked(page)
    assert "<b>" not in page
    assert "&lt;b&gt;Ada&lt;/b&gt; Lovela<mark>c</mark>e" in page
    assert tags.count("rect") == len(STEPS)
    assert "over the threshold of +4.25" in page
    assert "personal data" in page


def test_the_page_of_a_pair_that_was_never_compared() -> None:
    near = (NearRule("names", (KeyState("family_name_key", "agrees"), KeyState("birth_date", "missing", ("erp:2",)))),)
    explanation = Explanation("crm:1", "erp:2", "person", False, (), note="never compared", near=near)
    page = pair_page(explanation, VALUES["crm:1"], VALUES["erp:2"], 4.25)
    checked(page)
    assert "birth_date is missing on erp:2" in page


def test_the_page_of_an_entity() -> None:
    links = (
        Link("crm:1", "erp:2", 12.0, 0.99, "email", True),
        Link("erp:2", "shop:<3>", 6.0, 0.98, "phone", True),
        Link("crm:1", "shop:<3>", 1.0, 0.6, "phone", False),
    )
    page = cluster_page(Cluster("P1", "person", 3, ("crm:1", "erp:2", "shop:<3>"), links, 4.25), VALUES)
    tags = checked(page)
    assert tags.count("circle") == 3
    assert page.count("<line") == 3
    assert page.count("stroke-dasharray") == 1
    assert "shop:&lt;3&gt;" in page
    assert "Weakest bridge: erp:2 ~ shop:&lt;3&gt; +6.00" in page
    checked(cluster_page(Cluster("P1", "person", 1, ("crm:1",), (), 4.25), VALUES))


def test_the_pages_of_an_evaluation() -> None:
    measures = Measures(0.9, 0.8, dict.fromkeys(("precision", "recall", "f1"), (0.7, 0.95)))
    score = Score(measures, measures, measures, 100, 60, 55, {"found": 8, "predicted": 9, "true": 10, "right": 8, "closed": 10})
    chosen = Point(4.25, 9, 0.9, 0.8)
    curve = Curve("person", (Point(12.0, 5, 1.0, 0.5), chosen, Point(0.0, 14, 0.7, 0.95)), chosen, 0.95, 10)
    errors = Errors({"person": {"false_edge": 1}}, (ErrorPair("person", "false_edge", "crm:1", "crm:2", 5.0),))
    report = Report(Evaluation(score, score, None, 1, 2), {"person": curve}, errors)
    page = evaluation_page(report)
    tags = checked(page)
    assert tags.count("polyline") == 1
    assert "chosen threshold +4.25" in page
    assert "0.9000 [0.7000, 0.9500]" in page
    assert "best F1" in report.text()
    assert list(report.as_dict())[:3] == ["overall", "person", "company"]

    strata = (Stratum("person", 3, False, 200, 40.0), Stratum("person", 9, True, 900, 890.0))
    labelled = from_labels(strata, {("person", 9, True): Answered(30, 29)})
    estimate = Estimate(expected(strata), labelled, review_plan(strata, 0.05), 0.05, "1 contradiction <x>")
    page = estimate_page(estimate)
    checked(page)
    assert "1 contradiction &lt;x&gt;" in page
    assert "calibrated" in estimate.text()
    assert "review plan, person" in estimate.text()
    assert set(estimate.as_dict()) == {"expected", "from_labels", "plan", "margin", "assumptions", "warning"}


def test_numbers_stand_right_and_dates_are_not_broken() -> None:
    made = table("Things", ("name", "weight", "born"), [["a & b", "+1.50", "1990-01-01"], ["c", 1234, ""]])
    assert "a &amp; b" in made
    assert made.count('class="n"') == 3
    assert made.count('class="w"') == 3
    assert "1,234" in made
