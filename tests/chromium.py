"""A headless Chromium for tests, driven through its debugging pipe with the standard library."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

__all__ = ["PROGRAMS", "Chromium"]

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
