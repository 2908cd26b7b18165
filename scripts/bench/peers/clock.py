"""The clock of one engine's process: it starts with the process itself, imports and all, and says when counting ends."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

__all__ = ["DONE", "Clock"]

DONE = "CLOCK "
_TICKS = os.sysconf("SC_CLK_TCK")


class Clock:
    """Seconds of each step since this process was started."""

    def __init__(self) -> None:
        started = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / _TICKS
        age = float(Path("/proc/uptime").read_text().split()[0]) - started
        self._began = self._last = time.monotonic() - age
        self._laps: dict[str, float] = {}

    def elapsed(self) -> float:
        """Return the seconds since the process was started."""
        return time.monotonic() - self._began

    def lap(self, name: str) -> None:
        """Note the seconds since the last lap under a name."""
        now = time.monotonic()
        self._laps[name], self._last = round(self._laps.get(name, 0.0) + now - self._last, 2), now

    def put(self, name: str, seconds: float) -> None:
        """Note seconds that were measured elsewhere."""
        self._laps[name], self._last = round(seconds, 2), time.monotonic()

    def done(self) -> None:
        """Print the laps and the total as the one line that the parent waits for: what follows is not counted."""
        print(DONE + json.dumps({**self._laps, "total": round(self.elapsed(), 2)}), flush=True)
