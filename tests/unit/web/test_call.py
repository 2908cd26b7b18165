"""Whatever a value holds, a page has the same elements: it is text, in the page and in attributes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.web.call import Call, page_of
from onefold.web.gate import Session

HARD = st.sampled_from(["</title><script>", '" onfocus="x', "' autofocus='", "&lt;b>", "{{ 7*7 }}", "-->", "</main>"])


class _Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


def _elements(value: str) -> list[tuple[str, tuple[str, ...]]]:
    call = Call(Session(value, "key", value, 0.0, 0.0))
    row = dict.fromkeys(("decision", "kind", "records", "attribute", "value", "policy", "reason", "by", "at", "expires"), value)
    listed = page_of(
        "decisions.html", call, decisions=[row | {"state": "in force"}], count=1, number=1, pages=1, longest=9, logout=True
    )
    told = page_of("message.html", call, title=value, text=value)
    return _Elements(bytes(listed.body).decode() + bytes(told.body).decode()).found


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(min_size=1), st.lists(HARD, min_size=1).map("".join)))
def test_values_add_no_element_and_no_attribute(value: str) -> None:
    assert _elements(value) == _elements("Kathi Meier")


def test_a_page_number_is_a_small_number() -> None:
    for text, number in (("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("9" * 9, 1), ("²", 1)):
        assert Call(None, query={"page": text}).page_number() == number
