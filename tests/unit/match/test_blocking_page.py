from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np

from onefold.match.blocking import RuleReport
from onefold.match.blocking_page import blocking_page
from onefold.match.blocking_report import BlockingFigures, RuleFigures
from onefold.match.capture import Histories, estimate_recall
from onefold.match.recall import TrueRecall

REPORT = RuleReport("name<b>", 40, 120, 9, 1, 900, 900, 2, 60)
RULE = RuleFigures(REPORT, ("family_name_key|soundex",), 100, 300, 100, 20, (("#0a1b2c", 900),), ((2, 30, 30), (16, 10, 90)))


def test_the_page_stands_alone_and_its_plots_are_drawings() -> None:
    histories = Histories(np.array([1, 2, 3, 7]), np.array([40.0, 30.0, 60.0, 50.0]))
    estimate = estimate_recall(histories, [frozenset({"name"}), frozenset({"email"}), frozenset({"phone"})])
    assert estimate is not None
    figures = BlockingFigures("person", 1_000, 12, 150, 0.5, (RULE,))
    page = blocking_page("demo", [(figures, estimate, None, TrueRecall(200, 170, (150,)))])
    body = page.partition("\n")[2]
    assert ET.fromstring(
        body.replace('<meta charset="utf-8">', "").replace("&nbsp;", " ").split("</head>")[1].removesuffix("</html>\n")
    )
    assert page.count("<svg") == 3
    assert "src=" not in page
    assert "<script" not in page
    assert "name&lt;b&gt;" in page
    assert "85.00%" in page
    assert "150</strong><span>candidate pairs, estimated" in page


def test_without_an_estimate_the_page_says_why() -> None:
    figures = BlockingFigures("company", 10, 0, 5, 1.0, (RULE,))
    page = blocking_page("demo", [(figures, None, "run match first", None)])
    assert "run match first" in page
    assert page.count("<svg") == 2
