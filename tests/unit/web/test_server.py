"""The server ends when it is told to, and what was answered is recorded first."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from onefold.web.desk import Desk
from onefold.web.gate import Gate
from onefold.web.server import Address, serve_site
from onefold.web.site import Site


def test_told_to_end_it_finishes_what_was_answered(fake: Any) -> None:
    desk = Desk(fake)
    first = desk.items()[0]
    fake.gate.clear()
    assert desk.answer(first, "match", "seen", "ann")
    address, before = Address(port=0), signal.getsignal(signal.SIGTERM)
    with address.listen() as listening:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        threading.Timer(0.6, fake.gate.set).start()
        serve_site(Site(desk, Gate(None, "ann"), lambda: None), address, listening, lambda: None)  # type: ignore[arg-type]
    assert [g.item for g in fake.given] == [first]
    assert signal.getsignal(signal.SIGTERM) is before
