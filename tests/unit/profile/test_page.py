"""The page of a profile: every column reachable, nothing fetched, no script, values escaped."""

from __future__ import annotations

from typing import Any

from onefold.profile.page import profile_page
from onefold.profile.report import Counted, Personal


def test_values_are_escaped_and_nothing_is_fetched(column: Any, table: Any) -> None:
    text = profile_page([table(column())])
    assert "&lt;b&gt;12&lt;/b&gt;" in text and "<b>12" not in text
    assert "<script" not in text and "http-equiv" in text
    assert "src=" not in text and 'href="http' not in text and "url(" not in text
    assert "#0101" not in text  # every placeholder colour was exchanged for the page's own
    assert "<a href='#t0c0'>zip</a>" in text and "id='t0c0'" in text


def test_hidden_values_stay_hidden(column: Any, table: Any) -> None:
    secret = column(values=(Counted(None, 20, 0.2),), shows_values=False, personal=Personal("postcode", "personal", 0.9, "name"))
    text = profile_page([table(secret)])
    assert "value 1, not shown" in text and "None" not in text


def test_several_tables_are_one_page(column: Any, table: Any) -> None:
    text = profile_page([table(column()), table(column(years=(Counted("1999", 3, 0.5), Counted("9999", 1, 0.2)), quantiles=()))])
    assert text.count("<section") == 4 and "id='t1c0'" in text
