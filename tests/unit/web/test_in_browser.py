"""The review page in headless Chromium: answered by keyboard, light and dark, and nothing that the policy forbids."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.chromium import Chromium


def test_an_item_is_answered_by_keyboard_and_the_page_is_light_and_dark(
    serve: Any, fake: Any, browser: Chromium, tmp_path: Path
) -> None:
    at = f"http://127.0.0.1:{serve().port}"
    pictures = Path(os.environ.get("ONEFOLD_PICTURES", tmp_path))
    browser.open(f"{at}/", "document.querySelectorAll('tbody tr').length === 4")
    shots = {scheme: browser.picture(scheme, pictures / f"queue-{scheme}.png") for scheme in ("light", "dark")}
    assert shots["light"] != shots["dark"]
    browser.press("o", text="o")
    browser.until("location.pathname === '/item/R0001'")
    assert browser.value("document.querySelector('td script, td img')") is None
    shots |= {f"item {s}": browser.picture(s, pictures / f"item-{s}.png") for s in ("light", "dark")}
    assert shots["item light"] != shots["item dark"]

    browser.press("d", text="d")  # different: the reason is asked for first
    browser.until("document.activeElement.id === 'reason'")
    browser.press("Enter", text="\r")
    assert browser.value("location.pathname") == "/item/R0001"
    browser.type("junior and senior")
    browser.picture("light", pictures / "answering-light.png")
    browser.press("Enter", text="\r")
    browser.until("location.pathname === '/item/R0002'")
    browser.picture("dark", pictures / "cluster-dark.png")
    browser.picture("light", pictures / "cluster-light.png")
    assert [(g.item.item_id, g.answer, g.reason) for g in fake.given] == [("R0001", "no_match", "junior and senior")]

    narrow = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.call("Emulation.setDeviceMetricsOverride", **narrow)
    browser.picture("light", pictures / "narrow-light.png")
    assert browser.value("document.documentElement.scrollWidth <= 390")
    browser.call("Emulation.clearDeviceMetricsOverride")
    browser.press("u", text="u")
    browser.until("location.pathname === '/item/R0003'")
    assert browser.value("document.querySelector('.notices').innerText.includes('R0002 answered: unsure.')")
    browser.press("q", text="q")
    browser.until("location.pathname === '/'")
    assert browser.value("[...document.querySelectorAll('tbody th')].map(e => e.textContent).join()") == "R0003,R0004"
    browser.press("g", text="g")
    browser.until("location.pathname === '/decisions'")
    browser.value("document.querySelector('details').open = true")
    browser.picture("light", pictures / "decisions-light.png")

    problems = [e for e in browser.events if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert problems == []


def test_labels_and_focus_serve_those_who_do_not_see(serve: Any, browser: Chromium) -> None:
    browser.open(f"http://127.0.0.1:{serve().port}/item/R0003", "document.querySelector('form.answer') !== null")
    browser.call("Accessibility.enable")
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    named = {(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n.get("ignored") and "role" in n}
    buttons = {name for role, name in named if role == "button"}
    assert {"Same s", "Different d", "Unsure u"} <= buttons
    assert any(role in ("textbox", "combobox") and name.startswith("Why, in a few words") for role, name in named)
    unnamed = {role for role, name in named if role in ("button", "link", "textbox", "image", "table", "checkbox") and not name}
    assert unnamed == set()
    browser.press("Tab")
    assert browser.value("document.activeElement.textContent") == "Skip to the content"
    assert browser.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"
