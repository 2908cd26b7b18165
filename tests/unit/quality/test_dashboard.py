"""The dashboard is one file that says what broke, where, whose it is and what it costs, to everybody who opens it."""

from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path

import pytest
from tests.chromium import Chromium
from tests.unit.quality.sample_dashboard import EMPTY, INCIDENTS, sample

from onefold.quality.dashboard import dashboard_page


@pytest.fixture(scope="module")
def page() -> str:
    return dashboard_page(sample())


def test_it_is_complete_in_itself(page: str) -> None:
    assert re.findall(r'(?:src|href)="(?!#|data:,)[^"]*"', page) == []
    assert "<script" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page
    assert len(page) < 400_000


def test_it_says_what_broke_where_whose_and_what_it_costs(page: str) -> None:
    row = page.partition("An e-mail address is written as one can be")[2].partition("</tr>")[0]
    for told in ("81.20 % pass, at least 92.35 %", ">web<", ">marketing-operations<", "4,218", "1,476 EUR"):
        assert told in row
    assert page.count("publication stopped") == 0
    stopped = dataclasses.replace(INCIDENTS[0], kind="assertion", severity="stops")
    assert "publication stopped" in dashboard_page(dataclasses.replace(sample(), incidents=(stopped,)))


def test_names_are_text_and_not_markup() -> None:
    told = dataclasses.replace(INCIDENTS[0], owner="<b>me</b>", message='"<script>alert(1)</script>')
    page = dashboard_page(dataclasses.replace(EMPTY, incidents=(told,)))
    assert "<script>" not in page
    assert "&lt;b&gt;me" in page


def test_a_first_day_without_history_is_a_page_too() -> None:
    page = dashboard_page(EMPTY)
    assert "A trend is drawn from the second day on." in page
    assert "Nothing yet: a history is judged from its seventh day on." in page
    calm = dataclasses.replace(sample(), incidents=())
    assert "Nothing: every measure is within what its history explains." in dashboard_page(calm)
    assert "No unit costs are configured" in page


def test_it_is_read_light_dark_printed_and_narrow(page: str, browser: Chromium, tmp_path: Path) -> None:
    file = tmp_path / "dashboard.html"
    file.write_text(page, encoding="utf-8")
    pictures = Path(os.environ.get("ONEFOLD_PICTURES", tmp_path))
    browser.open(file.as_uri(), "document.querySelectorAll('section').length === 10")
    shots = {scheme: browser.picture(scheme, pictures / f"dashboard-{scheme}.png") for scheme in ("light", "dark")}
    assert shots["light"] != shots["dark"]
    unreadable = browser.value(_UNREADABLE)
    assert unreadable == []
    browser.call("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.value("getComputedStyle(document.querySelector('nav')).display") == "none"
    browser.call("Emulation.setEmulatedMedia", media="screen", features=[{"name": "prefers-color-scheme", "value": "light"}])
    assert browser.value(_UNREADABLE) == []
    narrow = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.call("Emulation.setDeviceMetricsOverride", **narrow)
    assert browser.value("document.documentElement.scrollWidth <= 390")
    assert [e for e in browser.events if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")] == []


def test_it_is_used_by_keyboard_and_screen_reader(page: str, browser: Chromium, tmp_path: Path) -> None:
    file = tmp_path / "dashboard.html"
    file.write_text(page, encoding="utf-8")
    browser.open(file.as_uri())
    browser.call("Accessibility.enable")
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    named = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n.get("ignored") and "role" in n]
    roles = {role for role, _ in named}
    assert {"banner", "navigation", "main", "contentinfo", "region", "table", "image"} <= roles
    assert {role for role, name in named if role in ("table", "image", "region", "navigation", "link") and not name} == set()
    assert ("heading", "What broke") in named
    assert any(role == "cell" and name == "down 0.3 pt" for role, name in named)
    browser.press("Tab")
    assert browser.value("document.activeElement.textContent") == "Skip to the content"
    assert browser.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    reached = browser.value("[...document.querySelectorAll('.scroll')].every(e => e.tabIndex === 0)")
    assert reached


# Texts whose contrast with what lies behind them is under 4.5 to 1.
_UNREADABLE = """
(() => {
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  const parse = s => s.match(/[\\d.]+/g).map(Number);
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c.slice(0, 3) } return [255, 255, 255] };
  const found = new Set();
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    if (e.closest('svg, .unseen') || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const a = light(parse(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.add(e.className + ' ' + e.tagName + ' ' + ratio.toFixed(2));
  }
  return [...found];
})()
"""
