"""The review page in headless Chromium: answered by keyboard, light and dark, and nothing that the policy forbids."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


class Chromium:
    """Drives one page through the browser's own debugging pipe."""

    def __init__(self, program: str, folder: Path) -> None:
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        flags = ["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"]
        flags += ["--no-sandbox", f"--user-data-dir={folder / 'profile'}", "--window-size=1200,1000", "about:blank"]
        shell = ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "bash", program, *flags]
        with (folder / "chromium.log").open("w") as log:
            self.process = subprocess.Popen(shell, pass_fds=(to_read, to_write), stdout=log, stderr=log, start_new_session=True)
        os.close(to_read)
        os.close(to_write)
        self._read, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Give a command and wait for its answer; events are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._read:
                piece = os.read(self._from, 1 << 20)
                assert piece, "the browser ended"
                self._read += piece
            line, _, self._read = self._read.partition(b"\0")
            got = json.loads(line)
            if got.get("id") == self._number:
                assert "error" not in got, got
                return dict(got["result"])
            self.events.append(got)

    def value(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + 20
        while not self.value(f"document.readyState === 'complete' && ({expression})"):
            assert time.monotonic() < deadline, (expression, self.value("document.body.innerText"))
            time.sleep(0.05)

    def open(self, url: str, expression: str = "true") -> None:
        """Open an address."""
        self.call("Page.navigate", url=url)
        self.until(f"location.href === {json.dumps(url)} && ({expression})")

    def type(self, text: str) -> None:
        """Press the keys of a text."""
        for letter in text:
            self.press(letter, text=letter)

    def press(self, key: str, **more: Any) -> None:
        """Press one key."""
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def picture(self, scheme: str, path: Path) -> bytes:
        """Return the whole page as PNG in a colour scheme, kept at the path."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))
        return path.read_bytes()

    def close(self) -> None:
        """End the browser."""
        os.close(self._to)
        os.close(self._from)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture()
def browser(tmp_path: Path) -> Iterator[Chromium]:
    """A browser, or a skipped test where none is installed."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None or shutil.which("bash") is None:
        pytest.skip(f"no browser found ({', '.join(PROGRAMS)}); Debian's package is chromium")
    started = Chromium(program, tmp_path)
    yield started
    started.close()


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
